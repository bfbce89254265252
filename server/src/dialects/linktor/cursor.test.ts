import { assert, nat, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { readCursor, writeCursor } from './cursor.ts'

test('a cursor is read back, and nothing else is a cursor', () => {
  assert(
    property(nat(), (seq) => {
      expect(readCursor(writeCursor(seq))).toBe(seq)
    }),
  )
  assert(
    property(string(), (odd) => {
      expect(readCursor(odd)).toBeNull()
    }),
  )
  const forged = (json: string) => readCursor(Buffer.from(json).toString('base64url'))
  for (const odd of [
    '{"seq":-1}',
    '{"seq":2147483648}',
    '{"seq":01}',
    '{"seq":1,"a":2}',
    '{"seq":1} ',
    'null',
  ])
    expect(forged(odd), odd).toBeNull()
})
