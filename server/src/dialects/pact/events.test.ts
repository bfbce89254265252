import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import type { Telling } from '../../application/ports/webhook-dialect.ts'
import type { DomainEvent } from '../../domain/events.ts'
import { pactSpeech } from './events.ts'

const at = new Date('2026-01-05T10:00:00.500Z')
const account = {
  ...{ id: 'a', number: 1, name: 'Books', phone: null, description: null, ownerId: 'o', ownerNumber: 2 },
  ...{ createdAt: at, updatedAt: at },
}
const telling = (event: DomainEvent): Telling => ({
  recorded: { id: 1, transactionId: 1, event, isSilent: false, occurredAt: at },
  ...{ account, view: null, message: null, isFirstMessage: false, episodeMessages: [] },
  ...{ contact: null, channel: null, bot: null, operators: new Map(), origin: 'https://chat.example' },
})

const by = { kind: 'system', id: null, name: 'test' } as const
const conversationId = 'c'

test.each<DomainEvent>([
  { type: 'conversation.closed', conversationId, episodeId: 'e', by, assignee: null },
  {
    type: 'message.received',
    conversationId,
    messageId: 'm',
    seq: 1,
    kind: 'text',
    direction: 'inbound',
    author: 'contact',
  },
  { type: 'message.advanced', conversationId, messageId: 'm', status: 'failed', error: 'no' },
  { type: 'channel.updated', channelId: 'x', changed: ['status'], status: 'active' },
  { type: 'contact.updated', contactId: 'x', changed: ['name'] },
  { type: 'token.created', tokenId: 'x' },
  { type: 'galaxy.found' } as unknown as DomainEvent,
])('nothing is told of $type when what it is about is gone', (event) => {
  expect(pactSpeech.render(telling(event))).toEqual([])
})

test('the test is a body of its own', () => {
  const { body } = pactSpeech.test({ id: 'w' }, { eventKey: 'test_1', at, account })
  expect(JSON.stringify(body)).toBe('{"source":"pact.im","operation":"test"}')
})

test('without a signature a delivery is named, with one it is proven', () => {
  const secrets = [`whsec_${Buffer.alloc(32, 7).toString('base64')}`] as const
  const signing = { secrets, timestamp: Math.floor(Date.now() / 1000), deliveryId: 'd', eventKey: 'evt_42' }
  const said = { ...signing, event: 'x', body: '{"a":1}' }
  const named = pactSpeech.sign({ ...said, signature: 'none' })
  expect(named).toEqual({ 'webhook-id': 'evt_42', 'webhook-timestamp': String(signing.timestamp) })
  const proven = pactSpeech.sign({ ...said, signature: 'standard' })
  expect(new Webhook(secrets[0]).verify(said.body, proven)).toEqual({ a: 1 })
  expect(() => new Webhook(secrets[0]).verify('{"a":2}', proven)).toThrow()
})
