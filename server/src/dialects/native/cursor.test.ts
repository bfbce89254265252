import { expect, test } from 'vitest'
import { readCursor, writeCursor } from './cursor.ts'

const ACCOUNT = '0198c0de-0000-7000-8000-000000000001'
const OTHER = '0198c0de-0000-7000-8000-000000000002'
const POSITION = {
  epoch: '7f15a8cb-b400-4e6a-9bf4-14b7c725dc65',
  transactionId: 819,
  id: 400_000,
  writtenAt: new Date('2026-03-02T09:00:00.123Z'),
}

test('a cursor is read as it was written, by its own account', () => {
  for (const position of [
    POSITION,
    { ...POSITION, writtenAt: null, transactionId: 0, id: 0 },
    { ...POSITION, transactionId: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER },
  ]) {
    const cursor = writeCursor(ACCOUNT, position)
    expect(cursor).toMatch(/^[\w-]{84}$/)
    expect(readCursor(ACCOUNT, cursor)).toEqual(position)
    expect(readCursor(OTHER, cursor)).toBeNull()
  }
})

test('every letter counts', () => {
  const cursor = writeCursor(ACCOUNT, POSITION)
  for (let at = 0; at < cursor.length; at += 1)
    for (const letter of ['A', 'B', 'z', '_', '-', '=', ' '])
      if (cursor[at] !== letter)
        expect(readCursor(ACCOUNT, cursor.slice(0, at) + letter + cursor.slice(at + 1))).toBeNull()
  for (let length = 0; length < cursor.length; length += 1)
    expect(readCursor(ACCOUNT, cursor.slice(0, length))).toBeNull()
  for (const longer of [`${cursor}A`, `${cursor}=`, ` ${cursor}`, cursor + cursor])
    expect(readCursor(ACCOUNT, longer)).toBeNull()
})

test('numbers that no database of ours has are refused', () => {
  for (const wrong of [
    { transactionId: 2 ** 60 },
    { id: 2 ** 60 },
    { writtenAt: { getTime: () => 2 ** 60 } as Date },
  ])
    expect(readCursor(ACCOUNT, writeCursor(ACCOUNT, { ...POSITION, ...wrong }))).toBeNull()
})
