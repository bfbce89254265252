import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWatches } from './watches.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => vi.useRealTimers())

const never = () => new AbortController().signal

/** What a promise has come to, without waiting for it. */
async function stateOf(promise: Promise<boolean>): Promise<boolean | 'waiting'> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
  return Promise.race([promise, Promise.resolve('waiting' as const)])
}

test('a wake-up of its key wakes a watch, another key’s does not, and everybody’s does', async () => {
  const watches = createWatches()
  using watch = watches.open('a', { waitMs: 60_000, signal: never() })
  const first = watch.next(false)
  watches.wake(['b'])
  expect(await stateOf(first)).toBe('waiting')
  watches.wake(['b', 'a'])
  expect(await stateOf(first)).toBe(true)
  const second = watch.next(false)
  watches.wake(null)
  expect(await stateOf(second)).toBe(true)
})

test('a wake-up between looking and waiting is not lost', async () => {
  const watches = createWatches()
  using watch = watches.open('a', { waitMs: 60_000, signal: never() })
  watches.wake(['a'])
  expect(await stateOf(watch.next(false))).toBe(true)
  expect(await stateOf(watch.next(false))).toBe('waiting')
})

test('without any wake-up there is a look every five seconds, and none when the time is up', async () => {
  const watches = createWatches()
  using watch = watches.open('a', { waitMs: 12_000, signal: never() })
  const looks: number[] = []
  const waiting = (async () => {
    while (await watch.next(false)) looks.push(performance.now())
  })()
  const begun = performance.now()
  await vi.advanceTimersByTimeAsync(12_000)
  await waiting
  expect(looks.map((at) => Math.round(at - begun))).toEqual([5000, 10_000])
})

test('what is held back is looked at soon and less and less often, whoever wakes', async () => {
  const watches = createWatches()
  using watch = watches.open('a', { waitMs: 2000, signal: never() })
  const looks: number[] = []
  const begun = performance.now()
  const waiting = (async () => {
    while (await watch.next(true)) looks.push(Math.round(performance.now() - begun))
  })()
  for (let ms = 0; ms < 2000; ms += 1) {
    watches.wake(['a'])
    await vi.advanceTimersByTimeAsync(1)
  }
  await waiting
  expect(looks).toEqual([10, 30, 70, 150, 310, 630, 1130, 1630, 2000])
})

test('an abort ends the waiting at once, and so does closing; nothing is left behind', async () => {
  const watches = createWatches()
  const abort = new AbortController()
  {
    using aborted = watches.open('a', { waitMs: 60_000, signal: abort.signal })
    using closed = watches.open('a', { waitMs: 60_000, signal: never() })
    const one = aborted.next(false)
    const other = closed.next(true)
    abort.abort()
    expect(await stateOf(one)).toBe(false)
    expect(await stateOf(other)).toBe('waiting')
    watches.close()
    expect(await stateOf(other)).toBe(false)
    expect(await stateOf(closed.next(false))).toBe(false)
  }
  expect(watches.count()).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
  using late = watches.open('a', { waitMs: 60_000, signal: never() })
  expect(await stateOf(late.next(false))).toBe(false)
})

test('whoever does not wait, has gone, or comes when too many wait, is not kept', async () => {
  const watches = createWatches(2)
  const gone = new AbortController()
  gone.abort()
  for (const patience of [
    { waitMs: 0, signal: never() },
    { waitMs: 60_000, signal: gone.signal },
  ]) {
    using watch = watches.open('a', patience)
    expect(await stateOf(watch.next(true))).toBe(false)
  }
  const patience = { waitMs: 60_000, signal: never() }
  const kept = [watches.open('a', patience), watches.open('b', patience)]
  using refused = watches.open('c', patience)
  expect(await stateOf(refused.next(false))).toBe(false)
  for (const watch of kept) watch[Symbol.dispose]()
  using taken = watches.open('c', patience)
  expect(await stateOf(taken.next(false))).toBe('waiting')
})
