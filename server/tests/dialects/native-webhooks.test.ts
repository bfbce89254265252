import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { answerWith } from '../delivery/webhook-desk.ts'
import type { Sink } from '../delivery/webhook-sink.ts'
import type { TestHouse } from '../house.ts'
import { expectProblem } from './native-desk.ts'
import {
  AWAY,
  everyCall,
  keysOf,
  openNativeWebhooks,
  OWN_SECRET,
  subscribe,
  WEBHOOK,
  type NativeWebhooks,
} from './native-webhook-desk.ts'

let desk: NativeWebhooks
let house: TestHouse
let sink: Sink
beforeAll(async () => {
  desk = await openNativeWebhooks()
  house = desk.house
  sink = desk.sink
})
afterAll(() => desk[Symbol.asyncDispose]())
beforeEach(() => {
  sink.received.length = 0
  sink.behave(answerWith(204, { 'x-sink': 'here' }))
})

const make = (more?: object) => desk.make(more)
const shown = (id: string) => desk.shown(id)
const eventsOf = (id: string) => desk.eventsOf(id)
describe('making', () => {
  test('all of Parley’s events, signed by the specification; the secret is shown this once', async () => {
    const { secret, ...made } = await make({ isActive: undefined })
    expect(keysOf(made)).toBe(WEBHOOK)
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(made).toMatchObject({
      ...{
        dialect: 'native',
        url: AWAY,
        description: null,
        events: ['*'],
        headers: {},
        signature: 'standard',
      },
      ...{ timeoutSeconds: null, maxAttempts: null, secretHint: `${secret.slice(0, 10)}…` },
      ...{ isActive: true, pause: null, failingSince: null },
    })
    const { stats, ...got } = await shown(made.id)
    expect(got).toEqual(made)
    expect(stats).toEqual({
      ...{ succeeded: 0, failed: 0, pending: 0, attempts: 0, successRate: null, averageLatencyMs: null },
      ...{ lagSeconds: 0, lastDelivery: null },
    })
    const list = await house.native.get('/webhooks')
    expect(keysOf(list.body)).toBe('items nextCursor')
    expect(list.body.items).toContainEqual({ ...made, stats })
    expect(list.text).not.toContain(secret)
    const stored = await house.sql(`select 1 from webhook w where w::text like '%' || $1 || '%'`, [secret])
    expect(stored).toEqual([])
    expect(await eventsOf(made.id)).toEqual(['webhook.created'])
    await house.native.delete(`/webhooks/${made.id}`)
  })

  test('with everything said; what headers say is not shown again', async () => {
    const { secret, ...made } = await make({
      ...{ dialect: 'native', events: ['message.received', 'message.received', 'contact.updated'] },
      ...{ description: ' For the CRM ', headers: { Authorization: 'Bearer between-us', 'X-Env': 'prod' } },
      ...{ secret: OWN_SECRET, signature: 'standard', timeoutSeconds: 60, maxAttempts: 10 },
    })
    expect(secret).toBe(OWN_SECRET)
    expect(made).toMatchObject({
      ...{ events: ['message.received', 'contact.updated'], description: 'For the CRM' },
      ...{ headers: { Authorization: '…', 'X-Env': '…' }, timeoutSeconds: 60, maxAttempts: 10 },
      ...{ secretHint: `${OWN_SECRET.slice(0, 10)}…`, isActive: false },
    })
    expect((await house.native.get(`/webhooks/${made.id}`)).text).not.toContain('between-us')
  })

  test('in every dialect’s own words, with the signature that is its own', async () => {
    const { speeches } = house.composed.tools.webhooks
    for (const [dialect, speech] of Object.entries(speeches)) {
      const made = await make({ dialect, events: [...speech.events] })
      expect(made).toMatchObject({ dialect, signature: speech.signatures[0], events: [...speech.events] })
      for (const signature of speech.signatures)
        expect((await make({ dialect, signature })).signature).toBe(signature)
      const { items } = (await house.native.get('/webhooks', { dialect })).body
      expect(new Set(items.map((one: { dialect: string }) => one.dialect))).toEqual(new Set([dialect]))
      expect(items.map(({ id }: { id: string }) => id)).toContain(made.id)
      await clear()
    }
    expectProblem(await house.native.get('/webhooks', { dialect: 'klingon' }), 400, 'invalid', /^dialect /)
  })

  test('of which an account has a hundred at most', async () => {
    const before = (await house.other.native.get('/webhooks')).body.items.length
    await house.sql(
      `insert into webhook (account_id, id, dialect, url, events, sealed_headers, signature, secret_hint, is_active,
          after_transaction_id, after_id, created_at, updated_at)
       select account_id, gen_random_uuid(), dialect, url, events, sealed_headers, signature, secret_hint, false,
          after_transaction_id, after_id, created_at, updated_at
         from (select * from webhook where account_id = $1 limit 1) w, generate_series(1, $2)`,
      [house.other.account.id, 99 - before],
    )
    await subscribe(house.other, { url: AWAY, isActive: false })
    expectProblem(await house.other.native.post('/webhooks', { url: AWAY }), 409, 'conflict', /100 webhooks/)
    const [first] = (await house.other.native.get('/webhooks')).body.items
    await house.other.native.delete(`/webhooks/${first.id}`)
    await subscribe(house.other, { url: AWAY, isActive: false })
  })
})

/** Takes away those of tests before. */
async function clear(): Promise<void> {
  for (const { id } of (await house.native.get('/webhooks')).body.items)
    expect((await house.native.delete(`/webhooks/${id}`)).status).toBe(204)
}

describe('changing', () => {
  test('absent stays, null clears, lists are replaced as a whole', async () => {
    const { secret: _, ...made } = await make({
      ...{ description: 'CRM', events: ['message.received'], headers: { 'x-key': 'a', 'x-env': 'b' } },
      ...{ timeoutSeconds: 5, maxAttempts: 3 },
    })
    const same = await house.native.patch(`/webhooks/${made.id}`, {})
    expect(same.body).toEqual(made)
    const changed = await house.native.patch(`/webhooks/${made.id}`, {
      ...{
        description: null,
        events: ['*'],
        headers: { 'x-key': 'c' },
        timeoutSeconds: null,
        maxAttempts: null,
      },
      url: 'https://93.184.216.34/other',
    })
    expect(changed.status, changed.text).toBe(200)
    expect(changed.body).toEqual({
      ...made,
      ...{
        description: null,
        events: ['*'],
        headers: { 'x-key': '…' },
        timeoutSeconds: null,
        maxAttempts: null,
      },
      ...{ url: 'https://93.184.216.34/other', updatedAt: changed.body.updatedAt },
    })
    expect(changed.body.updatedAt > made.updatedAt).toBe(true)
    const { stats: __, ...got } = await shown(made.id)
    expect(got).toEqual(changed.body)
    expect((await eventsOf(made.id)).at(-1)).toBe(
      'webhook.updated url,description,events,headers,timeoutMs,maxAttempts',
    )
  })

  test('what is shown of headers cannot be sent back by accident', async () => {
    const { id, headers } = await make({ headers: { 'x-key': 'a' } })
    expectProblem(
      await house.native.patch(`/webhooks/${id}`, { headers }),
      400,
      'invalid',
      /^headers: x-key /,
    )
  })

  test('switched off, paused by the server, and resumed', async () => {
    const { id } = await make({ isActive: true })
    expect((await house.native.patch(`/webhooks/${id}`, { isActive: false })).body).toMatchObject({
      isActive: false,
      pause: null,
    })
    expect((await house.native.patch(`/webhooks/${id}`, { isActive: true })).body.isActive).toBe(true)
    await house.sql(
      `update webhook set is_active = false, pause = 'failing', failing_since = now() where number = $1`,
      [(await shown(id)).number],
    )
    expect(await shown(id)).toMatchObject({
      isActive: false,
      pause: 'failing',
      failingSince: expect.any(String),
    })
    const resumed = await house.native.patch(`/webhooks/${id}`, { isActive: true })
    expect(resumed.body).toMatchObject({ isActive: true, pause: null, failingSince: null })
    expect(await eventsOf(id)).toEqual([
      ...['webhook.created', 'webhook.updated isActive', 'webhook.updated isActive', 'webhook.resumed'],
      ...['webhook.updated isActive', 'webhook.resumed'],
    ])
    await house.native.patch(`/webhooks/${id}`, { isActive: false })
  })

  test('a paused one is told what it missed; one that was off by hand is not', async () => {
    const webhook = await make({ url: sink.url(), isActive: true, events: ['group.created'] })
    const happens = async (title: string) => {
      await house.native.post('/groups', { title, color: '#112233' })
      await house.settle()
    }
    const titles = () => sink.received.map(({ body }) => body.type)
    await happens('One')
    expect(titles()).toEqual(['group.created'])
    await house.native.patch(`/webhooks/${webhook.id}`, { isActive: false })
    await happens('Two')
    await house.native.patch(`/webhooks/${webhook.id}`, { isActive: true })
    await house.settle()
    expect(titles()).toHaveLength(1)
    sink.behave(answerWith(410))
    await happens('Three')
    expect(await shown(webhook.id)).toMatchObject({ isActive: false, pause: 'gone' })
    sink.behave(answerWith(204))
    await happens('Four')
    expect(titles()).toHaveLength(2)
    await house.native.patch(`/webhooks/${webhook.id}`, { isActive: true })
    await house.settle()
    expect(titles()).toHaveLength(3)
    const groups = (await house.native.get('/groups', { limit: 100 })).body.items
    const last = sink.received.at(-1)?.body
    expect(groups.find(({ id }: { id: string }) => id === last.data.groupId).title).toBe('Four')
    await house.native.delete(`/webhooks/${webhook.id}`)
  })

  test('deleting it is for good', async () => {
    const { id } = await make()
    const gone = await house.native.delete(`/webhooks/${id}`)
    expect([gone.status, gone.text]).toEqual([204, ''])
    for (const reply of await everyCall(house.native, id)) expectProblem(reply, 404, 'not_found')
    expect((await house.native.get('/webhooks')).text).not.toContain(id)
    expect((await eventsOf(id)).at(-1)).toBe('webhook.deleted')
  })
})
