import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nativeDesk } from '../dialects/native-talk.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { secretKeyOf, userToken, visit, webchatOf, type TestVisitor } from '../visitor/visitor-desk.ts'
import { enter, greet, secondProcess, talker } from './live-desk.ts'
import { connect, listen, outcomeOf, type TestLine } from './wire.ts'

let house: TestHouse
let port: number
beforeAll(async () => {
  house = await openHouse()
  port = await listen(house.composed)
})
afterAll(() => house[Symbol.asyncDispose]())

const path = () => `/visitor/v1/socket?widget=${webchatOf(house).widgetKey}`
const open = (visitor: Pick<TestVisitor, 'token'>, after = 0) => enter(port, { house, visitor, after })
const says = (conversationId: string, text: string) =>
  house.native.post(`/conversations/${conversationId}/messages`, { text })
const seqsOf = (line: TestLine) => line.ofType('message').map(({ after, seq }) => [after, seq])

describe('a visitor', () => {
  test('writes, is answered, and sees it at once', async () => {
    const visitor = await visit(house)
    const line = await open(visitor)
    expect(line.ws.protocol).toBe('parley.visitor.v1')
    expect(line.frames).toMatchObject([
      { type: 'ready', after: 0, state: { conversationId: null, lastSeq: 0 } },
    ])
    const id = randomUUID()
    line.send({ type: 'send', id, text: 'Is it open today?' })
    const ack = await line.first('ack')
    expect(ack).toMatchObject({ id, seq: 1, message: { text: 'Is it open today?' } })
    expect(await line.first('message')).toEqual({ type: 'message', after: 0, seq: 1, message: ack.message })
    const { conversationId } = (await line.find(({ type, state }) => type === 'state' && state.lastSeq === 1))
      .state
    await says(conversationId, 'Until six.')
    const told = await line.find(({ type, message }) => type === 'message' && message.text === 'Until six.')
    expect(told).toMatchObject({ after: 1, seq: 2, message: { author: { kind: 'operator' } } })
    await line.find(({ type, state }) => type === 'state' && state.unreadCount === 1)
    line.send({ type: 'seen', readSeq: 2 })
    await line.find(({ type, state }) => type === 'state' && state.readSeq === 2 && state.unreadCount === 0)
    // The same id again is the same message; with other words it is refused.
    line.send({ type: 'send', id, text: 'Is it open today?' })
    await expect.poll(() => line.ofType('ack').length).toBe(2)
    expect(line.ofType('ack')[1]).toMatchObject({ id, seq: 1 })
    line.send({ type: 'send', id, text: 'Is it shut?' })
    expect(await line.first('refused')).toMatchObject({ id, code: 'conflict' })
    line.send({ type: 'send', id: 'x', text: 'Hi' })
    await line.find(({ type, code }) => type === 'refused' && code === 'invalid')
    expect(seqsOf(line)).toEqual([
      [0, 1],
      [1, 2],
    ])
    line.end()
  })

  test('is told nothing that is internal, and how far nothing is missing', async () => {
    const visitor = await talker(house)
    const line = await open(visitor)
    await house.native.post(`/conversations/${visitor.conversationId}/notes`, { text: 'a secret of ours' })
    await says(visitor.conversationId, 'After the note')
    await line.find(({ message }) => message?.text === 'After the note')
    expect(seqsOf(line)).toEqual([
      [0, 1],
      [1, 3],
    ])
    expect(JSON.stringify(line.frames)).not.toContain('a secret of ours')
    // One that knows of the second is told the third; `after` is what this line has.
    const second = await open(visitor, 2)
    await second.first('message')
    await says(visitor.conversationId, 'Once more')
    for (const one of [second, line]) await one.find(({ message }) => message?.text === 'Once more')
    expect([seqsOf(second), seqsOf(line)]).toEqual([
      [
        [2, 3],
        [3, 4],
      ],
      [
        [0, 1],
        [1, 3],
        [3, 4],
      ],
    ])
    second.end()
    line.end()
  })

  test('that is too far behind, or ahead of everything, reads anew and goes on', async () => {
    const visitor = await talker(house)
    const ahead = await open(visitor, 2)
    expect(ahead.frames).toEqual([{ type: 'reset', reason: 'unknown' }])
    ahead.send({ type: 'hello', after: 1 })
    await ahead.first('ready')
    for (let count = 0; count < 201; count += 1) await says(visitor.conversationId, `${count}`)
    await expect.poll(() => seqsOf(ahead).length, { timeout: 30_000 }).toBe(201)
    expect(seqsOf(ahead)).toEqual(Array.from({ length: 201 }, (_, at) => [at + 1, at + 2]))
    const behind = await open(visitor, 1)
    expect(behind.frames).toEqual([{ type: 'reset', reason: 'gap' }])
    const barely = await open(visitor, 2)
    await expect.poll(() => seqsOf(barely).length).toBe(200)
    for (const line of [ahead, behind, barely]) line.end()
  }, 60_000)

  test('sees somebody write, and is seen writing, in whatever process', async () => {
    await using other = await secondProcess(house)
    const visitor = await talker(house)
    const line = await enter(other.port, { house, visitor })
    const operator = await greet(port, house.fixture.tokens.native)
    const { publicId } = nativeDesk(house)
    const conversationId = publicId('conv', visitor.conversationId)
    // A process hears of the others once its line to the database stands.
    await expect
      .poll(async () => {
        operator.send({ type: 'typing', conversationId, isTyping: true })
        return line.ofType('typing').length
      })
      .toBeGreaterThan(0)
    expect(Object.keys(line.ofType('typing')[0] ?? {})).toEqual(['type', 'name', 'isTyping'])
    line.send({ type: 'typing', isTyping: true })
    const heard = await operator.find(({ type, by }) => type === 'typing' && by.kind === 'contact')
    expect(heard).toMatchObject({ conversationId, isTyping: true })
    expect((await visitor.ask('POST', '/typing', { isTyping: false })).status).toBe(204)
    await operator.find(({ type, by, isTyping }) => type === 'typing' && by.kind === 'contact' && !isTyping)
    line.end()
    operator.end()
  })

  test('has one conversation, whoever else is there', async () => {
    const [one, two] = [await talker(house), await talker(house)]
    const line = await open(one, 1)
    const both = await open(one, 1)
    const stranger = await open(two, 1)
    await says(one.conversationId, 'For one')
    await says(two.conversationId, 'For two')
    await stranger.first('message')
    for (const own of [line, both]) expect((await own.first('message')).message.text).toBe('For one')
    expect(stranger.ofType('message').map(({ message }) => message.text)).toEqual(['For two'])
    for (const end of [line, both, stranger]) end.end()
  })
})

describe('a line is closed', () => {
  test('when its session ends, or somebody else takes its place', async () => {
    const [gone, becoming] = [await talker(house), await talker(house)]
    const lines = [await open(gone, 1), await open(becoming, 1)]
    expect((await gone.ask('DELETE', '/session')).status).toBe(204)
    expect(await lines[0]?.closed).toEqual({ code: 4401, reason: 'token' })
    const key = await secretKeyOf(house, webchatOf(house).id)
    const jwt = userToken(house, key, { sub: 'maja' })
    const verified = await visit(house, { token: becoming.token, identity: { jwt } })
    expect(await lines[1]?.closed).toEqual({ code: 4401, reason: 'token' })
    const line = await open(verified, 1)
    expect((await line.first('ready')).state.conversationId).toBe(becoming.conversationId)
    line.end()
  })

  test('when its contact is deleted', async () => {
    const visitor = await talker(house)
    const line = await open(visitor, 1)
    const { publicId } = nativeDesk(house)
    const { body } = await house.native.get(`/conversations/${publicId('conv', visitor.conversationId)}`)
    expect((await house.native.delete(`/contacts/${body.contact.id}`)).status).toBe(204)
    expect(await line.closed).toEqual({ code: 4401, reason: 'token' })
  })

  test('when from now on nobody is let in whom the site does not vouch for', async () => {
    const visitor = await talker(house)
    const line = await open(visitor, 1)
    const channel = `/channels/${webchatOf(house).id}`
    await house.native.patch(channel, { widget: { isIdentityRequired: true } })
    expect(await line.closed).toEqual({ code: 4401, reason: 'token' })
    await house.native.patch(channel, { widget: { isIdentityRequired: false } })
  })

  test('when its page may not be there any more, or the chat is switched off', async () => {
    const visitor = await talker(house)
    const channel = `/channels/${webchatOf(house).id}`
    const shop = { origin: 'https://shop.example' }
    await house.native.patch(channel, { widget: { allowedOrigins: [] } })
    const fromShop = () => enter(port, { house, visitor, after: 1 }, shop)
    const stays = await fromShop()
    await house.native.patch(channel, { widget: { allowedOrigins: ['https://shop.example'] } })
    const elsewhere = { headers: { origin: 'https://shop.example.evil.example' } }
    expect(await outcomeOf(connect(port, path(), elsewhere))).toBe('status 403')
    await says(visitor.conversationId, 'Still here')
    await stays.first('message')
    await house.native.patch(channel, { widget: { allowedOrigins: ['https://other.example'] } })
    expect(await stays.closed).toEqual({ code: 4403, reason: 'forbidden' })
    expect(await outcomeOf(fromShop())).toBe('status 403')
    await house.native.patch(channel, { widget: { allowedOrigins: [] } })
    const again = await fromShop()
    expect((await house.native.post(`${channel}/deactivate`)).status).toBe(200)
    expect(await again.closed).toEqual({ code: 4403, reason: 'forbidden' })
    expect(await outcomeOf(fromShop())).toBe('status 409')
    await house.native.post(`${channel}/activate`)
  })

  test('when the key is made anew that vouched for it', async () => {
    const visitor = await talker(house)
    const said = await house.blingerWidget.post(`/conversation/${visitor.conversationId}/send-text-message`, {
      ...{ uuid: randomUUID(), text: 'Said by the site' },
    })
    const token: string = said.body.data.endUser.websocketToken
    const byFrame = await connect(port, path(), { protocols: ['parley.visitor.v1'] })
    byFrame.send({ type: 'hello', after: 0, token })
    expect((await byFrame.first('message')).message.text).toBe('Hello')
    const byProtocol = await open({ token }, 1)
    await house.native.post(`/channels/${webchatOf(house).id}/rotate`, { what: 'secretKey' })
    for (const line of [byFrame, byProtocol]) expect((await line.closed).code).toBe(4401)
    expect(await outcomeOf(open({ token }))).toBe('status 401')
  })
})

describe('nobody is let in', () => {
  test('by a key, a token or a first frame that opens nothing', async () => {
    const visitor = await talker(house)
    const others = await visit(house, {}, { tenant: house.other })
    const tokens = [
      others.token,
      visitor.token.slice(1),
      `${visitor.token}x`,
      house.fixture.tokens.native,
      'x',
      'a.b.c',
    ]
    for (const token of tokens) {
      expect(await outcomeOf(open({ token })), token).toBe('status 401')
      const late = await connect(port, path())
      late.send({ type: 'hello', after: 0, token })
      expect(await late.closed).toEqual({ code: 4401, reason: 'token' })
      expect(late.frames).toEqual([])
    }
    expect(await outcomeOf(connect(port, '/visitor/v1/socket?widget=nobodys'))).toBe('status 404')
    expect(await outcomeOf(connect(port, '/visitor/v1/socket'))).toBe('status 400')
    // In the URL it is no credential.
    expect(await outcomeOf(connect(port, `${path()}&token=${visitor.token}`))).toBe('status 400')
    const silent = await connect(port, path())
    silent.send({ type: 'hello', after: 0 })
    expect((await silent.closed).code).toBe(4401)
  })

  test.each([
    '',
    '{',
    '{"type":"hello"}',
    '{"type":"hello","after":-1}',
    '{"type":"beat"}',
    '{"type":"send","id":1}',
  ])('frame %j is malformed', async (frame) => {
    const visitor = await visit(house)
    const line = await connect(port, path(), { protocols: ['parley.visitor.v1', `token.${visitor.token}`] })
    line.ws.send(frame)
    expect(await line.closed).toEqual({ code: 4400, reason: 'malformed' })
  })
})

describe('where sockets are blocked', () => {
  const updates = async (visitor: TestVisitor, query: string) => {
    const reply = await visitor.ask('GET', `/updates?${query}`)
    expect(reply.status, reply.text).toBe(200)
    return reply.body
  }

  test('a long poll is answered by what comes', async () => {
    const visitor = await talker(house)
    const first = await updates(visitor, 'after=0')
    expect(Object.keys(first)).toEqual(['messages', 'hasMore', 'state', 'version', 'isReset'])
    expect(first.messages.map(({ text }: { text: string }) => text)).toEqual(['Hello'])
    const known = `after=1&state=${first.version}`
    expect((await updates(visitor, `${known}&wait=0`)).messages).toEqual([])
    const waiting = updates(visitor, `${known}&wait=25`)
    await says(visitor.conversationId, 'Here')
    const told = await waiting
    expect(told.messages.map(({ text }: { text: string }) => text)).toEqual(['Here'])
    // A state alone is news as well; the one told with a message may be of the moment before it.
    const settled = await updates(visitor, 'after=2')
    expect(settled.version).not.toBe(first.version)
    const later = updates(visitor, `after=2&state=${settled.version}&wait=25`)
    await visitor.ask('POST', '/seen', { readSeq: 2 })
    expect((await later).state.readSeq).toBe(2)
    expect((await updates(visitor, 'after=9')).isReset).toBe(true)
  })

  test('nobody is kept waiting by a stop', async () => {
    await using other = await openHouse()
    const visitor = await talker(other)
    const { version } = (await visitor.ask('GET', '/updates?after=0')).body
    const waiting = visitor.ask('GET', `/updates?after=1&state=${version}&wait=25`)
    const since = performance.now()
    await new Promise(setImmediate)
    await other.composed.app.close()
    expect((await waiting).status).toBe(200)
    expect(performance.now() - since).toBeLessThan(10_000)
  })
})
