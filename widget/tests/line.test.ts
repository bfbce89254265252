import { describe, expect, test } from 'vitest'
import { waitAfter } from '../src/core/backoff.ts'
import { settle } from './false-clock.ts'
import { openLive, openVisit } from './visit.ts'

describe('waiting', () => {
  test('is any moment up to a bound that doubles, from half a second to a quarter of a minute', () => {
    const bounds = [0, 1, 2, 3, 4, 5, 6, 7, 50].map((failures) => waitAfter(failures, () => 1))
    expect(bounds).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000, 15_000])
    expect([0, 5, 50].map((failures) => waitAfter(failures, () => 0))).toEqual([0, 0, 0])
  })
})

describe('a line', () => {
  test('says hello with the last it has, and is live when the server says so', async () => {
    const visit = openVisit()
    visit.server.say('before')
    visit.chat.begin()
    await visit.clock.pass(0)
    expect(visit.server.sockets).toHaveLength(1)
    expect(visit.server.sockets[0]).toMatchObject({ token: 'token-1', frames: [{ type: 'hello', after: 1 }] })
    expect(visit.now().line).toBe('live')
    expect(visit.texts()).toEqual(['before'])
  })

  test('that is cut comes back after a wait and goes on where it was', async () => {
    const visit = await openLive()
    visit.server.say('one')
    visit.server.cut()
    visit.server.say('two, while away')
    visit.server.note()
    visit.server.say('three, while away')
    expect(visit.now().line).toBe('lost')
    expect(visit.texts()).toEqual(['one'])
    await visit.clock.pass(499)
    expect(visit.server.sockets).toHaveLength(1)
    await visit.clock.pass(1)
    expect(visit.server.sockets[1]?.frames[0]).toEqual({ type: 'hello', after: 1 })
    expect(visit.texts()).toEqual(['one', 'two, while away', 'three, while away'])
    expect(visit.now().line).toBe('live')
  })

  test('waits longer from failure to failure, and begins small again once it was live', async () => {
    const visit = await openLive({ random: () => 1 })
    visit.server.cut()
    visit.server.isDown = true
    const tries: number[] = []
    const began = visit.clock.now()
    const { openSocket } = visit.server
    visit.server.openSocket = (...line) => {
      tries.push(visit.clock.now() - began)
      return openSocket(...line)
    }
    await visit.clock.pass(100_000)
    // The waits: 1, 2, 4, 8, and then 15 seconds.
    expect(tries).toEqual([1000, 3000, 7000, 15_000, 30_000, 45_000, 60_000, 75_000, 90_000])
    visit.server.isDown = false
    await visit.clock.pass(16_000)
    expect(visit.now().line).toBe('live')
    visit.server.cut()
    expect(visit.clock.next()).toBe(1000)
  })

  test('whose server restarts gives it more time, so that not everybody knocks at once', async () => {
    const visit = await openLive({ random: () => 1 })
    visit.server.cut(1012)
    expect(visit.clock.next()).toBe(4000)
  })

  test('that is silent for 45 s is dead, whatever the browser says', async () => {
    const visit = await openLive()
    visit.server.tell({ type: 'beat' })
    const [first] = visit.server.sockets
    if (first) first.isHalfOpen = true
    visit.server.say('never arrives there')
    await visit.clock.pass(44_999)
    expect(visit.now().line).toBe('live')
    await visit.clock.pass(1)
    expect(visit.now().line).toBe('lost')
    await visit.clock.pass(500)
    expect(visit.texts()).toEqual(['never arrives there'])
  })

  test('that beats stays', async () => {
    const visit = await openLive()
    for (let beats = 0; beats < 10; beats++) {
      await visit.clock.pass(20_000)
      visit.server.tell({ type: 'beat' })
    }
    expect(visit.server.sockets).toHaveLength(1)
    expect(visit.now().line).toBe('live')
  })

  test('is asked for a sign of life when the page is looked at again, and given up after 5 s', async () => {
    const visit = await openLive()
    visit.chat.wake()
    await visit.clock.pass(5_000)
    expect(visit.server.sockets).toHaveLength(1)
    const [first] = visit.server.sockets
    if (first) first.isHalfOpen = true
    visit.chat.wake()
    await visit.clock.pass(5_000)
    expect(visit.now().line).toBe('lost')
  })

  test('does not wait when the network is back', async () => {
    const visit = await openLive({ random: () => 1 })
    visit.server.cut()
    visit.chat.wake()
    await settle()
    expect(visit.now().line).toBe('live')
  })

  test('whose upgrade hangs is given up after 10 s', async () => {
    const visit = openVisit()
    const { openSocket } = visit.server
    visit.server.openSocket = () => ({ send: () => {}, close: () => {} })
    visit.chat.begin()
    await visit.clock.pass(9_999)
    visit.server.openSocket = openSocket
    expect(visit.now().line).toBe('connecting')
    await visit.clock.pass(1)
    expect(visit.now().line).toBe('lost')
    await visit.clock.pass(500)
    expect(visit.now().line).toBe('live')
  })
})

describe('a token', () => {
  test('that ended while the line was open is replaced', async () => {
    const visit = await openLive()
    visit.server.token = 'token-2'
    visit.server.cut(4401)
    await settle()
    expect(visit.server.sockets.at(-1)?.token).toBe('token-2')
    expect(visit.keep.token()).toBe('token-2')
    expect(visit.now().line).toBe('live')
  })

  test('that ended while nobody was there is found out over HTTP', async () => {
    const visit = await openLive()
    visit.server.token = 'token-2'
    visit.server.cut()
    await visit.clock.pass(10_000)
    expect(visit.now().line).toBe('live')
    expect(visit.keep.token()).toBe('token-2')
  })

  test('that a server refuses again and again is not asked for without a pause', async () => {
    const visit = openVisit()
    visit.server.isTokenRefused = true
    visit.chat.begin()
    await visit.clock.pass(100)
    const soon = visit.server.tries
    expect(soon).toBeLessThanOrEqual(4)
    await visit.clock.pass(10_000)
    expect(visit.server.tries).toBeGreaterThan(soon)
    expect(visit.server.tries).toBeLessThan(20)
  })
})

describe('where sockets are blocked', () => {
  test('three failed upgrades lead to long polling, and nothing is missed', async () => {
    const visit = openVisit()
    visit.server.areSocketsBlocked = true
    visit.chat.begin()
    await visit.clock.pass(5_000)
    expect(visit.server.tries).toBe(3)
    expect(visit.now().line).toBe('polling')
    visit.server.say('by poll')
    await settle()
    expect(visit.texts()).toEqual(['by poll'])
    visit.chat.write('an answer')
    await settle()
    expect(visit.texts()).toEqual(['by poll', 'an answer'])
    expect(visit.server.requests.some(({ path }) => path === '/messages')).toBe(true)
  })

  test('a socket is tried now and then, and takes over when it opens', async () => {
    const visit = openVisit()
    visit.server.areSocketsBlocked = true
    visit.chat.begin()
    await visit.clock.pass(5_000)
    visit.server.areSocketsBlocked = false
    await visit.clock.pass(120_000)
    expect(visit.now().line).toBe('live')
    const polls = () => visit.server.requests.filter(({ path }) => path.startsWith('/updates')).length
    const before = polls()
    visit.server.say('by socket')
    await visit.clock.pass(60_000)
    expect(visit.texts()).toEqual(['by socket'])
    expect(polls()).toBe(before)
  })

  test('a line that was open once is not taken for blocked', async () => {
    const visit = await openLive()
    visit.server.cut()
    visit.server.areSocketsBlocked = true
    await visit.clock.pass(60_000)
    expect(visit.server.requests.some(({ path }) => path.startsWith('/updates'))).toBe(false)
  })

  test('polling that fails waits, and a server that is back is tried by socket at once', async () => {
    const visit = openVisit()
    visit.server.areSocketsBlocked = true
    visit.chat.begin()
    await visit.clock.pass(5_000)
    visit.server.isDown = true
    visit.server.say('lost answer')
    await settle()
    expect(visit.now().line).toBe('lost')
    visit.server.isDown = false
    visit.server.areSocketsBlocked = false
    await visit.clock.pass(2_000)
    expect(visit.now().line).toBe('live')
    expect(visit.texts()).toEqual(['lost answer'])
  })
})
