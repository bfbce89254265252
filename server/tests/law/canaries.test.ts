import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { WebhookDialect } from '../../src/domain/webhook.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { SECRET } from '../compose.ts'
import type { Reply, TestHouse } from '../house.ts'
import { knownFrom } from '../known.ts'
import { probeOf, sendProbe, type Probe } from '../probing.ts'
import { SAMPLES } from '../requests.ts'
import { VISITING } from '../visitor-requests.ts'
import { signedFields, visit, webchatOf } from '../visitor/visitor-desk.ts'
import { openVisited } from '../visitor/visited.ts'

/** Where a secret is documented to be shown: whoever may read the thing needs it. */
const SHOWN: { canary: RegExp; at: RegExp }[] = [
  // Blinger's user carries the key that signs a widget's extra fields.
  { canary: /^secret key of /, at: /^\/api\/(users|conversations)\// },
  // To whoever begins a session, and to whoever goes on with it and has shown it.
  { canary: /^token of a visitor$/, at: /^\/visitor\/v1\/sessions$/ },
  // Pact's company has the address of its webhook.
  { canary: /^address of a pact webhook$/, at: /^\/p1\/companies/ },
  { canary: /^webhook of the channel$/, at: /^\/(v1|parley\/v1)\/channels/ },
  { canary: /^secret of a new webhook$/, at: /^\/parley\/v1\/webhooks(\/\w+\/rotate-secret)?$/ },
  // What was given with a webhook is for whoever may change it: headers in Linktor's words alone, and of its own webhooks alone.
  { canary: /^header of a (new|linktor) webhook$/, at: /^\/(api\/)?v1\/webhooks(\/\w+)?$/ },
  { canary: /^address of a linktor webhook$/, at: /^\/(api\/)?v1\/webhooks(\/\w+)?$/ },
  { canary: /^address of a \w+ webhook$/, at: /^(\/parley\/v1\/webhooks(\/\w+)?|webhook)$/ },
]

/** A session that is ended has nothing to show any more. */
const EVERY = [...SAMPLES, ...VISITING.filter(({ method }) => method !== 'DELETE')]

let house: TestHouse
/** What must not be seen, by what it is. */
const canaries = new Map<string, string>()
const lines: string[] = []
const sightings: string[] = []
/** Where one was seen that may be. */
const shown = new Set<string>()
let answers = 0
let refusals = 0

function look(where: string, text: string): void {
  for (const [canary, secret] of canaries) {
    if (!text.includes(secret)) continue
    const isShown = SHOWN.some((allowed) => allowed.canary.test(canary) && allowed.at.test(where))
    if (isShown) shown.add(`${canary} in ${where.replace(/wh_\w+/, ':id')}`)
    else sightings.push(`${canary} in ${where}`)
  }
}

function lookAt(where: string, { status, headers, text }: Reply): void {
  answers += 1
  if (status >= 400) refusals += 1
  look(where, text)
  look(where, JSON.stringify(headers))
}

beforeAll(async () => {
  house = await openVisited({
    log: createLogger('trace', { write: (line) => void lines.push(line) }),
    env: { PARLEY_FETCH_ALLOW: '127.0.0.1:1' },
  })
  await house.sql(
    `update channel set webhook_url = 'http://127.0.0.1:1/in?key=canary-webhook-of-channel' where kind = 'custom_app'`,
  )
  canaries.set('the root secret', SECRET)
  canaries.set('webhook of the channel', 'canary-webhook-of-channel')
  for (const dialect of ['native', 'linktor', 'pact'] as const) planted.push(await plantWebhook(dialect))
  canaries.set('secret of a new webhook', NEW_SECRET)
  canaries.set('header of a new webhook', 'canary-header-of-new-webhook')
  canaries.set('a new operator’s password', 'canary password')
  canaries.set('a wrong secret', 'canary-wrong-secret')
  for (const { name, tokens, owner, channels } of [house.fixture, house.other.account]) {
    for (const [door, token] of Object.entries(tokens)) canaries.set(`${door} token of ${name}`, token)
    for (const { kind, token } of channels) if (token) canaries.set(`${kind} token of ${name}`, token)
    canaries.set(`password of ${owner.email}`, owner.password)
  }
  for (const prefix of ['', 'other.'])
    canaries.set(
      `token of a visitor${prefix && ' elsewhere'}`,
      String(house.besides.get(`${prefix}visitors.0.token`)),
    )
  const keys = await house.sql<{ id: string; key: string }>('select id, secret_key as key from channel')
  for (const { id, key } of keys) canaries.set(`secret key of channel ${id}`, key)
  const hashes = await house.sql<{ id: string; hash: string }>(
    `select id::text, encode(secret_hash, 'hex') as hash from token
     union all select id, password from person_credential
     union all select id::text, encode(secret_hash, 'hex') from visitor_session`,
  )
  for (const { id, hash } of hashes) if (hash) canaries.set(`hash of ${id}`, hash)
})
afterAll(() => house[Symbol.asyncDispose]())

const NEW_SECRET = `whsec_${Buffer.from('canary-secret-of-a-new-webhook-1').toString('base64')}`

/** Webhooks, as the native API names them. */
const planted: string[] = []

/** A webhook with what must not be seen of one, and deliveries to it, which fail. */
async function plantWebhook(dialect: WebhookDialect): Promise<string> {
  const secret = `canary-secret-of-a-${dialect}-webhook`.padEnd(33, '-')
  const plant = {
    ...{ dialect, secret: `whsec_${Buffer.from(secret.slice(0, 33)).toString('base64')}` },
    url: `http://127.0.0.1:1/in?key=canary-address-of-${dialect}-webhook`,
    headers: { 'x-key': `canary-header-of-${dialect}-webhook` },
  }
  const { body, text, status } = await house.native.post('/webhooks', plant)
  expect(status, text).toBe(201)
  expect((await house.native.post(`/webhooks/${body.id}/test`)).body.attempts).toHaveLength(1)
  canaries.set(`secret of a ${dialect} webhook`, plant.secret)
  canaries.set(`address of a ${dialect} webhook`, `canary-address-of-${dialect}-webhook`)
  canaries.set(`header of a ${dialect} webhook`, `canary-header-of-${dialect}-webhook`)
  const doors = dialect === 'linktor' ? (['native', 'linktor'] as const) : (['native'] as const)
  for (const door of doors) {
    const prefix = door === 'native' ? '/parley/v1' : '/v1'
    for (const path of ['', '/deliveries'])
      EVERY.push({
        ...{ dialect: door, method: 'GET', route: `${prefix}/webhooks/:id${path}` },
        path: `${prefix}/webhooks/${body.id}${path}`,
      })
  }
  return body.id as string
}

/** A sample that carries canaries wherever a secret belongs. */
function baited(probe: Probe): Probe {
  const { body, sample } = probe
  if (!body) return probe
  const bait = {
    ...body,
    ...('operator_password' in body && { operator_password: 'canary password' }),
    ...('secret' in body && sample.dialect === 'native' && { secret: NEW_SECRET }),
    ...('headers' in body && { headers: { 'x-key': 'canary-header-of-new-webhook' } }),
  }
  return { ...probe, body: bait }
}

/** Everything a client may get wrong about one request. */
async function trouble(probe: Probe): Promise<void> {
  const { method } = probe.sample
  const { path, headers } = probe
  const wrong = Object.fromEntries(Object.keys(headers).map((name) => [name, 'Bearer canary-wrong-secret']))
  const [secret = ''] = Object.values(headers)
  const bare = encodeURIComponent(secret.replace('Bearer ', ''))
  const tries = [
    { method, url: path, headers: wrong },
    { method, url: `${path}?private_api_token=${bare}`, headers: {} },
    { method, url: `${path}/${bare}`, headers },
    { method: 'OPTIONS' as const, url: `${path}?token=${bare}`, headers },
    { method, url: `${path}?x=${'y'.repeat(9000)}`, headers },
  ]
  for (const payload of [
    '{"a":',
    `{"private_api_token":"${secret}","operator_password":"canary password"`,
    '['.repeat(1000),
  ])
    if (method !== 'GET')
      lookAt(
        path,
        await house.request({
          method,
          url: path,
          headers: { ...headers, 'content-type': 'application/json' },
          payload,
        }),
      )
  for (const asked of tries) {
    const reply = await house.request(asked)
    lookAt(path, reply)
  }
}

test('no answer shows a secret but where it is documented', { timeout: 120_000 }, async () => {
  for (const sample of EVERY) {
    const probe = baited(probeOf(house, sample, knownFrom(house)))
    lookAt(probe.path, await sendProbe(house, probe))
    await trouble(probe)
  }
  expect(answers).toBeGreaterThan(400)
  expect(refusals).toBeGreaterThan(300)
})

test('what is given with a webhook is seen where it is documented', async () => {
  const seen = [...shown].filter((one) => one.includes('webhook in '))
  expect(seen.toSorted()).toEqual([
    'address of a linktor webhook in /parley/v1/webhooks/:id',
    'address of a linktor webhook in /v1/webhooks',
    'address of a linktor webhook in /v1/webhooks/:id',
    'address of a native webhook in /parley/v1/webhooks',
    'address of a native webhook in /parley/v1/webhooks/:id',
    'address of a pact webhook in /p1/companies',
    'address of a pact webhook in /p1/companies/1',
    'header of a linktor webhook in /v1/webhooks/:id',
    'header of a new webhook in /v1/webhooks',
    'header of a new webhook in /v1/webhooks/:id',
    'secret of a new webhook in /parley/v1/webhooks',
    'secret of a new webhook in /parley/v1/webhooks/:id/rotate-secret',
  ])
})

test('who only reads webhooks sees neither their headers nor what their addresses carry', async () => {
  const made = await house.native.post('/tokens', {
    ...{ kind: 'native', name: 'reader', permissions: ['webhook.read', 'account.read'] },
  })
  expect(made.status, made.text).toBe(201)
  const reader = { authorization: `Bearer ${made.body.secret}` }
  const key = await house.linktor.post('/api-keys', { name: 'reader', permissions: ['webhooks:read'] })
  const linktorReader = { authorization: `Bearer ${key.body.data.attributes.key}` }
  // Pact's is gone by now: a company that is given no address has none.
  const [native, linktor] = planted
  const texts = []
  for (const path of [
    '/webhooks',
    ...[native, linktor].flatMap((id) => [`/webhooks/${id}`, `/webhooks/${id}/deliveries`]),
  ])
    texts.push(await house.native.get(path, {}, reader))
  for (const { status, text } of texts) {
    expect(status, text).toBe(200)
    expect(text).not.toMatch(/canary-(secret|header|address)-of/)
  }
  for (const path of ['/webhooks', `/webhooks/${linktor}`, `/webhooks/${linktor}/deliveries`]) {
    const { status, text } = await house.linktor.get(path, {}, linktorReader)
    expect(status, text).toBe(200)
    expect(text).not.toMatch(/canary-(secret|header)-of/)
  }
})

test('nor does one that fails for a fault of ours', { timeout: 120_000 }, async () => {
  await house.sql('alter table conversation rename to gone')
  await house.sql('alter table operator rename to gone_too')
  const before = lines.length
  for (const sample of EVERY) {
    const probe = baited(probeOf(house, sample, knownFrom(house)))
    const reply = await sendProbe(house, probe)
    lookAt(probe.path, reply)
    expect(reply.text).not.toMatch(/relation|select |\/src\/|node_modules/)
  }
  await house.sql('alter table gone_too rename to operator')
  await house.sql('alter table gone rename to conversation')
  const told = lines.slice(before).filter((line) => line.includes('"level":50'))
  expect(told.length).toBeGreaterThan(10)
})

test('nor does a visit, what becomes of it, and what our side sees of it', async () => {
  const key =
    [...canaries].find(([name]) => name === `secret key of channel ${webchatOf(house).id}`)?.[1] ?? ''
  const visitor = await visit(house, { identity: signedFields(key, { plan: 'gold' }) })
  canaries.set('token of another visitor', visitor.token)
  await visitor.says('Hello')
  const shown = await Promise.all([
    visitor.ask('GET', '/messages'),
    visitor.ask('PUT', '/card', { name: 'Ines' }),
    visitor.ask('PUT', '/page', { url: 'https://shop.example/', title: 'Shop' }),
    visitor.ask('POST', '/seen', { readSeq: 1 }),
    visitor.ask('POST', '/messages', { id: 'no uuid', text: 'x' }),
    visitor.ask('GET', `/${visitor.token}`),
    visitor.ask('GET', `/messages?token=${visitor.token}`),
  ])
  for (const reply of shown) lookAt('/visitor/v1/…', reply)
  for (const path of ['/conversations', '/contacts', '/channels', '/events', '/audit'])
    lookAt(path, await house.native.get(path, { limit: 100 }))
  expect(shown.map(({ status }) => status)).toEqual([200, 200, 204, 200, 400, 404, 400])
})

test('signing in shows its session once, and nothing of it in the log', async () => {
  const { email, password } = house.fixture.owner
  const signIn = (payload: object) =>
    house.request({ method: 'POST', url: '/parley/v1/auth/sign-in', payload })
  for (const wrong of [
    { email, password: 'canary-wrong-secret' },
    { email: password, password },
    { email, password: [password] },
  ])
    lookAt('/parley/v1/auth/sign-in', await signIn(wrong))
  const reply = await signIn({ email, password })
  expect(reply.status, reply.text).toBe(200)
  look('/parley/v1/auth/sign-in', reply.text)
  const cookies = [reply.headers['set-cookie']].flat().map(String)
  for (const cookie of cookies) {
    const value = /^[^=]+=([^;]+)/.exec(cookie)?.[1] ?? ''
    if (value.length < 20) continue
    canaries.set('a session’s cookie', value)
    canaries.set('a session’s token', decodeURIComponent(value).split('.')[0]!)
  }
  expect(canaries.has('a session’s token')).toBe(true)
  const cookie = cookies.map((text) => text.split(';')[0]).join('; ')
  for (const url of ['/parley/v1/me', '/parley/v1/me/sessions', '/parley/v1/nothing', '/api/operators/all'])
    lookAt(url, await house.request({ method: 'GET', url, headers: { cookie } }))
})

test('no line of the log shows one, at the most talkative', async () => {
  await house.settle()
  expect(lines.length).toBeGreaterThan(answers)
  for (const line of lines) look(`the log: ${line.slice(0, 200)}`, line)
  expect(sightings).toEqual([])
})

/** Jobs are gone when they are done. */
const MAY_BE_EMPTY = new Set(['kept_answer', 'outbox', 'graphile_worker._private_jobs'])

test('no event, audit entry, job or message shows one', async () => {
  for (const table of [
    'event',
    'audit_entry',
    'message',
    'outbox',
    'graphile_worker._private_jobs',
    'kept_answer',
    'webhook_delivery',
    // Addresses as they are; secrets and headers sealed.
    'webhook',
  ]) {
    const rows = await house.sql<{ row: string }>(`select t::text as row from ${table} t`)
    if (!MAY_BE_EMPTY.has(table)) expect(rows.length, table).toBeGreaterThan(0)
    for (const { row } of rows) look(table, row)
  }
  const events = await house.native.get('/events', { limit: 1000 })
  expect(events.body.events?.length ?? events.body.items?.length).toBeGreaterThan(10)
  look('the event log', events.text)
  expect(sightings).toEqual([])
})

test('a log line is one line, whatever the request says', async () => {
  const forged = 'a\r\n{"level":60,"msg":"forged"}\u2028'
  lines.length = 0
  const url = `/v1/${encodeURIComponent(forged)}?x=${encodeURIComponent(forged)}`
  await house.request({
    method: 'GET',
    url,
    headers: { authorization: `Bearer ${forged.replaceAll(/[\r\n\u2028]/g, '')}` },
  })
  await house.request({ method: 'POST', url: '/api/operators/create', payload: { operator_email: forged } })
  await house.linktor.post('/messages', { to: forged })
  expect(lines.length).toBeGreaterThanOrEqual(3)
  for (const line of lines) {
    expect(line.match(/[\r\n\u2028\u2029]/g)).toEqual(['\n'])
    expect(JSON.parse(line).msg).not.toContain('forged')
  }
})

test('each request is one line, with who asked, what and from where', async () => {
  lines.length = 0
  await house.linktor.get('/channels', { search: 'x' }, { 'x-request-id': 'trace-9' })
  await house.request({ method: 'GET', url: '/nowhere?secret=1', remoteAddress: '198.51.100.9' })
  const [named, nameless] = lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => msg === 'request')
  const [token] = await house.sql<{ id: string }>(
    `select id from token where kind = 'linktor' and account_id = '${house.fixture.id}'`,
  )
  expect(named).toMatchObject({
    ...{ level: 30, requestId: 'trace-9', method: 'GET', route: '/v1/channels', status: 200 },
    ...{ account: house.fixture.id, actor: token?.id, address: '127.0.0.1' },
  })
  expect(named?.ms).toBeTypeOf('number')
  expect(nameless).toMatchObject({ route: null, status: 404, address: '198.51.100.9' })
  expect(nameless).not.toHaveProperty('account')
  expect(lines.join('')).not.toContain('secret=1')
})

test('whoever leaves before the answer is one line, without a status', async () => {
  await house.composed.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = house.composed.app.server.address() as { port: number }
  // Of the account in which nothing goes on.
  const { cursor } = (await house.other.native.get('/events', { after: 'latest' })).body
  await house.sql('update token set last_used_at = null')
  lines.length = 0
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  const token = house.other.account.tokens.native
  socket.write(
    `GET /parley/v1/events?after=${cursor}&wait=20 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  )
  // Once it is let in, it waits.
  await vi.waitFor(async () => {
    const [used] = await house.sql<{
      used: boolean
    }>(`select last_used_at is not null as used from token where kind = 'native'
      and account_id = '${house.other.account.id}'`)
    expect(used?.used).toBe(true)
  })
  socket.destroy()
  const told = () =>
    lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === 'request')
  await vi.waitFor(() => expect(told()).toHaveLength(1))
  expect(told()).toMatchObject([{ method: 'GET', route: '/parley/v1/events', status: null }])
  const headers = { connection: 'close', authorization: `Bearer ${token}` }
  await (await fetch(`http://127.0.0.1:${port}/parley/v1/events?limit=1`, { headers })).text()
  expect(told()).toMatchObject([{ status: null }, { status: 200 }])
})
