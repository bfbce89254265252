import { expect, test, vi } from 'vitest'
import { createPace } from './pace.ts'

test('without load everything may begin; while many messages are sent, a few in a slice', () => {
  vi.useFakeTimers()
  let at = 0
  const pace = createPace(() => at)
  const askAgain = vi.fn<() => void>()
  const begin = (count: number) =>
    Array.from({ length: count }, () => pace.mayBegin(askAgain)).filter(Boolean).length
  expect(begin(100)).toBe(100)
  pace.note(2)
  expect(begin(100)).toBe(100)
  pace.note(64)
  expect(begin(100)).toBe(4)
  expect(askAgain).not.toHaveBeenCalled()
  vi.advanceTimersByTime(10)
  expect(askAgain).toHaveBeenCalledTimes(1)
  expect(begin(100)).toBe(4)
  at += 251
  expect(begin(100)).toBe(100)
  vi.useRealTimers()
})
