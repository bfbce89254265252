import { expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../house.ts'
import { connect, listen, type LineOptions, type TestLine } from './wire.ts'

const SOCKET = '/parley/v1/socket'

const bearer = (token: string): LineOptions => ({ headers: { authorization: `Bearer ${token}` } })

async function greet(
  house: TestHouse,
  hello: object = {},
  token = house.fixture.tokens.native,
): Promise<TestLine> {
  const line = await connect(await listen(house.composed), SOCKET, bearer(token))
  line.send({ type: 'hello', ...hello })
  await line.first('ready')
  return line
}

const speak = (house: TestHouse, from: string, text = 'Hello') =>
  house.native.post('/sandbox/messages', {
    channelId: house.fixture.channels.find(({ kind }) => kind === 'telegram')!.id,
    ...{ from, text },
  })

test('an operator is told what happens, as it happens', async () => {
  await using house = await openHouse()
  const line = await greet(house)
  const said = await speak(house, 'maja', 'Is it open today?')
  expect(said.status).toBe(201)
  const told = await line.find(({ event }) => event?.type === 'message.received')
  expect(told.message.text).toBe('Is it open today?')
  expect(told.conversation.id).toBe(said.body.conversationId)
  const page = await house.native.get('/events', { after: told.cursor })
  expect(page.body.events).toEqual([])
  const counters = await line.first('counters')
  expect(counters.unassigned).toBeGreaterThan(0)
  line.end()
})
