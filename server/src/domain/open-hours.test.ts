import { expect, test } from 'vitest'
import { isTimeZone, openState } from './open-hours.ts'

const weekdays = [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '18:00' }))
const oslo = { timeZone: 'Europe/Oslo', days: weekdays }

test.each([
  ['in the middle of a day', '2026-11-23T12:00:00Z', true, null],
  ['at the minute it opens', '2026-11-23T08:00:00Z', true, null],
  ['a minute before', '2026-11-23T07:59:30Z', false, '2026-11-23T08:00:00.000Z'],
  ['at the minute it closes', '2026-11-23T17:00:00Z', false, '2026-11-24T08:00:00.000Z'],
  ['over the weekend', '2026-11-20T17:30:00Z', false, '2026-11-23T08:00:00.000Z'],
  // Clocks go back on 25 October: Monday begins an hour later in UTC.
  ['over a change of clocks', '2026-10-23T17:30:00Z', false, '2026-10-26T08:00:00.000Z'],
  ['over the other one', '2026-03-27T18:00:00Z', false, '2026-03-30T07:00:00.000Z'],
])('open hours: %s', (_name, at, isOpen, opensAt) => {
  const state = openState(oslo, new Date(at))
  expect({ isOpen: state.isOpen, opensAt: state.opensAt?.toISOString() ?? null }).toEqual({ isOpen, opensAt })
})

test('a day to its end, two spans a day, and none at all', () => {
  const late = { timeZone: 'UTC', days: [{ day: 6, from: '20:00', to: '24:00' }] }
  expect(openState(late, new Date('2026-11-21T23:59:59Z')).isOpen).toBe(true)
  const split = {
    timeZone: 'UTC',
    days: [
      { day: 6, from: '09:00', to: '12:00' },
      { day: 6, from: '13:00', to: '18:00' },
    ],
  }
  expect(openState(split, new Date('2026-11-21T12:30:00Z')).opensAt?.toISOString()).toBe(
    '2026-11-21T13:00:00.000Z',
  )
  expect(openState({ timeZone: 'UTC', days: [] }, new Date())).toEqual({ isOpen: false, opensAt: null })
})

test('names of time zones', () => {
  expect(['Europe/Oslo', 'UTC', 'Mars/Base', ''].map(isTimeZone)).toEqual([true, true, false, false])
})
