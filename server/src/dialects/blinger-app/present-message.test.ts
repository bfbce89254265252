import { expect, test } from 'vitest'
import type { Message } from '../../domain/message.ts'
import { presentMessageRow, wireText } from './present-message.ts'

const at = new Date('2026-01-05T10:00:00.500Z')
const base: Message = {
  id: '019b8d5c-0000-7000-8000-000000000001',
  number: 41,
  accountId: '',
  conversationId: '',
  channelId: '',
  seq: 1,
  kind: 'text',
  direction: 'outbound',
  author: { kind: 'operator', id: null },
  authorNumber: 3,
  text: 'Good morning',
  attachment: null,
  details: null,
  status: 'pending',
  error: null,
  reviewId: null,
  clientId: null,
  providerMessageId: null,
  dispatchNumber: null,
  isEcho: false,
  isEchoOutgoing: false,
  isHistory: false,
  sendToCrm: true,
  metadata: {},
  micros: 0,
  occurredAt: at,
  createdAt: at,
  updatedAt: at,
  sentAt: null,
  deliveredAt: null,
  readAt: null,
}
const file: NonNullable<Message['attachment']> = {
  id: '019b8d5c-0000-7000-8000-000000000002',
  number: 5,
  accountId: '',
  conversationId: null,
  messageId: null,
  path: '/aa/bb/cc/dd.pdf',
  digest: '',
  size: 1,
  mimeType: 'application/pdf',
  ext: 'pdf',
  kind: 'file',
  width: null,
  height: null,
  originalName: null,
  createdAt: at,
  updatedAt: at,
}

test.each<[string, Partial<Message>, string, string]>([
  ['text', {}, 'text', 'Good morning'],
  ['an image', { kind: 'image', attachment: file }, 'image', 'https://chat.example/aa/bb/cc/dd.pdf'],
  ['a video', { kind: 'video', attachment: file }, 'file', 'https://chat.example/aa/bb/cc/dd.pdf'],
  [
    'a place',
    { kind: 'location', text: '', details: { latitude: 59.9, longitude: 10.7 } },
    'text',
    '59.9, 10.7',
  ],
  [
    'a named place',
    { kind: 'location', text: 'x', details: { latitude: 1, longitude: 2, name: 'Pier', address: 'Quay 4' } },
    'text',
    '1, 2 Pier Quay 4',
  ],
  ['buttons', { kind: 'buttons', details: { buttons: [] } }, 'text', 'Good morning'],
  ['a template', { kind: 'template', details: {} }, 'text', 'Good morning'],
  ['a review', { kind: 'review' }, 'text', 'Good morning'],
])('%s', (_name, change, type, text) => {
  const row = presentMessageRow({ ...base, ...change }, 'https://chat.example')
  expect(row).toEqual({ id: 41, message: text, type, date_created: 1767607200, operator_id: 3 })
})

test('only operators are named', () => {
  const row = presentMessageRow({ ...base, author: { kind: 'bot', id: null }, authorNumber: null }, '')
  expect(row).not.toHaveProperty('operator_id')
  expect(wireText(base, '')).toBe('Good morning')
})
