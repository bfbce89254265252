import { expect, test } from 'vitest'
import { presentPage, readListCursor, writeListCursor } from './list-cursor.ts'

const OURS = { accountId: '0198c0de-0000-7000-8000-000000000001', list: 'things' }
const KINDS = ['integer', 'text'] as const
const KEY = [1_772_442_000_123, '0198c0de-0000-7000-8000-00000000000a']
const refusal = expect.objectContaining({
  code: 'invalid',
  details: expect.objectContaining({ field: 'cursor' }),
})

test('a cursor is read as it was written, by its own account and list', () => {
  const cursor = writeListCursor(OURS, KEY)
  expect(cursor).toMatch(/^[\w-]+$/)
  expect(readListCursor(OURS, KINDS, cursor)).toEqual(KEY)
  expect(readListCursor(OURS, KINDS, undefined)).toBeNull()
  const others = [
    { ...OURS, list: 'others' },
    { ...OURS, accountId: '0198c0de-0000-7000-8000-000000000002' },
  ]
  for (const other of others) expect(() => readListCursor(other, KINDS, cursor)).toThrow(refusal)
})

test('every letter counts, and so do the kinds of values', () => {
  const cursor = writeListCursor(OURS, KEY)
  for (let at = 0; at < cursor.length; at += 1)
    for (const letter of ['A', 'z', '_', '=', ' '])
      if (cursor[at] !== letter)
        expect(() =>
          readListCursor(OURS, KINDS, cursor.slice(0, at) + letter + cursor.slice(at + 1)),
        ).toThrow(refusal)
  for (const wrong of ['', 'x', `${cursor}A`, ` ${cursor}`, cursor.slice(0, -1)])
    expect(() => readListCursor(OURS, KINDS, wrong)).toThrow(refusal)
  for (const key of [[], [1], ['1', 'a'], [1, 2], [1.5, 'a'], [1, 'a', 'b']])
    expect(() => readListCursor(OURS, KINDS, writeListCursor(OURS, key))).toThrow(refusal)
})

test('the last page says that it is', () => {
  const present = { item: (row: number) => row * 10, cursor: (row: number) => `after ${row}` }
  expect(presentPage([1, 2, 3], 2, present)).toEqual({ items: [10, 20], nextCursor: 'after 2' })
  expect(presentPage([1, 2], 2, present)).toEqual({ items: [10, 20], nextCursor: null })
  expect(presentPage([], 2, present)).toEqual({ items: [], nextCursor: null })
})
