import { expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../house.ts'
import { openSink } from './webhook-sink.ts'

async function subscribe(house: TestHouse, url: string, wish: object = {}) {
  const made = await house.native.post('/webhooks', { url, ...wish })
  expect(made.status, made.text).toBe(201)
  return made.body as { id: string; secret: string }
}

test('what happens is told, in order, each thing once', async () => {
  await using sink = await openSink()
  await using house = await openHouse({ env: { PARLEY_FETCH_ALLOW: sink.place } })
  await subscribe(house, sink.url())
  const conversation = house.fixture.conversations[0]!
  for (const text of ['one', 'two', 'three'])
    expect((await house.native.post(`/conversations/conv_${conversation.id.replaceAll('-', '')}/messages`, { text })).status).toBe(201)
  await house.settle()
  expect(sink.received.map(({ body }) => body.type)).toEqual([])
})
