import { expect, test } from 'vitest'
import { readIdempotencyKey } from './idempotency-key.ts'

/** A text as it stands in a header: one character per byte of its UTF-8. */
const onTheWire = (text: string) => Buffer.from(text).toString('latin1')

test.each([
  ['8e03978e-40d5-43e8-bc93-6894a57f9324', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
  ['  a  ', 'a'],
  ['"quoted"', '"quoted"'],
  ['a, b', 'a, b'],
  [onTheWire('заказ-7'), 'заказ-7'],
  [onTheWire('📦'), '📦'],
  ['заказ-7', 'заказ-7'],
  ['caf\u00e9', 'caf\u00e9'],
  ['x'.repeat(255), 'x'.repeat(255)],
  [onTheWire('ж'.repeat(255)), 'ж'.repeat(255)],
  [onTheWire('📦'.repeat(255)), '📦'.repeat(255)],
])('%j is a key', (header, key) => {
  expect(readIdempotencyKey(header)).toBe(key)
})

test.each([
  '',
  ' ',
  '\t',
  '\u00a0',
  'a\tb',
  'a\u0000b',
  'a\u007fb',
  onTheWire('a\u0085b'),
  'x'.repeat(256),
  onTheWire('ж'.repeat(256)),
])('%j is none', (header) => {
  expect(readIdempotencyKey(header)).toBeNull()
})
