import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWebhook } from '../../src/application/webhooks/create-webhook.ts'
import { systemActor } from '../../src/domain/actor.ts'
import { EVERY_PERMISSION } from '../../src/domain/permissions.ts'
import { openSink, type Received, type Sink } from '../delivery/webhook-sink.ts'
import { openHouse, type Reply, type TestHouse } from '../house.ts'
import { expectRefusal, idsOf, ISO, keys, keysOf, linktorId } from './linktor-desk.ts'

let sink: Sink
let house: TestHouse
beforeAll(async () => {
  sink = await openSink()
  house = await openHouse({ env: { PARLEY_FETCH_ALLOW: sink.place } })
})
afterAll(async () => {
  await house[Symbol.asyncDispose]()
  await sink[Symbol.asyncDispose]()
})

const HTTPS = 'https://93.184.216.34/hooks'

/** A webhook of its own for a test, that is told nothing by itself unless it asks for something. */
async function make(more: object = {}): Promise<{ id: string; secret: string; path: string }> {
  const reply = await house.linktor.post('/webhooks', { url: sink.url(), events: ['test.ping'], ...more })
  expect(reply.status, reply.text).toBe(201)
  const { id, attributes } = reply.body.data
  return { id, secret: attributes.secret, path: `/webhooks/${id}` }
}

/** What the sink got at a path of its own. */
const at = (path: string): Received[] => sink.received.filter((one) => one.path === path)

function expectWebhook(reply: Reply, attributes: string, status = 200) {
  expect(reply.status, reply.text).toBe(status)
  expect(keysOf(reply.body)).toBe('data')
  expect(keysOf(reply.body.data)).toBe('attributes,id,type')
  expect(reply.body.data.type).toBe('webhook')
  expect(keysOf(reply.body.data.attributes)).toBe(keys(attributes))
  return reply.body.data.attributes
}

const DETAIL = 'url,description,status,events,secret,headers,config,stats,createdAt,updatedAt'

describe('a webhook', () => {
  test('is made, shown, changed and deleted, and its secret is shown once', async () => {
    const body = {
      ...{ url: HTTPS, events: ['message.received', 'bot.training.failed', '*'], description: 'CRM' },
      ...{
        headers: { 'X-Custom-Header': 'my-value' },
        config: { maxRetries: 3, timeout: 45, signature: 'body' },
      },
    }
    const reply = await house.linktor.post('/webhooks', body)
    const made = expectWebhook(reply, 'url,description,status,events,secret,headers,createdAt', 201)
    expect(made).toMatchObject({ url: HTTPS, description: 'CRM', status: 'active', events: body.events })
    expect(made.headers).toEqual(body.headers)
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const { id } = reply.body.data
    expect(id).toMatch(/^wh_[0-9a-f]{32}$/)

    const shown = expectWebhook(await house.linktor.get(`/webhooks/${id}`), DETAIL)
    expect(shown.secret).toBe(`${made.secret.slice(0, 10)}…`)
    expect(shown.config).toEqual({
      retryPolicy: 'exponential',
      maxRetries: 3,
      timeout: 45,
      signature: 'body',
    })
    expect(shown.stats).toEqual({
      ...{ deliveriesTotal: 0, deliveriesSucceeded: 0, deliveriesFailed: 0, successRate: 1 },
    })
    expect(shown.createdAt).toMatch(ISO)

    const changed = await house.linktor.patch(`/webhooks/${id}`, {
      ...{ status: 'inactive', events: ['conversation.closed'], description: '', config: { timeout: 5 } },
    })
    const after = expectWebhook(changed, DETAIL.replace('description,', ''))
    expect(after).toMatchObject({ status: 'inactive', events: ['conversation.closed'], url: HTTPS })
    expect(after.config).toMatchObject({ maxRetries: 3, timeout: 5, signature: 'body' })
    expect(after.headers).toEqual(body.headers)

    const listed = await house.linktor.get('/webhooks')
    expect(keysOf(listed.body)).toBe('data')
    const row = listed.body.data.find((one: { id: string }) => one.id === id)
    expect(keysOf(row.attributes)).toBe(keys('url,status,events,stats,createdAt,updatedAt'))
    expect(listed.text).not.toContain('whsec_')

    const deleted = await house.linktor.delete(`/webhooks/${id}`)
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    expectRefusal(await house.linktor.get(`/webhooks/${id}`), 404, 'RESOURCE_NOT_FOUND')
    expectRefusal(await house.linktor.delete(`/webhooks/${id}`), 404, 'RESOURCE_NOT_FOUND')
  })

  test('has the documented patience unless it says otherwise, at either mount', async () => {
    const { id } = await make()
    const reply = await house.request({
      ...{ method: 'GET', url: `/api/v1/webhooks/${id}` },
      headers: { authorization: `Bearer ${house.fixture.tokens.linktor}` },
    })
    expect(reply.body.data.attributes.config).toEqual({
      ...{ retryPolicy: 'exponential', maxRetries: 5, timeout: 30, signature: 'timestamped' },
    })
  })

  test('is refused with every fault at once, and with a code of its own for what is no address or no event', async () => {
    const post = (body: object) => house.linktor.post('/webhooks', body)
    const fit = { url: HTTPS, events: ['message.received'] }
    expectRefusal(await post({}), 400, 'VALIDATION_ERROR', ['url', 'events'])
    expectRefusal(await post({ url: 7, events: 'all' }), 400, 'VALIDATION_ERROR', ['url', 'events'])
    const addresses = [
      ...['not a url', '', 'ftp://93.184.216.34/', 'http://93.184.216.34/', 'https://10.0.0.1/hook'],
      ...[
        'https://127.0.0.1/',
        'https://[::1]/',
        'https://93.184.216.34:22/',
        'https://user:pw@93.184.216.34/',
      ],
    ]
    for (const url of addresses) expectRefusal(await post({ ...fit, url }), 400, 'INVALID_URL', ['url'])
    for (const events of [[], ['message.recieved'], ['message.received', 'conversation.resolved'], ['**']])
      expectRefusal(await post({ ...fit, events }), 400, 'INVALID_EVENTS', ['events'])
    const configs: [object, string][] = [
      ...[0, 61, 1.5, '30'].map((timeout): [object, string] => [{ timeout }, 'config.timeout']),
      ...[0, 6, null].map((maxRetries): [object, string] => [{ maxRetries }, 'config.maxRetries']),
      ...[[{ signature: 'none' }, 'config.signature'] as [object, string]],
      ...[[{ retryPolicy: 'linear' }, 'config.retryPolicy'] as [object, string]],
    ]
    for (const [config, field] of configs) {
      const { details } = expectRefusal(await post({ ...fit, config }), 400, 'VALIDATION_ERROR')
      expect(details?.[0]?.field).toBe(field)
    }
    for (const headers of [{ Host: 'x' }, { 'X-Linktor-Signature': 'x' }, { 'a b': 'x' }, { a: 'x\ny' }])
      expectRefusal(await post({ ...fit, headers }), 400, 'VALIDATION_ERROR', ['headers'])
    const { path } = await make()
    expectRefusal(await house.linktor.patch(path, { url: 'https://10.0.0.1/' }), 400, 'INVALID_URL', ['url'])
    expectRefusal(await house.linktor.patch(path, { events: ['x'] }), 400, 'INVALID_EVENTS', ['events'])
    expectRefusal(await house.linktor.patch(path, { status: 'paused' }), 400, 'VALIDATION_ERROR')
    expect((await house.linktor.get(path)).body.data.attributes).toMatchObject({
      url: sink.url(),
      status: 'active',
    })
  })

  test('of another account or dialect is nobody’s', async () => {
    const actor = systemActor(house.fixture.id, EVERY_PERMISSION)
    const { webhook } = await house.composed.tools.perform(createWebhook, actor, {
      dialect: 'native',
      url: HTTPS,
    })
    const theirs = await house.other.linktor.post('/webhooks', { url: HTTPS, events: ['*'] })
    const { id, path } = await make()
    await house.linktor.post(`${path}/test`)
    const [delivery] = (await house.linktor.get(`${path}/deliveries`)).body.data
    for (const other of [
      linktorId('wh', webhook.id),
      theirs.body.data.id,
      'wh_1',
      'x',
      linktorId('wh', 'ff'),
    ]) {
      const answers = [
        ...[
          await house.linktor.get(`/webhooks/${other}`),
          await house.linktor.patch(`/webhooks/${other}`, {}),
        ],
        ...[
          await house.linktor.post(`/webhooks/${other}/test`),
          await house.linktor.delete(`/webhooks/${other}`),
        ],
        await house.linktor.get(`/webhooks/${other}/deliveries`),
        await house.linktor.post(`/webhooks/${other}/deliveries/${delivery.id}/retry`),
      ]
      for (const answer of answers) expectRefusal(answer, 404, 'RESOURCE_NOT_FOUND')
    }
    const unknown = await house.linktor.post(`${path}/deliveries/del_${'0'.repeat(32)}/retry`)
    expectRefusal(unknown, 404, 'RESOURCE_NOT_FOUND')
    const ids = (await house.linktor.get('/webhooks')).body.data.map((one: { id: string }) => one.id)
    expect(ids).toContain(id)
    expect(ids).not.toContain(linktorId('wh', webhook.id))
    expect(ids).not.toContain(theirs.body.data.id)
  })

  test('is before keys that were given webhooks', async () => {
    const keyed = async (permission: string) => {
      const { body } = await house.linktor.post('/api-keys', { name: permission, permissions: [permission] })
      return { authorization: `Bearer ${body.data.attributes.key}` }
    }
    const fit = { url: HTTPS, events: ['*'] }
    const reads = await keyed('webhooks:read')
    expect((await house.linktor.get('/webhooks', {}, reads)).status).toBe(200)
    expectRefusal(await house.linktor.post('/webhooks', fit, reads), 403, 'INSUFFICIENT_PERMISSIONS')
    const writes = await keyed('webhooks:write')
    const made = await house.linktor.post('/webhooks', fit, writes)
    expect(made.status).toBe(201)
    const path = `/webhooks/${made.body.data.id}`
    const headers = { 'X-Key': 'of-the-receiver' }
    const patched = await house.linktor.patch(path, { description: 'x', headers }, writes)
    expect(expectWebhook(patched, DETAIL).headers).toEqual(headers)
    // They may be credentials: who only reads is told that they are there.
    const seen = await house.linktor.get(path, {}, reads)
    expect(expectWebhook(seen, DETAIL).headers).toEqual({ 'X-Key': '…' })
    expect(seen.text + (await house.linktor.get('/webhooks', {}, reads)).text).not.toContain(
      'of-the-receiver',
    )
    expect((await house.linktor.get(path)).body.data.attributes.headers).toEqual(headers)
    expectRefusal(await house.linktor.get(path, {}, writes), 403, 'INSUFFICIENT_PERMISSIONS')
    const other = await keyed('messages:write')
    expectRefusal(await house.linktor.get('/webhooks', {}, other), 403, 'INSUFFICIENT_PERMISSIONS')
    expect((await house.linktor.delete(path, undefined, writes)).status).toBe(204)
  })
})

describe('a test', () => {
  test('is sent at once, signed, and answered with what came of it', async () => {
    const { id, path, secret } = await make({ url: sink.url('/ping'), headers: { 'X-Team': 'north' } })
    const reply = await house.linktor.post(`${path}/test`)
    expect(reply.status, reply.text).toBe(200)
    expect(keysOf(reply.body.data)).toBe(keys('deliveryId,status,statusCode,latency,timestamp'))
    expect(reply.body.data).toMatchObject({
      status: 'succeeded',
      statusCode: 200,
      latency: expect.any(Number),
    })
    expect(reply.body.data.timestamp).toMatch(ISO)
    const [got, ...more] = at('/ping')
    expect(more).toEqual([])
    expect(got?.body).toMatchObject({ event: 'test.ping', data: { id, type: 'webhook', attributes: {} } })
    const { headers } = got!
    expect(headers).toMatchObject({
      ...{ 'content-type': 'application/json', 'x-team': 'north', 'x-linktor-event': 'test.ping' },
      ...{ 'x-linktor-delivery-id': reply.body.data.deliveryId, 'webhook-id': got?.body.id },
    })
    const signed = `${String(headers['x-linktor-timestamp'])}.${got?.text ?? ''}`
    const expected = createHmac('sha256', secret).update(signed).digest('hex')
    expect(headers['x-linktor-signature']).toBe(`sha256=${expected}`)
  })

  test('can be in the name of any event there is', async () => {
    const { path } = await make({ url: sink.url('/simulated') })
    expect((await house.linktor.post(`${path}/test`, { event: 'message.received' })).status).toBe(200)
    expect(at('/simulated')[0]?.body).toMatchObject({ event: 'message.received', data: { type: 'message' } })
    expectRefusal(await house.linktor.post(`${path}/test`, { event: 'x.y' }), 400, 'INVALID_EVENTS', [
      'event',
    ])
    expectRefusal(await house.linktor.post(`${path}/test`, { event: 7 }), 400, 'VALIDATION_ERROR', ['event'])
    expect(at('/simulated')).toHaveLength(1)
  })

  test('that fails says so, is tried once, and can be tried again by hand', async () => {
    const { path } = await make({ url: sink.url('/down') })
    sink.behave((_received, response) => void response.writeHead(503).end('down for today'))
    const failed = await house.linktor.post(`${path}/test`)
    sink.behave((_received, response) => void response.writeHead(204).end())
    expect(failed.body.data).toMatchObject({ status: 'failed', statusCode: 503 })
    const { deliveryId } = failed.body.data
    const listed = await house.linktor.get(`${path}/deliveries`, { status: 'failed' })
    expect(listed.body.meta).toEqual({ pagination: { page: 1, perPage: 20, totalPages: 1, totalCount: 1 } })
    const [row] = listed.body.data
    expect(row).toMatchObject({ id: deliveryId, type: 'delivery' })
    expect(keysOf(row.attributes)).toBe(
      keys('event,status,statusCode,errorMessage,attempts,payload,request,response,createdAt,lastAttemptAt'),
    )
    expect(row.attributes).toMatchObject({
      ...{
        event: 'test.ping',
        status: 'failed',
        statusCode: 503,
        attempts: 1,
        payload: { event: 'test.ping' },
      },
      response: { statusCode: 503, body: 'down for today' },
      request: { headers: { 'X-Linktor-Delivery-Id': deliveryId } },
    })

    const retried = await house.linktor.post(`${path}/deliveries/${deliveryId}/retry`)
    expect(retried.status, retried.text).toBe(200)
    expect(keysOf(retried.body.data)).toBe(keys('id,status,statusCode,attempts,retriedAt'))
    expect(retried.body.data).toMatchObject({
      id: deliveryId,
      status: 'succeeded',
      statusCode: 204,
      attempts: 2,
    })
    const [first, second] = at('/down')
    expect(second?.text).toBe(first?.text)
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    const detail = (await house.linktor.get(path)).body.data.attributes
    expect(detail.lastDelivery).toMatchObject({ id: deliveryId, event: 'test.ping', status: 'succeeded' })
    expect(detail.stats).toMatchObject({ deliveriesSucceeded: 1, avgLatency: expect.any(Number) })
  })

  test('nobody answers: there is no status to tell', async () => {
    const { path } = await make({ url: sink.url('/hangs') })
    sink.behave((_received, response) => void response.destroy())
    const reply = await house.linktor.post(`${path}/test`)
    sink.behave((_received, response) => void response.writeHead(200).end())
    expect(keysOf(reply.body.data)).toBe(keys('deliveryId,status,latency,timestamp'))
    const [row] = (await house.linktor.get(`${path}/deliveries`)).body.data
    expect(row.attributes).not.toHaveProperty('response')
    expect(row.attributes.errorMessage).toEqual(expect.any(String))
  })
})

describe('deliveries', () => {
  test('come by pages, newest first, and by status and event', async () => {
    const { path } = await make({ url: sink.url('/pages') })
    for (const event of ['test.ping', 'message.read', 'message.read'])
      await house.linktor.post(`${path}/test`, { event })
    const list = (query: object) => house.linktor.get(`${path}/deliveries`, { ...query })
    const events = (reply: Reply) =>
      reply.body.data.map((row: { attributes: { event: string } }) => row.attributes.event)
    const first = await list({ perPage: 2 })
    expect(events(first)).toEqual(['message.read', 'message.read'])
    expect(first.body.meta.pagination).toEqual({ page: 1, perPage: 2, totalPages: 2, totalCount: 3 })
    expect(events(await list({ perPage: 2, page: 2 }))).toEqual(['test.ping'])
    expect(events(await list({ event: 'test.ping' }))).toEqual(['test.ping'])
    expect(events(await list({ status: 'failed' }))).toEqual([])
    expectRefusal(await list({ status: 'lost', page: 0 }), 400, 'VALIDATION_ERROR', ['page', 'status'])
  })

  test('what happens is told as it happens, to who asked for it', async () => {
    const all = await make({ url: sink.url('/all'), events: ['*'] })
    const some = await make({
      url: sink.url('/some'),
      events: ['message.received'],
      config: { signature: 'body' },
    })
    const said = await house.native.post('/sandbox/messages', {
      channelId: house.fixture.channels.find(({ kind }) => kind === 'telegram')?.id,
      ...{ from: '700902', name: 'Kim', text: 'Hello' },
    })
    expect(said.status, said.text).toBe(201)
    await house.settle()
    // Of one conversation they come in order; who wrote it is told beside them.
    const names = at('/all').map(({ body }) => body.event)
    expect(names.toSorted()).toEqual(['contact.created', 'conversation.created', 'message.received'])
    expect(names.indexOf('conversation.created')).toBeLessThan(names.indexOf('message.received'))
    const [got, ...more] = at('/some')
    expect(more).toEqual([])
    expect(got?.body).toMatchObject({
      ...{ id: expect.stringMatching(/^evt_\d+$/), event: 'message.received' },
      data: {
        type: 'message',
        attributes: { content: { type: 'text', text: 'Hello' }, direction: 'inbound' },
      },
      meta: { organizationId: linktorId('org', house.fixture.id), webhookId: some.id },
    })
    expect(got?.body.data.attributes.channelId).toBe(idsOf(house).channel('telegram'))
    const digest = createHmac('sha256', some.secret)
      .update(got?.text ?? '')
      .digest('hex')
    expect(got?.headers['x-linktor-signature']).toBe(digest)
    for (const { path } of [all, some]) await house.linktor.delete(path)
  })
})
