import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { databaseDigest } from '../probing.ts'
import { actingAs, expectProblem, idsOf, nativeId, nobodys, readAll, withToken } from './native-desk.ts'

const CHANNEL =
  'id number kind transport name status customAppId webhookUrl widgetKey groupId defaultBotId metadata widget ' +
  'retentionDays createdAt updatedAt'
const APP = { kind: 'custom_app', name: 'Shop app', customAppId: 'shop' }
/** A public address; nothing is sent there. */
const WEBHOOK = 'https://93.184.216.34/parley'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse({ env: { PARLEY_FETCH_ALLOW: '127.0.0.1:9999,10.1.0.0/16' } })
})
afterAll(() => house[Symbol.asyncDispose]())

let apps = 0
async function connectApp(more: object = {}) {
  apps += 1
  const made = await house.native.post('/channels', { ...APP, customAppId: `app-${apps}`, ...more })
  expect(made.status, made.text).toBe(201)
  return made.body
}

/** The custom app speaks, with a token. */
const speak = (customAppId: string, token: string, from = 'reader-1') =>
  house.request({
    method: 'POST',
    url: '/api/custom-app/message',
    headers: { authorization: `Bearer ${token}` },
    payload: {
      ...{ custom_channel_id: customAppId, client_id: from, client_name: 'Rut', type: 'text' },
      data: 'Hello',
    },
  })

describe('reading', () => {
  test('a list by pages, and one of it', async () => {
    const all = await readAll(house.native, '/channels', 2)
    expect(all.length).toBeGreaterThanOrEqual(5)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(Object.keys(all[0] ?? {}).join(' ')).toBe(CHANNEL)
    const one = await house.native.get(`/channels/${all[0]?.id}`)
    expect(one.body).toEqual(all[0])
    expect(await readAll(house.native, '/channels', 100)).toEqual(all)
  })

  test('a cursor is good for its list and its account alone', async () => {
    const { nextCursor } = (await house.native.get('/channels', { limit: 1 })).body
    const theirs = (await house.other.native.get('/channels', { limit: 1 })).body.nextCursor
    for (const cursor of [theirs, 'x', '', nextCursor.slice(0, -1), `${nextCursor}A`])
      expectProblem(await house.native.get('/channels', { cursor }), 400, 'invalid')
    expectProblem(await house.native.get('/operators', { cursor: nextCursor }), 400, 'invalid')
    for (const limit of [0, 101, -1, 'many'])
      expectProblem(await house.native.get('/channels', { limit }), 400, 'invalid')
  })

  test('no answer holds a secret that was made before', async () => {
    const made = await connectApp()
    const rows = await house.sql<{ secret: string }>('select secret_key as secret from channel')
    for (const reply of [
      await house.native.get('/channels', { limit: 100 }),
      await house.native.get(`/channels/${made.id}`),
      await house.native.patch(`/channels/${made.id}`, { name: 'Other' }),
      await house.native.post(`/channels/${made.id}/activate`),
    ])
      for (const secret of [made.token, ...rows.map((row) => row.secret)])
        expect(reply.text).not.toContain(secret)
  })
})

describe('connecting', () => {
  test('a custom app gets its token this once, and its app can speak with it', async () => {
    const made = await connectApp({ webhookUrl: WEBHOOK, metadata: { team: 'north' } })
    expect(Object.keys(made).join(' ')).toBe(`${CHANNEL} token secretKey`)
    expect(made).toMatchObject({
      ...{ kind: 'custom_app', transport: 'custom_app', status: 'active', webhookUrl: WEBHOOK },
      ...{ widgetKey: null, secretKey: null, metadata: { team: 'north' } },
    })
    expect(made.token).toMatch(/^[\w-]{64}$/)
    expect((await speak(made.customAppId, made.token)).status).toBe(200)
  })

  test.each(['webchat', 'whatsapp', 'telegram', 'telegram_personal', 'email'])('%s', async (kind) => {
    const groupId = idsOf(house).group(1)
    const defaultBotId = idsOf(house).bot(0)
    const made = await house.native.post('/channels', { kind, name: 'New', groupId, defaultBotId })
    expect(made.status, made.text).toBe(201)
    const transport = kind === 'webchat' ? 'webchat' : 'sandbox'
    expect(made.body).toMatchObject({ kind, transport, token: null, groupId, defaultBotId })
    expect(made.body.widget === null).toBe(kind !== 'webchat')
    expect(made.body.secretKey === null).toBe(kind !== 'webchat')
    const said = { channelId: made.body.id, from: 'kim@example.com', text: 'Hi' }
    const from = kind === 'whatsapp' ? '4790000777' : said.from
    expect((await house.native.post('/sandbox/messages', { ...said, from })).status).toBe(201)
  })

  test('is refused', async () => {
    const taken = await connectApp()
    const cases: [object, number, string][] = [
      [{ ...APP, customAppId: taken.customAppId }, 409, 'conflict'],
      [{ kind: 'custom_app', name: 'No id' }, 400, 'missing'],
      [{ ...APP, customAppId: ' ' }, 400, 'missing'],
      [{ ...APP, name: ' ' }, 400, 'missing'],
      [{ ...APP, name: 'a\0b' }, 400, 'invalid'],
      [{ ...APP, name: 'x'.repeat(256) }, 400, 'invalid'],
      [{ ...APP, customAppId: `a${'\u0301'.repeat(300)}` }, 400, 'invalid'],
      [{ ...APP, kind: 'fax' }, 400, 'invalid'],
      [{ ...APP, status: 'error' }, 400, 'invalid'],
      [{ ...APP, accountId: house.other.account.id }, 400, 'invalid'],
      [{ kind: 'whatsapp', name: 'W', webhookUrl: WEBHOOK }, 400, 'invalid'],
      [{ kind: 'whatsapp', name: 'W', customAppId: 'w' }, 400, 'invalid'],
      [{ ...APP, metadata: { text: 'x'.repeat(16_400) } }, 400, 'invalid'],
      [{ ...APP, metadata: { 'a\0': 1 } }, 400, 'invalid'],
      [{ ...APP, metadata: [] }, 400, 'invalid'],
      [{ ...APP, groupId: nobodys('group') }, 404, 'not_found'],
      [{ ...APP, groupId: idsOf(house.other).group(0) }, 404, 'not_found'],
      [{ ...APP, defaultBotId: idsOf(house.other).bot(0) }, 404, 'not_found'],
    ]
    const before = await databaseDigest(house)
    for (const [body, status, code] of cases)
      expectProblem(await house.native.post('/channels', body), status, code)
    expect(await databaseDigest(house)).toBe(before)
  })

  test.each([
    ...['http://127.0.0.1/', 'http://2130706433/', 'http://0x7f.1/', 'http://[::1]/'],
    ...['http://10.0.0.1/', 'http://192.168.1.1/', 'http://169.254.169.254/latest', 'http://[fd00::1]/'],
    ...['ftp://93.184.216.34/', 'http://user:word@93.184.216.34/', 'http://93.184.216.34:22/', 'nonsense'],
    ...['http://[::ffff:127.0.0.1]/', 'http://①②⑦.0.0.1/', 'http://127.0.0.1:9998/'],
  ])('a webhook at %s is refused when it is given, as it would be at sending', async (webhookUrl) => {
    const { id } = await connectApp()
    const before = await databaseDigest(house)
    expectProblem(await house.native.post('/channels', { ...APP, webhookUrl }), 400, 'invalid', /webhookUrl/)
    expectProblem(await house.native.patch(`/channels/${id}`, { webhookUrl }), 400, 'invalid', /webhookUrl/)
    expect(await databaseDigest(house)).toBe(before)
  })

  test('what PARLEY_FETCH_ALLOW opens may be a webhook', async () => {
    for (const webhookUrl of ['http://127.0.0.1:9999/hook', 'http://10.1.2.3:8080/', WEBHOOK]) {
      const { id } = await connectApp()
      const saved = await house.native.patch(`/channels/${id}`, { webhookUrl })
      expect(saved.body).toMatchObject({ webhookUrl })
    }
  })
})

describe('changing', () => {
  test('absent stays, null clears, and an event says what', async () => {
    const { id } = await connectApp({ webhookUrl: WEBHOOK, groupId: idsOf(house).group(1) })
    const renamed = await house.native.patch(`/channels/${id}`, { name: ' Reader ' })
    expect(renamed.body).toMatchObject({
      name: 'Reader',
      webhookUrl: WEBHOOK,
      groupId: idsOf(house).group(1),
    })
    const cleared = await house.native.patch(`/channels/${id}`, {
      ...{ webhookUrl: null, groupId: null, defaultBotId: idsOf(house).bot(0), metadata: { a: 1 } },
    })
    expect(cleared.body).toMatchObject({
      ...{ webhookUrl: null, groupId: null, defaultBotId: idsOf(house).bot(0), metadata: { a: 1 } },
    })
    expect((await house.native.get(`/channels/${id}`)).body).toEqual(cleared.body)
    const told = await house.sql<{ changed: string[] }>(
      `select data -> 'changed' as changed from event where type = 'channel.updated' order by id desc limit 2`,
    )
    expect(told.map(({ changed }) => changed)).toEqual(
      [['webhookUrl', 'groupId', 'metadata', 'defaultBotId'].toSorted(), ['name']].map((names) =>
        expect.arrayContaining(names),
      ),
    )
    expect((await house.native.patch(`/channels/${id}`, {})).body).toEqual(cleared.body)
  })

  test('the old token is dead at once, and the new one opens the door', async () => {
    const made = await connectApp()
    expect((await speak(made.customAppId, made.token)).status).toBe(200)
    const rotated = await house.native.post(`/channels/${made.id}/rotate`, { what: 'token' })
    expect(Object.keys(rotated.body).join(' ')).toBe(`${CHANNEL} token secretKey`)
    expect(rotated.body.token).toMatch(/^[\w-]{64}$/)
    expect((await speak(made.customAppId, made.token)).status).toBe(401)
    expect((await speak(made.customAppId, rotated.body.token)).status).toBe(200)
  })

  test('a web chat’s key and signing secret', async () => {
    const id = idsOf(house).channel('webchat')
    const before = (await house.native.get(`/channels/${id}`)).body.widgetKey
    const key = await house.native.post(`/channels/${id}/rotate`, { what: 'widgetKey' })
    expect(key.body.widgetKey).not.toBe(before)
    expect(key.body).toMatchObject({ token: null, secretKey: null })
    const secret = await house.native.post(`/channels/${id}/rotate`, { what: 'secretKey' })
    const rows = await house.sql<{ key: string }>(
      `select secret_key as key from channel where kind = 'webchat' and account_id = $1 order by number limit 1`,
      [house.account.id],
    )
    expect(secret.body.secretKey).toBe(rows[0]?.key)
    expectProblem(await house.native.post(`/channels/${id}/rotate`, { what: 'token' }), 400, 'invalid')
    const app = idsOf(house).channel('custom_app')
    expectProblem(await house.native.post(`/channels/${app}/rotate`, { what: 'widgetKey' }), 400, 'invalid')
  })
})

describe('switched off', () => {
  const conversation = (kind: string) => {
    const channel = house.account.channels.find((row) => row.kind === kind)
    return house.account.conversations.find((row) => row.channelId === channel?.id)
  }
  const turn = async (kind: string, verb: string) => {
    const reply = await house.native.post(`/channels/${idsOf(house).channel(kind)}/${verb}`)
    expect(reply.status, reply.text).toBe(200)
    return reply.body
  }

  test('nothing comes in and nothing goes out, in the words of each API; notes stay', async () => {
    expect(await turn('whatsapp', 'deactivate')).toMatchObject({ status: 'inactive' })
    const { id = '', number } = conversation('whatsapp') ?? {}
    const channelId = idsOf(house).channel('whatsapp')
    const before = await databaseDigest(house)
    const said = { channelId, text: 'Hello' }
    for (const from of ['4790000101', '4790000999'])
      expectProblem(await house.native.post('/sandbox/messages', { ...said, from }), 409, 'channel_inactive')
    const sent = await house.blingerApp.post('/conversations/send-message', {
      ...{ conversation_id: number, text: 'Hello' },
    })
    expect(sent.body).toEqual({ error: 'The channel is not active.', status: 400 })
    const posted = await house.blingerWidget.post(`/conversation/${id}/send-text-message`, {
      ...{ text: 'Hello', agentId: house.account.operators[0]?.id },
    })
    expect(posted.body).toEqual({ error: 'The channel is not active', status: 400 })
    const path = `/companies/${house.account.number}`
    for (const reply of [
      await house.pact.post(`${path}/conversations/${number}/messages`, { message: 'Hello' }),
      await house.pact.post(
        `${path}/channels/${house.account.channels.find(({ kind }) => kind === 'whatsapp')?.number}/conversations`,
        { phone: '4790000888', message: 'Hello' },
      ),
    ]) {
      expect(reply.status, reply.text).toBe(400)
      expect(reply.text).toContain('the channel is not active')
    }
    for (const body of [
      { channelId, conversationId: nativeId('conv', id), content: { type: 'text', text: 'Hello' } },
      { channelId, to: '+4790000888', content: { type: 'text', text: 'Hello' } },
    ]) {
      const refused = await house.linktor.post('/messages', body)
      expect(refused.body.error.code, refused.text).toBe('CHANNEL_NOT_CONNECTED')
      expect(refused.status).toBe(422)
    }
    expect(await databaseDigest(house)).toBe(before)
    const note = { conversation_id: number, text: 'For us' }
    expect((await house.blingerApp.post('/conversations/send-note', note)).status).toBe(200)
    expect(await turn('whatsapp', 'activate')).toMatchObject({ status: 'active' })
    expect((await house.native.post('/sandbox/messages', { ...said, from: '4790000999' })).status).toBe(201)
  })

  test('a custom app is told so, also with a token that is right', async () => {
    const made = await connectApp()
    await house.native.post(`/channels/${made.id}/deactivate`)
    const refused = await speak(made.customAppId, made.token)
    expect(refused.body).toEqual({ error: 'The channel is not active.', status: 400 })
    await house.native.post(`/channels/${made.id}/activate`)
    expect((await speak(made.customAppId, made.token)).status).toBe(200)
  })

  test('what waited to go out fails, and says why', async () => {
    const { number } = conversation('telegram') ?? {}
    const sent = await house.blingerApp.post('/conversations/send-message', {
      ...{ conversation_id: number, text: 'Too late' },
    })
    expect(sent.status, sent.text).toBe(200)
    await turn('telegram', 'deactivate')
    await house.settle()
    const rows = await house.sql(`select status, error from message where text = 'Too late'`)
    expect(rows).toEqual([{ status: 'failed', error: 'the channel is not active' }])
    await turn('telegram', 'activate')
  })
})

describe('removing', () => {
  test('conversations that are not closed are in the way, unless they are to be closed', async () => {
    const made = await connectApp()
    for (const from of ['a', 'b', 'c']) await speak(made.customAppId, made.token, from)
    expectProblem(await house.native.delete(`/channels/${made.id}`), 409, 'in_use')
    expectProblem(await house.native.delete(`/channels/${made.id}?force=false`), 409, 'in_use')
    expectProblem(await house.native.delete(`/channels/${made.id}?force=yes`), 400, 'invalid')
    expect((await house.native.get(`/channels/${made.id}`)).body.status).toBe('active')
    const gone = await house.native.delete(`/channels/${made.id}?force=true`)
    expect([gone.status, gone.text]).toEqual([204, ''])
    expectProblem(await house.native.get(`/channels/${made.id}`), 404, 'not_found')
    expect(await readAll(house.native, '/channels', 100)).not.toContainEqual(
      expect.objectContaining({ id: made.id }),
    )
    const listed = await house.linktor.get('/channels', { perPage: 100 })
    expect(listed.text).not.toContain(made.id)
    expect((await speak(made.customAppId, made.token)).status).toBe(401)
    const rows = await house.sql<{ id: string; number: number; status: string }>(
      `select id, number, status from conversation where channel_id = $1`,
      [made.id.replace(/^ch_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')],
    )
    expect(rows.map(({ status }) => status)).toEqual(['closed', 'closed', 'closed'])
    const [kept] = rows
    const read = await house.linktor.get(`/conversations/${nativeId('conv', kept?.id)}`)
    expect(read.body.data.attributes).toMatchObject({ status: 'closed' })
    const sent = await house.blingerApp.post('/conversations/send-message', {
      ...{ conversation_id: kept?.number, text: 'Anybody?' },
    })
    expect(sent.body).toEqual({ error: 'The channel is not active.', status: 400 })
    for (const verb of ['activate', 'deactivate'])
      expectProblem(await house.native.post(`/channels/${made.id}/${verb}`), 404, 'not_found')
    expectProblem(await house.native.patch(`/channels/${made.id}`, { name: 'x' }), 404, 'not_found')
    expectProblem(await house.native.delete(`/channels/${made.id}?force=true`), 404, 'not_found')
    const again = await house.native.post('/channels', { ...APP, customAppId: made.customAppId })
    expect(again.status, again.text).toBe(201)
  })

  test('one without conversations, or with closed ones only, simply goes', async () => {
    const { body } = await house.native.post('/channels', { kind: 'telegram', name: 'Short' })
    expect((await house.native.delete(`/channels/${body.id}`)).status).toBe(204)
    const told = await house.sql(
      `select 1 from event where type = 'channel.deleted' and data ->> 'channelId' is not null`,
    )
    expect(told.length).toBeGreaterThan(0)
  })
})

describe('who may', () => {
  const routes = (
    id: string,
  ): [method: 'get' | 'patch' | 'post' | 'delete', path: string, body?: object][] => [
    ['get', `/channels/${id}`],
    ['patch', `/channels/${id}`, { name: 'Mine' }],
    ['post', `/channels/${id}/rotate`, { what: 'token' }],
    ['post', `/channels/${id}/activate`],
    ['post', `/channels/${id}/deactivate`],
    ['delete', `/channels/${id}?force=true`],
  ]

  test('another account’s channel is nobody’s', async () => {
    const before = await databaseDigest(house, house.other.account.id)
    const theirs = idsOf(house.other).channel('custom_app')
    for (const [index, [method, path, body]] of routes(theirs).entries()) {
      const unknown = routes(nobodys('ch'))[index]?.[1] ?? ''
      const reply = await house.native[method](path, body as never)
      expectProblem(reply, 404, 'not_found')
      expect(reply.text).toBe((await house.native[method](unknown, body as never)).text)
    }
    expect(await databaseDigest(house, house.other.account.id)).toBe(before)
  })

  test('what a webhook’s URL carries is for whoever may change it', async () => {
    const webhookUrl = `${WEBHOOK}?key=between-us`
    const { id } = await connectApp({ webhookUrl })
    expect((await house.native.get(`/channels/${id}`)).body.webhookUrl).toBe(webhookUrl)
    const viewer = await actingAs(house, house.account.operators[1]?.id)
    expect((await viewer.get(`/channels/${id}`)).body.webhookUrl).toBe('https://93.184.216.34')
    expect((await viewer.get('/channels', { limit: 100 })).text).not.toContain('between-us')
  })

  test('reading needs channel.read, everything else channel.write', async () => {
    const viewer = await actingAs(house, house.account.operators[1]?.id)
    const blind = await actingAs(house, house.account.operators[0]?.id, ['operator.read'])
    const before = await databaseDigest(house)
    const id = idsOf(house).channel('custom_app')
    for (const [method, path, body] of routes(id)) {
      expectProblem(await blind[method](path, body as never), 403, 'forbidden')
      if (method !== 'get') expectProblem(await viewer[method](path, body), 403, 'forbidden')
    }
    expectProblem(await viewer.post('/channels', APP), 403, 'forbidden')
    expectProblem(await blind.get('/channels'), 403, 'forbidden')
    expect((await viewer.get('/channels')).status).toBe(200)
    const nobody = withToken(house.native, 'nobody')
    for (const [method, path, body] of routes(id))
      expectProblem(await nobody[method](path, body as never), 401, 'unauthenticated')
    expect(await databaseDigest(house)).toBe(before)
  })
})
