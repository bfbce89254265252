import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createToken } from '../../src/application/tokens/create-token.ts'
import { systemActor } from '../../src/domain/actor.ts'
import { EVERY_PERMISSION, type Permission } from '../../src/domain/permissions.ts'
import { openSink, type Sink } from '../delivery/webhook-sink.ts'
import { openDesk, refused, type Desk } from './pact-desk.ts'

const TEST = { source: 'pact.im', operation: 'test' }

let sink: Sink
let desk: Desk
beforeAll(async () => {
  sink = await openSink()
  // Port 1 is opened too: nobody answers there.
  desk = await openDesk({ env: { PARLEY_FETCH_ALLOW: `${sink.place},127.0.0.1:1` } })
})
afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  await sink[Symbol.asyncDispose]()
})
beforeEach(async () => {
  sink.behave((_received, response) => void response.writeHead(200).end())
  await desk.put(desk.company, { webhook_url: '' })
  await desk.house.settle()
  sink.received.length = 0
})

const company = async () => (await desk.get(desk.company)).body.data.company
const webhooks = async () => (await desk.house.native.get('/webhooks', { dialect: 'pact' })).body.items
const updated = () => ({ status: 'updated', data: { external_id: desk.house.fixture.number } })
const logged = async () =>
  desk.house.sql<{ type: string }>('select type from event where type ~ $1 order by id', [
    '^(webhook|account)[.]',
  ])

test('only what is given changes, and empty clears', async () => {
  const before = await company()
  const given = { name: 'Pier Books', phone: '+47 900-00-001', description: 'Books', hidden: 'true' }
  expect((await desk.put(desk.company, given)).body).toEqual(updated())
  const named = { ...before, name: 'Pier Books', phone: '4790000001', description: 'Books' }
  expect(await company()).toEqual(named)
  expect((await desk.put(desk.company, { phone: '' })).body).toEqual(updated())
  expect(await company()).toEqual({ ...named, phone: null })
  expect((await desk.put(desk.company, { hidden: 0 })).body).toEqual(updated())
  const cleared = { name: before.name, phone: null, description: null }
  const json = await desk.ask('PUT', `${desk.company}/`, { payload: cleared })
  expect(json.body).toEqual(updated())
  expect(await company()).toEqual({ ...named, name: before.name, phone: null, description: null })
})

test('what is wrong with it is named, and nothing changes', async () => {
  const before = await company()
  for (const [wrong, detail] of [
    [{ name: 'x'.repeat(256) }, 'name: must not be more than 255 symbols'],
    [{ phone: 'call me' }, 'phone: must be in format 79250000001'],
    [{ description: 'x'.repeat(2001) }, 'description: must not be more than 2000 symbols'],
    [{ hidden: 'maybe' }, 'hidden: must be a boolean'],
    [{ webhook_url: 'nowhere' }, /^webhook_url: /],
  ] as const)
    refused(await desk.put(desk.company, { description: 'new', ...wrong }), 400, detail)
  expect(await company()).toEqual(before)
  refused(await desk.put(`/p1/companies/${desk.house.other.account.number}`, { name: 'Mine' }), 404)
})

test('a webhook_url is called first, kept, shown, told at, called again, moved and ended', async () => {
  const { house } = desk
  expect((await desk.put(desk.company, { webhook_url: ` ${sink.url('/first')} ` })).body).toEqual(updated())
  expect(sink.received).toMatchObject([{ path: '/first', text: JSON.stringify(TEST) }])
  expect(sink.received[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'webhook-id': expect.stringMatching(/^test_/),
    'webhook-timestamp': expect.stringMatching(/^\d+$/),
  })
  expect(sink.received[0]?.headers).not.toHaveProperty('webhook-signature')
  expect((await company()).webhook_url).toBe(sink.url('/first'))
  expect((await desk.get('/p1/companies')).body.data.companies[0].webhook_url).toBe(sink.url('/first'))
  const [made, ...more] = await webhooks()
  expect([made, more]).toMatchObject([{ dialect: 'pact', url: sink.url('/first'), events: ['*'] }, []])

  await desk.post(`${desk.talk}/messages`, { message: 'told at once' })
  await house.settle()
  await house.settle()
  expect(sink.received.slice(1).map(({ path, body }) => [path, body.type, body.event])).toEqual([
    ['/first', 'message', 'new'],
    ['/first', 'job', 'executed'],
    ['/first', 'message', 'ack'],
    ['/first', 'message', 'ack'],
  ])
  sink.received.length = 0

  // The same one again: called, and nothing recorded.
  const before = await logged()
  expect((await desk.put(desk.company, { webhook_url: sink.url('/first') })).status).toBe(200)
  expect(sink.received.map(({ body }) => body)).toEqual([TEST])
  expect(await logged()).toEqual(before)

  await desk.put(desk.company, { webhook_url: sink.url('/second') })
  expect((await webhooks()).map(({ id, url }: { id: string; url: string }) => [id, url])).toEqual([
    [made.id, sink.url('/second')],
  ])
  sink.received.length = 0
  expect((await desk.ask('PUT', desk.company, { payload: { webhook_url: null } })).body).toEqual(updated())
  expect(sink.received).toEqual([])
  expect(await webhooks()).toEqual([])
  expect((await company()).webhook_url).toBeNull()
  expect((await desk.put(desk.company, { webhook_url: '' })).body).toEqual(updated())
})

test.each<[why: string, status: number, headers?: Record<string, string>]>([
  ['500', 500],
  ['201', 201],
  ['204', 204],
  ['a redirect', 302, { location: '/elsewhere' }],
  ['404', 404],
])('a test call answered with %s refuses all of it', async (_why, status, headers = {}) => {
  await desk.put(desk.company, { webhook_url: sink.url('/good') })
  const [before, log] = [await company(), await logged()]
  sink.received.length = 0
  sink.behave((_received, response) => void response.writeHead(status, headers).end())
  const reply = await desk.put(desk.company, { name: 'Never', webhook_url: sink.url('/bad') })
  refused(reply, 400, `webhook_url: the test call failed: The endpoint answered ${status}`)
  expect(sink.received.map(({ path }) => path)).toEqual(['/bad'])
  expect([await company(), await logged()]).toEqual([before, log])
  expect((await webhooks()).map(({ url }: { url: string }) => url)).toEqual([sink.url('/good')])
})

test.each([
  ['a port where nobody answers', 'http://127.0.0.1:1/hook'],
  ['http to an address that was not opened', 'http://93.184.216.34/hook'],
  ['a private address', 'https://10.0.0.7/hook'],
  ['this machine', 'https://127.0.0.1:8443/hook'],
  ['the cloud’s own address', 'https://169.254.169.254/latest'],
  ['no URL', 'example'],
  ['another scheme', 'ftp://93.184.216.34/hook'],
])('%s is refused', async (_where, webhook_url) => {
  const before = [await company(), await logged()]
  refused(await desk.put(desk.company, { name: 'Never', webhook_url }), 400, /^webhook_url: .+/)
  expect([await company(), await logged()]).toEqual(before)
  expect([await webhooks(), sink.received]).toEqual([[], []])
})

test('a connection that breaks off is no answer', async () => {
  sink.behave((_received, response) => void response.destroy())
  refused(await desk.put(desk.company, { webhook_url: sink.url() }), 400, /test call failed/)
  expect(await webhooks()).toEqual([])
})

test('the oldest webhook of this dialect is the company’s; one that was switched off is on again', async () => {
  const { native } = desk.house
  const make = async (dialect: string, path: string) =>
    (await native.post('/webhooks', { dialect, url: sink.url(path) })).body.id as string
  const [older, pact, younger] = [
    await make('blinger', '/b'),
    await make('pact', '/p'),
    await make('pact', '/q'),
  ]
  expect((await company()).webhook_url).toBe(sink.url('/p'))
  await native.patch(`/webhooks/${pact}`, { isActive: false })
  await desk.put(desk.company, { webhook_url: sink.url('/p') })
  expect((await native.get(`/webhooks/${pact}`)).body).toMatchObject({ isActive: true, url: sink.url('/p') })
  await desk.put(desk.company, { webhook_url: '' })
  expect((await company()).webhook_url).toBe(sink.url('/q'))
  for (const id of [older, younger]) expect((await native.delete(`/webhooks/${id}`)).status).toBe(204)
})

test('two who set it at once make one', async () => {
  const paths = ['/1', '/2', '/3', '/4']
  const replies = await Promise.all(
    paths.map((path) => desk.put(desk.company, { webhook_url: sink.url(path) })),
  )
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(await webhooks()).toHaveLength(1)
})

test('who may not see or change webhooks may change the rest', async () => {
  const { house } = desk
  await desk.put(desk.company, { webhook_url: sink.url('/between-us') })
  const token = async (permissions: Permission[]) => {
    const actor = systemActor(house.fixture.id, EVERY_PERMISSION)
    const input = { kind: 'pact' as const, name: 'narrow', permissions }
    const { secret } = await house.composed.tools.act(createToken, actor, input)
    return { headers: { 'x-private-api-token': secret }, isAnonymous: true }
  }
  const clerk = await token(['account.read', 'account.write'])
  const shown = await desk.ask('GET', desk.company, clerk)
  expect(shown.body.data.company.webhook_url).toBeNull()
  expect((await desk.ask('PUT', desk.company, { ...clerk, payload: { description: 'Clerk' } })).status).toBe(
    200,
  )
  sink.received.length = 0
  for (const webhook_url of [sink.url('/theirs'), '', null])
    refused(await desk.ask('PUT', desk.company, { ...clerk, payload: { name: 'Never', webhook_url } }), 403)
  expect(sink.received).toEqual([])
  const reader = await token(['account.read', 'webhook.read', 'webhook.write'])
  expect((await desk.ask('GET', desk.company, reader)).body.data.company).toMatchObject({
    ...{ description: 'Clerk', webhook_url: sink.url('/between-us') },
  })
  refused(await desk.ask('PUT', desk.company, { ...reader, payload: { webhook_url: '' } }), 403)
})
