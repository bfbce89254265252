import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idsOf, nativeId } from '../dialects/native-desk.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { knock, visit, webchatOf } from './visitor-desk.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

const idOf = (uuid: string) => nativeId('conv', uuid)

test('a visit begins without a trace, and becomes a conversation with the first word', async () => {
  const before = await house.sql(`select count(*) from contact`)
  const visitor = await visit(house, {
    page: { url: 'https://shop.example/atlas', title: 'An atlas' },
    language: 'es',
  })
  expect(visitor.token).toMatch(/^[\w-]{43}$/)
  expect(visitor.session).toMatchObject({
    visitor: { name: null, isVerified: false },
    identityRefused: null,
    widget: { name: 'Website chat', color: '#1f6f5c', position: 'right', hours: null },
    state: {
      conversationId: null,
      lastSeq: 0,
      unreadCount: 0,
      isLocked: false,
      isTeamOnline: true,
      reviews: [],
    },
    messages: [],
    hasMore: false,
  })
  expect(visitor.session.widget.operators).toHaveLength(3)
  expect(await house.sql(`select count(*) from contact`)).toEqual(before)

  const id = randomUUID()
  const said = await visitor.says('Is the atlas in stock?', id)
  expect(said).toMatchObject({
    ...{ id, seq: 1, kind: 'text', text: 'Is the atlas in stock?', status: 'delivered' },
    author: { kind: 'visitor', name: null },
  })
  const again = await visit(house, { token: visitor.token })
  expect(again.token).toBe(visitor.token)
  expect(again.session.messages).toEqual([said])
  expect(again.session.state).toMatchObject({ lastSeq: 1, unreadCount: 0, teamReadSeq: 0 })
  const seen = await house.native.get(`/conversations/${idOf(again.session.state.conversationId)}`)
  expect(seen.body).toMatchObject({ status: 'open', unreadCount: 1 })
  const [identity] = await house.sql(
    `select page_url, page_title from contact_identity where page_url is not null`,
  )
  expect(identity).toEqual({ page_url: 'https://shop.example/atlas', page_title: 'An atlas' })
})

test('the same id comes once, and means one thing', async () => {
  const visitor = await visit(house)
  const id = randomUUID()
  const first = await visitor.says('Hello', id)
  const repeat = await visitor.ask('POST', '/messages', { id, text: 'Hello' })
  expect([repeat.status, repeat.body]).toEqual([200, first])
  const other = await visitor.ask('POST', '/messages', { id, text: 'Bye' })
  expect([other.status, other.body.code]).toEqual([409, 'conflict'])
  const many = await Promise.all(
    Array.from({ length: 10 }, () =>
      visitor.ask('POST', '/messages', { id: `${id.slice(0, -4)}0000`, text: 'At once' }),
    ),
  )
  expect(new Set(many.map(({ body }) => body.seq)).size).toBe(1)
  expect(many.filter(({ status }) => status === 201)).toHaveLength(1)
})

test('ten first words at once make one contact and one conversation', async () => {
  const visitor = await visit(house)
  const said = await Promise.all(Array.from({ length: 10 }, (_, index) => visitor.says(`Word ${index}`)))
  expect(said.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  const { session } = await visit(house, { token: visitor.token })
  expect(session.messages).toHaveLength(10)
})

describe('our side', () => {
  test('answers, is read, and its notes stay inside', async () => {
    const visitor = await visit(house)
    await visitor.says('Do you ship to Lisbon?')
    const { session } = await visit(house, { token: visitor.token })
    const path = `/conversations/${idOf(session.state.conversationId)}`
    await house.native.post(`${path}/notes`, { text: 'a regular: be quick' })
    await house.native.post(`${path}/assign`, { assigneeId: idsOf(house).operator(1) })
    const sent = await house.native.post(`${path}/messages`, { text: 'We do.' })
    expect(sent.status, sent.text).toBe(201)
    expect(sent.body.status).toBe('sent')

    const now = (await visitor.ask('GET', '/messages')).body
    expect(JSON.stringify(now)).not.toContain('regular')
    expect(now.items.map(({ seq }: { seq: number }) => seq)).toEqual([1, 3])
    expect(now.items[1]).toMatchObject({
      text: 'We do.',
      author: { kind: 'operator', name: 'Nora Lind' },
      status: 'sent',
    })
    const state = (await visit(house, { token: visitor.token })).session.state
    expect(state).toMatchObject({
      ...{ lastSeq: 3, readSeq: 0, unreadCount: 1, teamReadSeq: 3 },
      assignee: { kind: 'operator', name: 'Anna Berg' },
    })

    const received = await visitor.ask('POST', '/seen', { receivedSeq: 3 })
    expect(received.body).toMatchObject({ readSeq: 0, unreadCount: 1 })
    expect((await house.native.get(`/messages/${sent.body.id}`)).body).toMatchObject({
      status: 'delivered',
      readAt: null,
    })
    const read = await visitor.ask('POST', '/seen', { readSeq: 99 })
    expect(read.body).toMatchObject({ readSeq: 3, unreadCount: 0 })
    expect((await house.native.get(`/messages/${sent.body.id}`)).body.status).toBe('read')
    const back = await visitor.ask('POST', '/seen', { readSeq: 1, receivedSeq: 1 })
    expect(back.body).toMatchObject({ readSeq: 3, unreadCount: 0 })
  })

  test('pages go back and forth', async () => {
    const visitor = await visit(house)
    for (let word = 1; word <= 5; word += 1) await visitor.says(`Word ${word}`)
    const last = (await visitor.ask('GET', '/messages?limit=2')).body
    expect([last.items.map(({ text }: { text: string }) => text), last.hasMore]).toEqual([
      ['Word 4', 'Word 5'],
      true,
    ])
    const before = (await visitor.ask('GET', '/messages?limit=3&before=4')).body
    expect([before.items.map(({ seq }: { seq: number }) => seq), before.hasMore]).toEqual([[1, 2, 3], false])
    const after = (await visitor.ask('GET', '/messages?limit=1&after=3')).body
    expect([after.items.map(({ seq }: { seq: number }) => seq), after.hasMore]).toEqual([[4], true])
    expect((await visitor.ask('GET', '/messages?after=1&before=3')).status).toBe(400)
  })

  test('asks for a review, which is answered once for all', async () => {
    const visitor = await visit(house)
    await visitor.says('Thank you')
    const { state } = (await visit(house, { token: visitor.token })).session
    await house.blingerWidget.post(`/conversation/${state.conversationId}/request-review`)
    const asked = (await visitor.ask('GET', '/messages')).body.items.at(-1)
    expect(asked).toMatchObject({
      kind: 'review',
      author: { kind: 'bot' },
      review: { mark: 0, isConfirmed: false },
    })
    const path = `/reviews/${asked.review.id}`
    const rated = await visitor.ask('PUT', path, { mark: 4, isConfirmed: false })
    expect(rated.body).toMatchObject({ mark: 4, text: '', isConfirmed: false })
    const final = { mark: 5, text: 'Quick and kind', isConfirmed: true }
    expect((await visitor.ask('PUT', path, final)).body).toMatchObject(final)
    expect((await visitor.ask('PUT', path, final)).status).toBe(200)
    expect((await visitor.ask('PUT', path, { ...final, mark: 1 })).status).toBe(409)
    expect((await visitor.ask('PUT', path, { ...final, mark: 6 })).status).toBe(400)
    const types = await house.sql<{ type: string }>(
      `select type from event where data->>'reviewId' = $1 order by id`,
      [asked.review.id],
    )
    expect(types.map(({ type }) => type)).toEqual(['review.requested', 'review.rated', 'review.confirmed'])
    const stranger = await visit(house)
    await stranger.says('Hello')
    expect((await stranger.ask('PUT', path, final)).status).toBe(404)
  })
})

test('files come with a name and a caption, and once', async () => {
  const visitor = await visit(house)
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const id = randomUUID()
  const form = (fields: Record<string, string>, name = 'dot.png') => {
    const parts = Object.entries(fields).map(
      ([key, value]) => `--edge\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
    )
    const head = `--edge\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/html\r\n\r\n`
    return Buffer.concat([Buffer.from(parts.join('') + head), png, Buffer.from('\r\n--edge--\r\n')])
  }
  const headers = { 'content-type': 'multipart/form-data; boundary=edge' }
  const sent = await visitor.ask('POST', '/files', form({ id, text: 'The cover' }), headers)
  expect(sent.status, sent.text).toBe(201)
  expect(sent.body).toMatchObject({
    id,
    kind: 'image',
    text: 'The cover',
    file: { name: 'dot.png', mimeType: 'image/png', width: 1 },
  })
  const repeat = await visitor.ask('POST', '/files', form({ id, text: 'The cover' }), headers)
  expect([repeat.status, repeat.body.seq]).toEqual([200, sent.body.seq])
  expect((await house.request({ method: 'GET', url: new URL(sent.body.file.url).pathname })).status).toBe(200)
  expect((await visitor.ask('POST', '/files', form({ text: 'no id' }), headers)).body).toMatchObject({
    status: 400,
    field: 'id',
  })
  expect((await visitor.ask('POST', '/files', form({ id: 'seven' }), headers)).body).toMatchObject({
    status: 400,
    field: 'id',
  })
  expect((await visitor.ask('POST', '/files', { id })).status).toBe(400)
})

test('a card and a page are kept, before and after the first word', async () => {
  const visitor = await visit(house)
  const card = { name: ' Ines ', email: 'Ines@Example.com', phone: '+47 900 00 101' }
  const left = await visitor.ask('PUT', '/card', card)
  expect(left.body).toMatchObject({
    name: 'Ines',
    email: 'ines@example.com',
    phone: '4790000101',
    isVerified: false,
  })
  await visitor.says('Hello')
  const { state } = (await visit(house, { token: visitor.token })).session
  const { body } = await house.native.get(`/conversations/${idOf(state.conversationId)}`)
  expect(body.contact).toMatchObject({ name: 'Ines' })
  // Maja has that number, on WhatsApp: nobody vouches that this is her.
  const [{ count } = { count: 0 }] = await house.sql<{ count: number }>(
    `select count(*)::int as count from contact where phone = '4790000101'`,
  )
  expect(count).toBe(2)
  expect((await visitor.ask('PUT', '/card', { name: 'Ines Moreau' })).body).toMatchObject({
    name: 'Ines Moreau',
    phone: '4790000101',
  })
  expect((await visitor.ask('PUT', '/card', { email: 'nobody' })).status).toBe(400)
  expect((await visitor.ask('PUT', '/page', { url: 'https://shop.example/till', title: null })).status).toBe(
    204,
  )
  expect((await visitor.ask('PUT', '/page', { url: 'javascript:alert(1)', title: null })).status).toBe(400)
})

test('a browser is forgotten on request, and with its contact', async () => {
  const visitor = await visit(house)
  await visitor.says('Hello')
  const { state } = (await visit(house, { token: visitor.token })).session
  expect((await visitor.ask('DELETE', '/session')).status).toBe(204)
  expect((await visitor.ask('GET', '/messages')).status).toBe(401)
  const anew = await visit(house, { token: visitor.token })
  expect([anew.token === visitor.token, anew.session.messages]).toEqual([false, []])

  const other = await visit(house)
  await other.says('Forget me')
  const { conversationId } = (await visit(house, { token: other.token })).session.state
  expect(conversationId).not.toBe(state.conversationId)
  const { body } = await house.native.get(`/conversations/${idOf(conversationId)}`)
  expect((await house.native.delete(`/contacts/${body.contact.id}`)).status).toBe(204)
  expect((await other.ask('GET', '/messages')).status).toBe(401)
})

describe('who is let in', () => {
  const setUp = (widget: object) =>
    house.native.patch(`/channels/${nativeId('ch', webchatOf(house).id)}`, { widget })

  test('pages by their origin, our own always', async () => {
    const set = await setUp({ allowedOrigins: ['https://shop.example/', 'http://LOCALHOST:*'] })
    expect(set.body.widget.allowedOrigins).toEqual(['https://shop.example', 'http://localhost:*'])
    const from = (origin?: string) => knock(house, {}, { headers: origin === undefined ? {} : { origin } })
    for (const origin of [
      'https://shop.example',
      'http://localhost:9000',
      'http://127.0.0.1:3000',
      undefined,
    ])
      expect((await from(origin)).status, origin).toBe(201)
    const visitor = await visit(house, {}, { headers: { origin: 'https://shop.example' } })
    for (const origin of ['https://evil.example', 'https://a.shop.example', 'null']) {
      const refused = await from(origin)
      expect([refused.status, refused.body.code], origin).toEqual([403, 'forbidden'])
      expect(refused.headers['access-control-allow-origin']).toBe('*')
      expect((await visitor.ask('GET', '/messages', undefined, { origin })).status).toBe(403)
    }
    await setUp({ allowedOrigins: [] })
    for (const wrong of [
      'shop.example',
      'ftp://shop.example',
      'https://shop.example/path',
      'https://a:1:*',
      '*',
    ])
      expect((await setUp({ allowedOrigins: [wrong] })).status, wrong).toBe(400)
  })

  test('nobody while the channel is off, or with another key', async () => {
    const visitor = await visit(house)
    const path = `/channels/${nativeId('ch', webchatOf(house).id)}`
    await house.native.post(`${path}/deactivate`)
    expect((await knock(house)).body).toMatchObject({ status: 409, code: 'channel_inactive' })
    expect((await visitor.ask('POST', '/messages', { id: randomUUID(), text: 'Hi' })).status).toBe(409)
    await house.native.post(`${path}/activate`)
    expect((await visitor.ask('GET', '/messages')).status).toBe(200)
    expect((await knock(house, { widgetKey: 'nobody' })).status).toBe(404)
    expect(
      (
        await house.request({
          method: 'GET',
          url: '/visitor/v1/messages',
          headers: { authorization: 'Bearer x' },
        })
      ).status,
    ).toBe(401)
    const rotated = await house.native.post(`${path}/rotate`, { what: 'widgetKey' })
    expect((await knock(house)).status).toBe(404)
    expect((await knock(house, { widgetKey: rotated.body.widgetKey })).status).toBe(201)
  })
})
