import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { answerWith } from '../delivery/webhook-desk.ts'
import type { Sink } from '../delivery/webhook-sink.ts'
import type { TestHouse } from '../house.ts'
import { databaseDigest } from '../probing.ts'
import { actingAs, expectProblem, nativeId, nobodys, withToken } from './native-desk.ts'
import {
  AWAY,
  everyCall,
  keysOf,
  openNativeWebhooks,
  OWN_SECRET,
  signedBy,
  subscribe,
  tellSome,
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
const eventsOf = (id: string) => desk.eventsOf(id)
const DAY_MS = 86_400_000

describe('the secret', () => {
  test('is made anew, and for a day the one before is as good', async () => {
    const made = await make({ url: sink.url() })
    const rotated = await house.native.post(`/webhooks/${made.id}/rotate-secret`)
    expect(rotated.status, rotated.text).toBe(200)
    expect(keysOf(rotated.body)).toBe(`${WEBHOOK} secret previousUntil`)
    const { secret, previousUntil, secretHint } = rotated.body
    expect(secret).not.toBe(made.secret)
    expect(secretHint).toBe(`${secret.slice(0, 10)}…`)
    const ahead = Date.parse(previousUntil) - house.clock.now().getTime()
    expect(Math.abs(ahead - DAY_MS)).toBeLessThan(60_000)
    const test = () => house.native.post(`/webhooks/${made.id}/test`)
    await test()
    house.clock.advance(DAY_MS - 60_000)
    await test()
    house.clock.advance(61_000)
    await test()
    const secrets = [secret, made.secret]
    expect(sink.received.map((arrived) => signedBy(arrived, secrets))).toEqual([
      [1, 1],
      [1, 1],
      [1, 0],
    ])
    const counts = sink.received.map(({ headers }) => String(headers['webhook-signature']).split(' ').length)
    expect(counts).toEqual([2, 2, 1])
    expect(await eventsOf(made.id)).toContain('webhook.updated secret')
  })

  test('may be one’s own; after two rotations the first is dead', async () => {
    const made = await make({ url: sink.url() })
    const path = `/webhooks/${made.id}/rotate-secret`
    expect((await house.native.post(path, { secret: OWN_SECRET })).body.secret).toBe(OWN_SECRET)
    const { secret } = (await house.native.post(path, {})).body
    await house.native.post(`/webhooks/${made.id}/test`)
    expect(signedBy(sink.received[0]!, [secret, OWN_SECRET, made.secret])).toEqual([1, 1, 0])
    const before = await databaseDigest(house)
    for (const wrong of ['whsec_x', OWN_SECRET.slice(0, -4), '', null, 1])
      expectProblem(await house.native.post(path, { secret: wrong }), 400, 'invalid', /secret/)
    expectProblem(await house.native.post(path, { sekret: OWN_SECRET }), 400, 'invalid')
    expect(await databaseDigest(house)).toBe(before)
  })
})

describe('who may', () => {
  test('another account’s webhook and its deliveries are nobody’s', async () => {
    const theirs = await subscribe(house.other, { url: AWAY, isActive: false })
    const [delivery = ''] = await tellSome(house, theirs.id, [{ event: 'x', status: 'failed', at: 0 }])
    const before = await databaseDigest(house, house.other.account.id)
    const [found, unknown] = [
      await everyCall(house.native, theirs.id, delivery),
      await everyCall(house.native, nobodys('wh')),
    ]
    for (const [index, reply] of found.entries()) {
      expectProblem(reply, 404, 'not_found')
      expect(reply.text).toBe(unknown[index]?.text)
    }
    const mine = await make()
    const borrowed = await house.native.post(`/webhooks/${mine.id}/replay`, { deliveryId: delivery })
    expectProblem(borrowed, 404, 'not_found')
    expectProblem(await house.native.get(`/webhooks/${mine.id}/deliveries/${delivery}`), 404, 'not_found')
    expect((await house.native.get('/webhooks')).text).not.toContain(theirs.id)
    expect(await databaseDigest(house, house.other.account.id)).toBe(before)
  })

  test('reading needs webhook.read, everything else webhook.write; neither comes with less than all of the account', async () => {
    const { id } = await make()
    const owner = house.account.operators[0]?.id
    const reader = await actingAs(house, owner, ['webhook.read'])
    const writer = await actingAs(house, owner, ['webhook.write'])
    const without = await actingAs(house, owner, ['event.read', 'channel.write'])
    const readings = 3
    for (const reply of (await everyCall(writer, id)).slice(0, readings))
      expectProblem(reply, 403, 'forbidden')
    const made = await make()
    const before = await databaseDigest(house)
    for (const reply of (await everyCall(reader, made.id)).slice(readings))
      expectProblem(reply, 403, 'forbidden')
    expectProblem(await reader.post('/webhooks', { url: AWAY }), 403, 'forbidden')
    for (const reply of await everyCall(without, made.id)) expectProblem(reply, 403, 'forbidden')
    for (const reply of await everyCall(withToken(house.native, 'nobody'), made.id))
      expectProblem(reply, 401, 'unauthenticated')
    expect(await databaseDigest(house)).toBe(before)
    expect((await reader.get(`/webhooks/${made.id}`)).status).toBe(200)
    await house.sql(`update operator set scope = 'groups' where id = $1`, [house.account.operators[1]?.id])
    await house.sql(`update operator set role = 'admin' where id = $1`, [house.account.operators[1]?.id])
    const narrow = await actingAs(house, house.account.operators[1]?.id)
    for (const reply of await everyCall(narrow, made.id)) expectProblem(reply, 403, 'forbidden')
    expectProblem(await narrow.get('/webhooks'), 403, 'forbidden')
    expectProblem(await narrow.post('/webhooks', { url: AWAY }), 403, 'forbidden')
  })

  test('a role of the account’s own may hold them', async () => {
    const role = await house.native.post('/roles', {
      ...{ name: 'Integrator', permissions: ['webhook.read', 'webhook.write'], scope: 'all' },
    })
    expect(role.status, role.text).toBe(201)
    const operator = house.account.operators[2]?.id
    const wish = { role: 'custom', roleId: role.body.id, scope: 'all' }
    await house.native.patch(`/operators/${nativeId('op', operator)}`, wish)
    const integrator = await actingAs(house, operator)
    const made = await integrator.post('/webhooks', { url: AWAY, isActive: false })
    expect(made.status, made.text).toBe(201)
    expect((await integrator.get('/webhooks')).text).toContain(made.body.id)
    expectProblem(await integrator.get('/channels'), 403, 'forbidden')
  })

  test('who only reads is shown where it goes, not what the address carries; bodies are for who may read messages', async () => {
    const { id } = await make({ url: `${AWAY}?key=between-us` })
    const [delivery] = await tellSome(house, id, [{ event: 'x', status: 'failed', at: 0 }])
    const owner = house.account.operators[0]?.id
    const reader = await actingAs(house, owner, ['webhook.read'])
    expect((await reader.get(`/webhooks/${id}`)).body.url).toBe('https://93.184.216.34')
    expect((await reader.get('/webhooks')).text).not.toContain('between-us')
    const path = `/webhooks/${id}/deliveries/${delivery}`
    expect((await reader.get(path)).body).toMatchObject({ id: delivery, body: null })
    const both = await actingAs(house, owner, ['webhook.read', 'message.read'])
    expect((await both.get(path)).body.body).toBe('{"words":"between them"}')
  })

  test('all of it is in the audit log, by the names of what changed alone', async () => {
    const { id, secret } = await make({ headers: { 'x-key': 'between-us' } })
    await house.native.post(`/webhooks/${id}/rotate-secret`)
    await house.native.delete(`/webhooks/${id}`)
    const audit = await house.native.get('/audit', { targetKind: 'webhook', targetId: id })
    expect(audit.body.items.map(({ action }: { action: string }) => action)).toEqual([
      ...['webhook.deleted', 'webhook.updated', 'webhook.created'],
    ])
    expect(audit.body.items[0].target).toEqual({ kind: 'webhook', id })
    for (const hidden of [secret, 'between-us']) expect(audit.text).not.toContain(hidden)
  })
})
