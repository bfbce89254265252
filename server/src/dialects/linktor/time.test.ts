import { describe, expect, test } from 'vitest'
import { readTime, writeTime } from './time.ts'

const read = (text: string) => {
  const moment = readTime(text)
  return moment && [moment.at.toISOString(), moment.until.getTime() - moment.at.getTime()]
}

describe('times', () => {
  test('are written to the second', () => {
    expect(writeTime(new Date('2026-03-02T09:00:00.999Z'))).toBe('2026-03-02T09:00:00Z')
  })

  test('are read as precisely as they were written', () => {
    expect(read('2026-03-02')).toEqual(['2026-03-02T00:00:00.000Z', 86_400_000])
    expect(read('2026-03-02T09:30')).toEqual(['2026-03-02T09:30:00.000Z', 60_000])
    expect(read('2026-03-02T09:30:15Z')).toEqual(['2026-03-02T09:30:15.000Z', 1000])
    expect(read('2026-03-02T09:30:15.250Z')).toEqual(['2026-03-02T09:30:15.250Z', 1])
    expect(read('2024-02-29')?.[0]).toBe('2024-02-29T00:00:00.000Z')
  })

  test('in any zone; a plus may have become a blank', () => {
    expect(read('2026-03-02T09:30:00+02:00')?.[0]).toBe('2026-03-02T07:30:00.000Z')
    expect(read('2026-03-02T09:30:00 02:00')?.[0]).toBe('2026-03-02T07:30:00.000Z')
    expect(read('2026-03-02T09:30:00-05:30')?.[0]).toBe('2026-03-02T15:00:00.000Z')
    expect(read('2026-03-02T09:30:00')?.[0]).toBe('2026-03-02T09:30:00.000Z')
  })

  test('or not at all', () => {
    for (const odd of [
      '',
      'now',
      '2026',
      '2026-03',
      '2026-02-30',
      '2025-02-29',
      '2026-13-01',
      '2026-3-2',
      '2026-03-02T25:00:00Z',
      '2026-03-02T09:61:00Z',
      '2026-03-02Z',
      '+002026-03-02',
      '1767225600',
      'Mon, 02 Mar 2026 09:00:00 GMT',
      `2026-03-02T09:00:00.${'1'.repeat(5000)}Z`,
    ])
      expect(readTime(odd), odd).toBeNull()
  })
})
