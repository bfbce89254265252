import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../house.ts'
import { visit, webchatOf, type TestVisitor } from '../visitor/visitor-desk.ts'
import { connect, listen, type TestLine } from './wire.ts'

async function open(house: TestHouse, visitor: TestVisitor, after = 0): Promise<TestLine> {
  const { widgetKey } = webchatOf(house)
  const protocols = ['parley.visitor.v1', `token.${visitor.token}`]
  const line = await connect(await listen(house.composed), `/visitor/v1/socket?widget=${widgetKey}`, {
    protocols,
  })
  line.send({ type: 'hello', after })
  await line.find(({ type }) => type === 'ready' || type === 'reset')
  return line
}

test('a visitor writes, is answered, and both see it at once', async () => {
  await using house = await openHouse()
  const visitor = await visit(house)
  const line = await open(house, visitor)
  expect(line.ws.protocol).toBe('parley.visitor.v1')
  const id = randomUUID()
  line.send({ type: 'send', id, text: 'Is it open today?' })
  const ack = await line.first('ack')
  expect(ack).toMatchObject({ id, seq: 1, message: { text: 'Is it open today?' } })
  expect(await line.first('message')).toMatchObject({ after: 0, seq: 1, message: { id } })
  const { conversationId } = (await line.find(({ type, state }) => type === 'state' && state.lastSeq === 1))
    .state
  const said = await house.native.post(`/conversations/${conversationId}/messages`, { text: 'Until six.' })
  expect(said.status, said.text).toBe(201)
  const told = await line.find(({ message, type }) => type === 'message' && message.text === 'Until six.')
  expect(told).toMatchObject({ after: 1, seq: 2, message: { author: { kind: 'operator' } } })
  line.end()
})
