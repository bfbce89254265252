import { expect, test } from 'vitest'
import { BEGINNING, oldestPosition, whyReset } from './event-log.ts'

const AT = new Date('2026-03-02T09:00:00.000Z')
const LATER = new Date('2026-03-02T09:00:00.001Z')
const position = { epoch: 'one', transactionId: 10, id: 100, writtenAt: AT }
const log = { epoch: 'one', keptAfter: BEGINNING, writtenAt: AT }

test('a reader goes on when the event it stopped at is there, or was the last to be deleted', () => {
  expect(whyReset(position, log)).toBeNull()
  expect(
    whyReset(position, { ...log, keptAfter: { transactionId: 10, id: 100 }, writtenAt: null }),
  ).toBeNull()
  expect(whyReset(oldestPosition(log), { ...log, writtenAt: null })).toBeNull()
})

test('events after the position were deleted', () => {
  for (const keptAfter of [
    { transactionId: 10, id: 101 },
    { transactionId: 11, id: 1 },
  ]) {
    expect(whyReset(position, { ...log, keptAfter })).toBe('expired')
    expect(whyReset(oldestPosition(log), { ...log, keptAfter, writtenAt: null })).toBe('expired')
  }
})

test('the database is another one, or another state of it', () => {
  expect(whyReset(position, { ...log, epoch: 'two' })).toBe('restored')
  expect(whyReset(position, { ...log, writtenAt: null })).toBe('restored')
  expect(whyReset(position, { ...log, writtenAt: LATER })).toBe('restored')
  expect(whyReset({ ...position, writtenAt: null }, log)).toBe('restored')
  expect(whyReset({ ...position, writtenAt: null }, { ...log, writtenAt: null })).toBe('restored')
})
