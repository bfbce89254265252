import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import type { PictureServer } from '../picture-server.ts'
import { openPictureServer } from '../picture-server.ts'
import { nativeDesk, type Guest, type NativeDesk } from './native-talk.ts'

let provider: PictureServer
let house: TestHouse
let desk: NativeDesk
let talk: Guest

beforeAll(async () => {
  provider = await openPictureServer()
  house = await openHouse({ env: { PARLEY_FETCH_ALLOW: provider.place } })
  desk = nativeDesk(house)
  talk = await desk.guest('messages')
})
afterAll(async () => {
  await house[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})

const expectProblem = (reply: Reply, status: number, code: string) =>
  expect({ status: reply.status, body: reply.body }).toMatchObject({ status, body: { status, code } })
const path = (guest: Guest, what = 'messages') => `/conversations/${guest.conversationId}/${what}`
const say = (body: object, headers?: Record<string, string>) => house.native.post(path(talk), body, headers)

const form = (parts: string) => ({
  body: parts.replaceAll('\n', '\r\n'),
  headers: { 'content-type': 'multipart/form-data; boundary=edge' },
})
const filePart = (name: string, fileName: string, bytes: string) =>
  `--edge\nContent-Disposition: form-data; name="${name}"; filename="${fileName}"\nContent-Type: text/plain\n\n${bytes}\n`
const upload = ({ body, headers }: ReturnType<typeof form>, more: Record<string, string> = {}) =>
  house.native.post(path(talk, 'files'), body, { ...headers, ...more })

describe('sending', () => {
  test('a text goes out, and its status is told as it moves', async () => {
    const sent = await say({ text: 'Good morning', metadata: { from: 'test' } })
    expect(sent.status, sent.text).toBe(201)
    expect(sent.body).toMatchObject({
      ...{ conversationId: talk.conversationId, kind: 'text', direction: 'outbound', text: 'Good morning' },
      author: { kind: 'operator', id: desk.publicId('op', house.fixture.operators[0]!.id) },
      ...{ status: 'pending', sentAt: null, deliveredAt: null, readAt: null, error: null, file: null },
      metadata: { from: 'test' },
    })
    await house.settle()
    const { body } = await house.native.get(`/messages/${sent.body.id}`)
    expect(body).toMatchObject({
      id: sent.body.id,
      status: 'read',
      sentAt: expect.any(String),
      readAt: expect.any(String),
    })
  })

  test('the same clientId is the same message, whatever the request', async () => {
    const replies = await Promise.all([1, 2, 3].map(() => say({ text: 'Once', clientId: 'once' })))
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 201])
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1)
    expect(replies[0]!.body.clientId).toBe('once')
    expectProblem(await say({ text: 'Twice', clientId: 'once' }), 409, 'conflict')
    const keyed = await say({ text: 'By key' }, { 'idempotency-key': 'by-key' })
    const again = await say({ text: 'By key' }, { 'idempotency-key': 'by-key' })
    expect(again.text).toBe(keyed.text)
    expect(again.headers['idempotent-replayed']).toBe('true')
  })

  test('buttons, a location, a note', async () => {
    const buttons = [
      { type: 'reply', id: 'yes', title: 'Yes' },
      { type: 'url', url: 'https://example.com', title: 'Look' },
    ]
    expect((await say({ text: 'Well?', buttons })).body).toMatchObject({
      ...{ kind: 'buttons', text: 'Well?', details: { buttons } },
    })
    const location = { latitude: 59.9, longitude: 10.7, name: 'Harbour' }
    expect((await say({ location })).body).toMatchObject({ kind: 'location', text: '', details: location })
    const before = (await house.native.get(`/conversations/${talk.conversationId}`)).body
    const note = await house.native.post(path(talk, 'notes'), { text: 'between us', clientId: 'note' })
    expect(note.status).toBe(201)
    expect(note.body).toMatchObject({ kind: 'note', text: 'between us', status: 'sent' })
    expect(
      (await house.native.post(path(talk, 'notes'), { text: 'between us', clientId: 'note' })).status,
    ).toBe(200)
    const after = (await house.native.get(`/conversations/${talk.conversationId}`)).body
    expect(after).toMatchObject({ messageCount: before.messageCount, lastSeq: before.lastSeq + 1 })
    expect(after.lastMessage.id).toBe(before.lastMessage.id)
  })

  test('nonsense', async () => {
    const { contactId, ...nowhere } = { ...talk, conversationId: `conv_${'0'.repeat(32)}` }
    expect(contactId).toBeTruthy()
    const bad: [object, string][] = [
      [{}, 'missing'],
      [{ text: ' ' }, 'missing'],
      [{ text: 'x', buttons: [] }, 'invalid'],
      [{ text: 'x', buttons: [{ type: 'reply', title: 'x' }] }, 'missing'],
      [{ text: 'x', buttons: [{ type: 'url', title: 'x' }] }, 'missing'],
      [{ buttons: [{ type: 'reply', id: 'x', title: 'x' }] }, 'missing'],
      [{ text: 'x', location: { latitude: 1, longitude: 2 } }, 'invalid'],
      [{ location: { latitude: 91, longitude: 2 } }, 'invalid'],
      [{ location: { latitude: 1 } }, 'invalid'],
      [{ file: {} }, 'invalid'],
      [{ file: { id: 'x', url: provider.url } }, 'invalid'],
      [{ file: { url: 'file:///etc/passwd' } }, 'invalid'],
      [{ file: { url: provider.url }, location: { latitude: 1, longitude: 2 } }, 'invalid'],
      [{ text: 'a\0b' }, 'invalid'],
      [{ text: 'x', clientId: '' }, 'invalid'],
      [{ text: 'x', clientId: 'é'.repeat(255) + '\u0301'.repeat(2000) }, 'invalid'],
      [{ text: 'x', metadata: { a: 'x'.repeat(70_000) } }, 'invalid'],
      [{ text: 'x', metadata: [] }, 'invalid'],
      [{ text: 'x', kind: 'system' }, 'invalid'],
      [{ text: 'x', author: { kind: 'contact' } }, 'invalid'],
    ]
    for (const [body, code] of bad) expectProblem(await say(body), 400, code)
    const theirs = { ...talk, conversationId: house.other.account.conversations[0]!.id }
    for (const where of [nowhere as Guest, theirs]) {
      expectProblem(await house.native.post(path(where), { text: 'x' }), 404, 'not_found')
      expectProblem(await house.native.post(path(where), { file: { url: provider.url } }), 404, 'not_found')
      expectProblem(await house.native.post(path(where, 'notes'), { text: 'x' }), 404, 'not_found')
      expectProblem(await house.native.get(path(where)), 404, 'not_found')
    }
    expectProblem(await house.native.post(path(talk, 'notes'), { text: ' ' }), 400, 'missing')
    expectProblem(await house.native.post(path(talk, 'notes'), { text: 'x', seq: 1 }), 400, 'invalid')
  })
})

describe('files', () => {
  test('by URL, called otherwise, once', async () => {
    const body = { file: { url: provider.url, name: 'map.png' }, text: 'Look', clientId: 'by-url' }
    const sent = await say(body)
    expect(sent.body).toMatchObject({
      ...{ kind: 'image', text: 'Look' },
      file: { kind: 'image', name: 'map.png', mimeType: 'image/png', width: 640, height: 480 },
    })
    const { pathname } = new URL(sent.body.file.url)
    expect((await house.request({ method: 'GET', url: pathname })).status).toBe(200)
    const again = await say(body)
    expect({ status: again.status, id: again.body.id }).toEqual({ status: 200, id: sent.body.id })
    // An address that nobody may have fetched.
    expectProblem(await say({ file: { url: 'http://127.0.0.1:1/x' } }), 400, 'invalid')
  })

  test('a form’s file waits for one message of its conversation', async () => {
    const kept = await upload(form(`${filePart('file', 'list.txt', 'milk, bread')}--edge--\n`))
    expect(kept.status, kept.text).toBe(201)
    expect(kept.body).toMatchObject({ kind: 'file', name: 'list.txt', size: 11, width: null })
    const other = await desk.guest('another')
    const elsewhere = await house.native.post(path(other), { file: { id: kept.body.id } })
    expectProblem(elsewhere, 404, 'not_found')
    const sent = await say({ file: { id: kept.body.id }, clientId: 'with-file' })
    expect(sent.status, sent.text).toBe(201)
    expect(sent.body.file).toMatchObject({ id: kept.body.id, name: 'list.txt' })
    expect((await say({ file: { id: kept.body.id }, clientId: 'with-file' })).body.id).toBe(sent.body.id)
    expectProblem(await say({ file: { id: kept.body.id } }), 404, 'not_found')
    expectProblem(await say({ file: { id: 'file_x' } }), 404, 'not_found')
  })

  test('by URL, for a message that follows', async () => {
    const kept = await house.native.post(path(talk, 'files'), { url: provider.url })
    expect(kept.body).toMatchObject({ kind: 'image', width: 640 })
    expect((await say({ file: { id: kept.body.id } })).status).toBe(201)
  })

  test('what is no form, no file, or for nobody', async () => {
    expectProblem(await house.native.post(path(talk, 'files')), 400, 'missing')
    expectProblem(await house.native.post(path(talk, 'files'), { path: 'x' }), 400, 'invalid')
    expectProblem(await upload(form('--edge--\n')), 400, 'missing')
    expectProblem(await upload(form(`${filePart('picture', 'a.txt', 'a')}--edge--\n`)), 400, 'missing')
    expectProblem(await upload(form(`${filePart('file', 'a.txt', '')}--edge--\n`)), 400, 'invalid')
    expectProblem(await upload(form(filePart('file', 'a.txt', 'cut off'))), 400, 'invalid')
    const two = filePart('file', 'a.txt', 'a') + filePart('file', 'b.txt', 'b')
    expectProblem(await upload(form(`${two}--edge--\n`)), 400, 'invalid')
    const keyed = await upload(form(`${filePart('file', 'a.txt', 'a')}--edge--\n`), {
      'idempotency-key': 'form',
    })
    expectProblem(keyed, 400, 'invalid')
    const { body, headers } = form(`${filePart('file', 'a.txt', 'a')}--edge--\n`)
    const theirs = house.other.account.conversations[0]!.id
    expectProblem(await house.native.post(`/conversations/${theirs}/files`, body, headers), 404, 'not_found')
    // Nothing else takes a form.
    expectProblem(await house.native.post(path(talk), body, headers), 415, 'invalid')
    const waiting = await house.sql(
      `select 1 from attachment where message_id is null and original_name in ('a.txt', 'b.txt')`,
    )
    expect(waiting).toEqual([])
  })
})

describe('reading', () => {
  test('a page from any place in either direction, oldest first', async () => {
    const guest = await desk.guest('reader', 'one')
    for (const text of ['two', 'three']) await house.native.post(path(guest), { text })
    await house.native.post(path(guest, 'notes'), { text: 'four, a note' })
    await house.native.post(path(guest), { text: 'five' })
    const read = async (query: Record<string, number>) => {
      const { body } = await house.native.get(path(guest), query)
      return [body.items.map(({ seq }: { seq: number }) => seq).join(), body.hasMore]
    }
    expect(await read({})).toEqual(['1,2,3,4,5', false])
    expect(await read({ limit: 2 })).toEqual(['4,5', true])
    expect(await read({ beforeSeq: 4, limit: 2 })).toEqual(['2,3', true])
    expect(await read({ beforeSeq: 2, limit: 2 })).toEqual(['1', false])
    expect(await read({ afterSeq: 0, limit: 2 })).toEqual(['1,2', true])
    expect(await read({ afterSeq: 3, limit: 2 })).toEqual(['4,5', false])
    expect(await read({ afterSeq: 5 })).toEqual(['', false])
    for (const query of [
      { afterSeq: 1, beforeSeq: 3 },
      { afterSeq: -1 },
      { limit: 101 },
      { afterSeq: 'x' },
      { page: 1 },
    ])
      expectProblem(await house.native.get(path(guest), query), 400, 'invalid')
  })

  test('one message, by either name of its id; another account’s is nobody’s', async () => {
    const { body } = await house.native.get(`/messages/${talk.messageId}`)
    expect(body).toMatchObject({ id: talk.messageId, direction: 'inbound', status: 'delivered', seq: 1 })
    expect((await house.native.get(`/messages/${desk.uuid(talk.messageId)}`)).text).toBe(JSON.stringify(body))
    const unknown = await house.native.get('/messages/msg_00000000000000000000000000000000')
    expectProblem(unknown, 404, 'not_found')
    const foreign = await house.other.native.get(`/messages/${talk.messageId}`)
    expect({ status: foreign.status, text: foreign.text }).toEqual({ status: 404, text: unknown.text })
  })

  test('without the permission', async () => {
    await house.sql(
      `update token set permissions = array_remove(array_remove(permissions, 'message.read'), 'message.write')`,
    )
    const { body, headers } = form(`${filePart('file', 'a.txt', 'a')}--edge--\n`)
    const replies = [
      await house.native.get(path(talk)),
      await house.native.get(`/messages/${talk.messageId}`),
      await say({ text: 'x' }),
      await house.native.post(path(talk, 'notes'), { text: 'x' }),
      await house.native.post(path(talk, 'files'), body, headers),
      await desk.deed(talk, 'review'),
    ]
    for (const reply of replies) expectProblem(reply, 403, 'forbidden')
    await house.sql(`update token set permissions = permissions || array['message.read', 'message.write']`)
  })
})
