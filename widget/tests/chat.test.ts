import { describe, expect, test } from 'vitest'
import { settle } from './false-clock.ts'
import { createFalseServer, messageOf } from './false-server.ts'
import { createFalseKeep, openLive, openVisit } from './visit.ts'

describe('the list', () => {
  test('is every message once, in order, through cuts at any place', async () => {
    const visit = await openLive()
    for (let n = 1; n <= 200; n++) {
      if (n % 7 === 0) visit.server.note()
      visit.server.say(`message ${n}`)
      if (n % 13 === 0) visit.server.cut()
      if (n % 5 === 0) await visit.clock.pass(700)
    }
    await visit.clock.pass(60_000)
    expect(visit.texts()).toEqual(visit.server.messages.map(({ text }) => text))
    expect(new Set(visit.now().messages.map(({ id }) => id)).size).toBe(200)
  })

  test('notices a message that a line swallowed, and takes another line from where it was', async () => {
    const visit = await openLive()
    visit.server.say('one')
    visit.server.messages.push(messageOf(50, { text: 'swallowed' }))
    visit.server.tell({ type: 'message', after: 50, seq: 51, message: messageOf(51, { text: 'after it' }) })
    visit.server.messages.push(messageOf(51, { text: 'after it' }))
    expect(visit.texts()).toEqual(['one'])
    await visit.clock.pass(1_000)
    expect(visit.server.sockets.at(-1)?.frames[0]).toEqual({ type: 'hello', after: 1 })
    expect(visit.texts()).toEqual(['one', 'swallowed', 'after it'])
  })

  test('takes the places of notes for what they are', async () => {
    const visit = await openLive()
    visit.server.say('one')
    visit.server.note()
    visit.server.note()
    visit.server.say('four')
    await visit.clock.pass(1_000)
    expect(visit.texts()).toEqual(['one', 'four'])
    expect(visit.server.sockets).toHaveLength(1)
  })

  test('is read anew when the same gap is met twice, instead of asking for ever', async () => {
    const visit = await openLive()
    visit.server.say('one')
    const torn = { type: 'message', after: 8, seq: 9, message: messageOf(9, { text: 'nine' }) } as const
    visit.server.tell(torn)
    await visit.clock.pass(1_000)
    visit.server.messages.push(messageOf(9, { text: 'nine' }))
    visit.server.tell(torn)
    await visit.clock.pass(1_000)
    expect(visit.texts()).toEqual(['one', 'nine'])
    expect(visit.server.requests.filter(({ path }) => path === '/messages')).toHaveLength(1)
    expect(visit.server.live()[0]?.frames).toContainEqual({ type: 'hello', after: 9 })
  })

  test('has no hole when the session was asked for again while the line was down', async () => {
    const visit = await openLive()
    visit.server.say('before')
    visit.server.areSocketsBlocked = true
    visit.server.cut()
    for (let n = 1; n <= 50; n++) visit.server.say(`missed ${n}`)
    const sessions = () => visit.server.requests.filter(({ path }) => path === '/sessions').length
    await visit.clock.pass(20_000)
    expect(sessions()).toBeGreaterThan(1)
    visit.server.areSocketsBlocked = false
    await visit.clock.pass(30_000)
    expect(visit.texts()).toEqual(visit.server.messages.map(({ text }) => text))
  })

  test('ignores what it has', async () => {
    const visit = await openLive()
    const message = visit.server.say('one')
    visit.server.tell({ type: 'message', after: 0, seq: 1, message })
    await visit.clock.pass(1_000)
    expect(visit.server.sockets).toHaveLength(1)
    expect(visit.texts()).toEqual(['one'])
    expect(visit.heard).toHaveLength(1)
  })

  test('is replaced when the server says that it cannot go on from there', async () => {
    const visit = await openLive()
    visit.server.say('of before')
    visit.server.messages.splice(0)
    visit.server.messages.push(messageOf(3, { text: 'three' }), messageOf(4, { text: 'four' }))
    visit.server.tell({ type: 'reset', reason: 'unknown' })
    await settle()
    expect(visit.texts()).toEqual(['three', 'four'])
    expect(visit.server.live()[0]?.frames.at(-1)).toEqual({ type: 'hello', after: 4 })
  })

  test('pages upwards, each page once', async () => {
    const server = createFalseServer()
    for (let n = 1; n <= 70; n++) server.say(`text ${n}`)
    const visit = await openLive({ server })
    expect(visit.texts()).toHaveLength(30)
    expect(visit.now().hasEarlier).toBe(true)
    await Promise.all([visit.chat.earlier(), visit.chat.earlier()])
    expect(visit.texts()).toHaveLength(60)
    await visit.chat.earlier()
    expect(visit.texts()).toEqual(server.messages.map(({ text }) => text))
    expect(visit.now().hasEarlier).toBe(false)
    const asked = server.requests.length
    await visit.chat.earlier()
    expect(server.requests).toHaveLength(asked)
  })
})

describe('marks', () => {
  test('unread counts what the team wrote, until somebody looks', async () => {
    const visit = await openLive()
    visit.server.say('one')
    visit.server.say('two')
    await visit.clock.pass(1_000)
    expect(visit.now().unread).toBe(2)
    expect(visit.server.live()[0]?.frames.at(-1)).toEqual({ type: 'seen', receivedSeq: 2 })
    visit.chat.watch(true)
    await visit.clock.pass(300)
    expect(visit.server.live()[0]?.frames.at(-1)).toEqual({ type: 'seen', readSeq: 2 })
    expect(visit.now().unread).toBe(0)
  })

  test('do not go back when the server has not heard of them yet', async () => {
    const visit = await openLive()
    visit.server.say('one')
    visit.chat.watch(true)
    await visit.clock.pass(300)
    visit.server.tell({ type: 'state', state: { ...visit.now().state!, readSeq: 0, unreadCount: 1 } })
    expect(visit.now().unread).toBe(0)
    expect(visit.now().state?.readSeq).toBe(1)
  })

  test('of another tab count here', async () => {
    const visit = await openLive()
    visit.server.say('one')
    visit.server.tell({ type: 'state', state: { ...visit.now().state!, readSeq: 1, unreadCount: 0 } })
    expect(visit.now().unread).toBe(0)
  })

  test('typing is told now and then, ends with a pause, and with the message', async () => {
    const visit = await openLive()
    const typing = () =>
      visit.server.live()[0]?.frames.flatMap((frame) => (frame.type === 'typing' ? [frame.isTyping] : []))
    for (let key = 0; key < 8; key++) {
      visit.chat.typed()
      await visit.clock.pass(500)
    }
    expect(typing()).toEqual([true, true])
    await visit.clock.pass(4_000)
    expect(typing()).toEqual([true, true, false])
    visit.chat.typed()
    visit.chat.write('done')
    expect(typing()).toEqual([true, true, false, true, false])
  })

  test('the team’s typing ends by itself, and with a message', async () => {
    const visit = await openLive()
    visit.server.tell({ type: 'typing', name: 'Anna', isTyping: true })
    expect(visit.now().typing).toBe('Anna')
    await visit.clock.pass(6_000)
    expect(visit.now().typing).toBe(null)
    visit.server.tell({ type: 'typing', name: 'Anna', isTyping: true })
    visit.server.say('there')
    expect(visit.now().typing).toBe(null)
  })
})

describe('who one is', () => {
  test('is kept over pages', async () => {
    const visit = await openLive()
    const { server, keep } = visit
    const next = await openLive({ server, keep })
    expect(server.requests.filter(({ path }) => path === '/sessions').at(-1)?.body).toMatchObject({
      token: 'token-1',
    })
    expect(next.now().phase).toBe('ready')
  })

  test('can be proven, before and after the session', async () => {
    const visit = openVisit()
    visit.chat.identify({ jwt: 'a' })
    expect(visit.server.requests).toEqual([])
    visit.chat.begin()
    await visit.clock.pass(0)
    visit.server.token = 'token-2'
    visit.chat.identify({ jwt: 'b' })
    await visit.clock.pass(1_000)
    const sessions = visit.server.requests.filter(({ path }) => path === '/sessions')
    expect(sessions.map(({ body }) => (body as { identity: unknown }).identity)).toEqual([
      { jwt: 'a' },
      { jwt: 'b' },
    ])
    expect(visit.server.live().map(({ token }) => token)).toEqual(['token-2'])
  })

  test('is forgotten on logout, and so is what waited', async () => {
    const visit = await openLive()
    visit.server.say('private')
    visit.server.isMute = true
    visit.chat.write('waiting')
    visit.server.isMute = false
    visit.server.token = 'token-2'
    visit.server.messages.splice(0)
    visit.chat.logout()
    await visit.clock.pass(1_000)
    expect(visit.server.requests.find(({ method }) => method === 'DELETE')).toMatchObject({
      path: '/session',
      token: 'token-1',
    })
    expect(visit.texts()).toEqual([])
    expect(visit.keep.drafts()).toEqual([])
    expect(visit.keep.token()).toBe('token-2')
    expect(visit.keep.hasSpoken).toBe(false)
  })

  test('a page that is not let in says so, and may try again', async () => {
    const visit = openVisit()
    const { ask } = visit.server
    visit.server.ask = () => ({
      reply: Promise.resolve({ status: 403, body: { code: 'forbidden' } }),
      cancel: () => {},
    })
    visit.chat.begin()
    await visit.clock.pass(60_000)
    expect(visit.now()).toMatchObject({ phase: 'refused', refusal: 'forbidden' })
    visit.server.ask = ask
    visit.chat.begin()
    await visit.clock.pass(0)
    expect(visit.now().phase).toBe('ready')
  })

  test('a server that is away is waited for', async () => {
    const visit = openVisit()
    visit.server.isDown = true
    visit.chat.begin()
    await visit.clock.pass(10_000)
    expect(visit.now()).toMatchObject({ phase: 'beginning', line: 'lost' })
    visit.server.isDown = false
    visit.chat.wake()
    await visit.clock.pass(0)
    expect(visit.now()).toMatchObject({ phase: 'ready', line: 'live' })
  })

  test('tabs that began together become one visitor as long as neither has spoken', async () => {
    const keep = createFalseKeep()
    const server = createFalseServer()
    const first = await openLive({ keep, server })
    keep.keepToken('of the other tab')
    first.chat.keptElsewhere()
    expect(server.requests.at(-1)?.body).toMatchObject({ token: 'of the other tab' })
    const asked = server.requests.length
    await settle()
    first.chat.write('hello')
    keep.keepToken('of yet another tab')
    first.chat.keptElsewhere()
    expect(server.requests).toHaveLength(asked)
  })
})

describe('a review', () => {
  test('shows what it is now, in its message', async () => {
    const visit = await openLive()
    const review = { id: 'r', mark: 0, text: '', isConfirmed: false, createdAt: '2026-01-05T12:00:00.000Z' }
    visit.server.messages.push(messageOf(1, { kind: 'review', review }))
    visit.server.tell({ type: 'reset', reason: 'unknown' })
    await settle()
    const rated = { ...review, mark: 4, isConfirmed: true }
    visit.server.tell({ type: 'state', state: { ...visit.now().state!, reviews: [rated] } })
    expect(visit.now().messages[0]?.review).toEqual(rated)
  })
})
