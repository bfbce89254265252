import { expect, test } from 'vitest'
import { createRateLimiter } from './rate-limiter.ts'

const RULE = { limit: 5, windowMs: 60_000 }
const START = Date.parse('2026-03-01T12:00:00.000Z')

function limiterAt(mostKeys?: number) {
  const time = { at: START }
  const limiter = createRateLimiter({ clock: () => new Date(time.at), mostKeys })
  const taken = (key: string, times: number, rule = RULE) =>
    Array.from({ length: times }, () => limiter.take(key, rule)).filter(({ isAllowed }) => isAllowed).length
  return { limiter, taken, time }
}

test('allows the limit, then nothing until it is said to', () => {
  const { limiter, taken, time } = limiterAt()
  expect(limiter.take('a', RULE)).toEqual({
    isAllowed: true,
    limit: 5,
    remaining: 4,
    resetAt: new Date(START + 65_000),
    retryAfter: 0,
  })
  expect(taken('a', 100)).toBe(4)
  const refused = limiter.take('a', RULE)
  expect(refused).toMatchObject({ isAllowed: false, remaining: 0, retryAfter: 65 })
  time.at += refused.retryAfter * 1000 - 1
  expect(taken('a', 1)).toBe(0)
  time.at += 1
  expect(taken('a', 100)).toBe(5)
})

test('keys do not touch each other', () => {
  const { taken } = limiterAt()
  expect(taken('a', 100)).toBe(5)
  expect(taken('b', 100)).toBe(5)
})

test('no stretch of a window’s length sees more than the limit, wherever it begins', () => {
  const { limiter, time } = limiterAt()
  const rule = { limit: 20, windowMs: 60_000 }
  const allowed: number[] = []
  // A tenth of a second apart, with pauses of odd lengths.
  for (let step = 0; step < 8000; step += 1) {
    if (limiter.take('a', rule).isAllowed) allowed.push(time.at)
    time.at += step % 977 === 0 ? 13_337 : 100
  }
  const crowds = allowed.map((from) => allowed.filter((at) => at >= from && at < from + 60_000).length)
  expect(Math.max(...crowds)).toBe(20)
  expect(allowed.length).toBeGreaterThan(200)
})

test('looking does not count, and forgetting begins anew', () => {
  const { limiter, taken } = limiterAt()
  for (let times = 0; times < 10; times += 1) expect(limiter.look('a', RULE).remaining).toBe(5)
  taken('a', 5)
  expect(limiter.look('a', RULE)).toMatchObject({ isAllowed: false, remaining: 0, retryAfter: 65 })
  limiter.forget('a')
  expect(taken('a', 9)).toBe(5)
})

test('a limit that was lowered waits for enough to pass', () => {
  const { limiter, taken, time } = limiterAt()
  taken('a', 3)
  time.at += 30_000
  taken('a', 2)
  expect(limiter.take('a', { ...RULE, limit: 2 })).toMatchObject({ isAllowed: false, retryAfter: 65 })
  expect(limiter.take('a', { ...RULE, limit: 3 })).toMatchObject({ isAllowed: false, retryAfter: 35 })
})

test('a clock set back locks nobody out', () => {
  const { taken, time } = limiterAt()
  expect(taken('a', 9)).toBe(5)
  time.at -= 7_200_000
  expect(taken('a', 9)).toBe(5)
})

test('the number of keys is bounded: the longest quiet one goes', () => {
  const { taken } = limiterAt(3)
  for (const key of ['a', 'b', 'c']) taken(key, 5)
  taken('b', 1)
  taken('d', 5)
  expect(taken('c', 9)).toBe(0)
  expect(taken('d', 9)).toBe(0)
  expect(taken('a', 9)).toBe(5)
})
