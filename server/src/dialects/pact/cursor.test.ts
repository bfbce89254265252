import { assert, boolean, maxSafeNat, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { createCursors } from './cursor.ts'

const cursors = createCursors(Buffer.alloc(32, 1))

test('a token says its place, after a restart too, and is short', () => {
  assert(
    property(maxSafeNat(), boolean(), (after, isRising) => {
      const place = { after, order: isRising ? ('asc' as const) : ('desc' as const) }
      const token = cursors.write('channels:1', place)
      expect(token).toMatch(/^[\w-]{1,60}$/)
      expect(createCursors(Buffer.alloc(32, 1)).read('channels:1', token)).toEqual(place)
      expect(cursors.read('channels:2', token)).toBeNull()
      expect(createCursors(Buffer.alloc(32, 2)).read('channels:1', token)).toBeNull()
    }),
  )
})

test('nothing else is a token', () => {
  assert(property(string({ unit: 'binary' }), (text) => cursors.read('channels:1', text) === null))
  const token = cursors.write('channels:1', { after: 5, order: 'asc' })
  const opened = Buffer.from(token, 'base64url').toString()
  const forged = Buffer.from(opened.replace('a5', 'a6')).toString('base64url')
  expect(cursors.read('channels:1', forged)).toBeNull()
})
