import { afterEach, expect, test, vi } from 'vitest'
import { isUuid, newId } from './ids.ts'

afterEach(() => vi.useRealTimers())

test('is a version 7 UUID of this moment', () => {
  const before = Date.now()
  const id = newId()
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(isUuid(id)).toBe(true)
  const time = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
  expect(time).toBeGreaterThanOrEqual(before - 1)
  expect(time).toBeLessThanOrEqual(Date.now() + 1000)
})

test('ids grow strictly, in a standing clock and one that is set back too', () => {
  vi.useFakeTimers({ now: Date.now() + 5000 })
  const ids = Array.from({ length: 20_000 }, newId)
  vi.setSystemTime(Date.now() - 3_600_000)
  ids.push(...Array.from({ length: 1000 }, newId))
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(ids)
})

test.each(['', 'x', '018f3c1e-0000-7000-8000-00000000000', '018f3c1e000070008000000000000000', 'null'])(
  '%j is no UUID',
  (text) => expect(isUuid(text)).toBe(false),
)
