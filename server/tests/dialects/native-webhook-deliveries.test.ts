import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { answerWith } from '../delivery/webhook-desk.ts'
import type { Sink } from '../delivery/webhook-sink.ts'
import type { TestHouse } from '../house.ts'
import { expectProblem, nativeId, nobodys, readAll } from './native-desk.ts'
import {
  DELIVERY,
  keysOf,
  openNativeWebhooks,
  signedBy,
  tellSome,
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
describe('a test', () => {
  test('is sent at once, active or not, signed, with the headers asked for', async () => {
    const { id, secret } = await make({ url: sink.url(), headers: { 'X-Key': 'between-us' } })
    const tested = await house.native.post(`/webhooks/${id}/test`, {})
    expect(tested.status, tested.text).toBe(200)
    expect(keysOf(tested.body)).toBe(`${DELIVERY} body attempts`)
    const [arrived] = sink.received
    expect(arrived?.headers).toMatchObject({
      ...{ 'content-type': 'application/json', 'user-agent': 'Parley', 'x-key': 'between-us' },
      'webhook-id': tested.body.eventId,
    })
    expect(signedBy(arrived!, [secret])).toEqual([1])
    expect(arrived?.body).toMatchObject({
      ...{ id: tested.body.eventId, type: 'webhook.test', accountId: nativeId('acc', house.account.id) },
      data: { webhookId: id },
    })
    expect(tested.body).toMatchObject({
      ...{ event: 'webhook.test', conversationId: null, status: 'succeeded', attemptCount: 1 },
      ...{ nextAttemptAt: null, body: arrived?.text },
      attempts: [{ status: 204, error: null, response: { headers: { 'x-sink': 'here' }, body: '' } }],
    })
    expect(tested.body.lastAttempt).toEqual({
      ...{ at: expect.any(String), latencyMs: expect.any(Number), status: 204, error: null },
    })
    expect(tested.text).not.toContain('between-us')
    const got = await house.native.get(`/webhooks/${id}/deliveries/${tested.body.id}`)
    expect(got.body).toEqual(tested.body)
    expect((await shown(id)).stats).toMatchObject({
      ...{ succeeded: 1, failed: 0, pending: 0, attempts: 1, successRate: 1, lagSeconds: 0 },
      lastDelivery: { id: tested.body.id, event: 'webhook.test', status: 'succeeded' },
    })
  })

  test('that fails is an answer, and is not tried again', async () => {
    const { id } = await make({ url: sink.url() })
    sink.behave(answerWith(500))
    const tested = await house.native.post(`/webhooks/${id}/test`)
    expect(tested.status, tested.text).toBe(200)
    expect(tested.body).toMatchObject({ status: 'failed', nextAttemptAt: null, lastAttempt: { status: 500 } })
    expect(tested.body.lastAttempt.error).toMatch(/500/)
    // Where nothing may be sent to any more.
    await house.sql(`update webhook set url = 'http://127.0.0.1:1/' where number = $1`, [
      (await shown(id)).number,
    ])
    const refused = await house.native.post(`/webhooks/${id}/test`)
    expect(refused.body).toMatchObject({ status: 'failed', attempts: [{ status: null, response: null }] })
    expect(refused.body.lastAttempt.error).not.toBe('')
    expect((await shown(id)).stats).toMatchObject({ succeeded: 0, failed: 2, successRate: 0 })
    expect(sink.received).toHaveLength(1)
    expectProblem(await house.native.post(`/webhooks/${id}/test`, { event: 'x' }), 400, 'invalid')
  })
})

describe('what was told', () => {
  test('newest first, page by page, by status and event', async () => {
    const { id } = await make()
    const told = Array.from({ length: 9 }, (_, index) => ({
      ...{ event: index % 2 ? 'message.received' : 'contact.updated', at: index },
      status: (['succeeded', 'failed', 'pending'] as const)[index % 3] ?? 'failed',
    }))
    const ids = await tellSome(house, id, told)
    const path = `/webhooks/${id}/deliveries`
    for (const limit of [1, 2, 4, 9, 100])
      expect((await readAll(house.native, path, limit)).map((one) => one.id)).toEqual(ids.toReversed())
    const filtered = async (query: Record<string, string>) =>
      (await house.native.get(path, query)).body.items.map((one: { id: string }) => one.id)
    const idsWhere = (is: (row: (typeof told)[number]) => boolean) =>
      ids.filter((_, index) => is(told[index]!)).toReversed()
    expect(await filtered({ status: 'failed' })).toEqual(idsWhere(({ status }) => status === 'failed'))
    expect(await filtered({ event: 'message.received' })).toEqual(
      idsWhere(({ event }) => event === 'message.received'),
    )
    expect(await filtered({ status: 'pending', event: 'contact.updated' })).toEqual(
      idsWhere(({ status, event }) => status === 'pending' && event === 'contact.updated'),
    )
    expect(await filtered({ event: 'nobody.told' })).toEqual([])
    const { items } = (await house.native.get(path, { status: 'pending', limit: 1 })).body
    expect(keysOf(items[0])).toBe(DELIVERY)
    expect(items[0]).toMatchObject({
      ...{ eventId: 'evt_9008', status: 'pending', attemptCount: 1, occurredAt: '2026-03-02T09:08:00.000Z' },
      ...{ nextAttemptAt: '2026-03-02T10:08:00.000Z', lastAttempt: { status: 500, latencyMs: 7 } },
    })
  })

  test('a cursor is good for its list alone, and filters say what is wrong with them', async () => {
    const [one, other] = [await make(), await make()]
    await tellSome(
      house,
      one.id,
      [1, 2].map((at) => ({ event: 'x', status: 'failed', at })),
    )
    const path = `/webhooks/${one.id}/deliveries`
    const { nextCursor } = (await house.native.get(path, { limit: 1 })).body
    expect(nextCursor).toEqual(expect.any(String))
    const elsewhere = await house.native.get(`/webhooks/${other.id}/deliveries`, { cursor: nextCursor })
    expectProblem(elsewhere, 400, 'invalid', /cursor/)
    for (const [field, value] of [
      ...[
        ['status', 'lost'],
        ['status', ''],
        ['event', ''],
        ['event', ' '],
        ['limit', 0],
        ['limit', 101],
      ],
      ...[
        ['cursor', 'x'],
        ['since', 'x'],
        ['event', 'x'.repeat(101)],
        ['event', 'a\0b'],
      ],
    ] as [string, unknown][]) {
      const reply = await house.native.get(path, { [field]: value })
      expect(reply.status, `${field} ${String(value)}`).toBe(400)
      expect(reply.body.detail).toContain(field)
    }
  })

  test('a delivery with its body and its tries; another webhook’s is nobody’s', async () => {
    const [one, other] = [await make(), await make()]
    const [id = ''] = await tellSome(house, one.id, [{ event: 'x', status: 'failed', at: 0 }])
    const got = await house.native.get(`/webhooks/${one.id}/deliveries/${id}`)
    expect(got.body).toMatchObject({
      ...{ id, body: '{"words":"between them"}', attemptCount: 1 },
      attempts: [
        {
          ...{
            at: '2026-03-02T09:00:00.000Z',
            latencyMs: 7,
            status: 500,
            error: 'The endpoint answered 500',
          },
          ...{ request: { headers: { 'x-key': '(hidden)' } }, response: { headers: {}, body: 'oh' } },
        },
      ],
    })
    for (const path of [
      `${other.id}/deliveries/${id}`,
      `${one.id}/deliveries/${nobodys('del')}`,
      `${one.id}/deliveries/x`,
    ])
      expectProblem(await house.native.get(`/webhooks/${path}`), 404, 'not_found')
  })
})

describe('telling again', () => {
  const TOLD = (['failed', 'succeeded', 'failed', 'failed', 'succeeded'] as const).map((status, at) => ({
    ...{ event: 'x', status, at },
  }))
  const at = (minute: number) => `2026-03-02T09:0${minute}:00Z`
  const pending = async (id: string) =>
    (await house.native.get(`/webhooks/${id}/deliveries`, { status: 'pending' })).body.items
      .map(({ eventId }: { eventId: string }) => Number(eventId.slice(-1)))
      .toReversed()

  test('one, all that failed, those of a time, or what failed within one: counted, due, and told of', async () => {
    const wishes: [(ids: string[]) => object, number[]][] = [
      [(ids) => ({ deliveryId: ids[1] }), [1]],
      [() => ({ status: 'failed' }), [0, 2, 3]],
      [() => ({ status: 'failed', from: at(1) }), [2, 3]],
      [() => ({ status: 'failed', until: at(3) }), [0, 2]],
      [() => ({ status: 'failed', from: at(2), until: at(3) }), [2]],
      [() => ({ from: at(1), until: at(3) }), [1, 2]],
      [() => ({ from: at(0), until: '2026-03-02T12:00:00+01:00' }), [0, 1, 2, 3, 4]],
      [() => ({ from: at(8), until: at(9) }), []],
    ]
    for (const [wish, expected] of wishes) {
      const { id } = await make()
      const ids = await tellSome(house, id, TOLD)
      const reply = await house.native.post(`/webhooks/${id}/replay`, wish(ids))
      expect([reply.status, reply.body], JSON.stringify(wish(ids))).toEqual([202, { count: expected.length }])
      expect(await pending(id)).toEqual(expected)
      expect((await eventsOf(id)).slice(1)).toEqual(expected.length > 0 ? ['webhook.replayed'] : [])
      await house.native.delete(`/webhooks/${id}`)
    }
  })

  test('with the id and the body it had, signed for the moment', async () => {
    const { id, secret } = await make({ url: sink.url(), isActive: true })
    const [delivery = ''] = await tellSome(house, id, [{ event: 'x', status: 'failed', at: 0 }])
    await house.native.post(`/webhooks/${id}/replay`, { deliveryId: delivery })
    await house.settle()
    const arrived = sink.received.find(({ headers }) => headers['webhook-id'] === 'evt_9000')
    expect(arrived?.text).toBe('{"words":"between them"}')
    expect(signedBy(arrived!, [secret])).toEqual([1])
    const got = await house.native.get(`/webhooks/${id}/deliveries/${delivery}`)
    expect(got.body).toMatchObject({ status: 'succeeded', attemptCount: 2, lastAttempt: { status: 204 } })
    await house.native.delete(`/webhooks/${id}`)
  })

  test('is refused when it does not say just which, and then nothing is due', async () => {
    const { id } = await make()
    const [delivery] = await tellSome(house, id, TOLD)
    const wrong: [object, string][] = [
      ...([
        [{}, 'from'],
        [{ from: at(1) }, 'until'],
        [{ until: at(1) }, 'from'],
      ] as [object, string][]),
      ...([[{ deliveryId: delivery, status: 'failed' }, 'status']] as [object, string][]),
      ...([[{ deliveryId: delivery, from: at(1), until: at(2) }, 'from']] as [object, string][]),
      ...([
        [{ from: at(2), until: at(2) }, 'until'],
        [{ from: at(3), until: at(2) }, 'until'],
      ] as [object, string][]),
      ...([[{ status: 'failed', from: at(3), until: at(2) }, 'until']] as [object, string][]),
      ...([
        [{ status: 'pending' }, 'status'],
        [{ status: 'succeeded' }, 'status'],
      ] as [object, string][]),
      ...([
        [{ from: 'yesterday', until: at(2) }, 'from'],
        [{ from: at(1), until: '2026-03-02' }, 'until'],
      ] as [object, string][]),
      ...([
        [{ status: 'failed', from: 1 }, 'from'],
        [{ status: 'failed', until: null }, 'until'],
      ] as [object, string][]),
      ...([[{ status: 'failed', webhookId: id }, 'webhookId']] as [object, string][]),
    ]
    for (const [body, field] of wrong) {
      const reply = await house.native.post(`/webhooks/${id}/replay`, body)
      expect(reply.status, JSON.stringify(body)).toBe(400)
      expect(reply.body.detail, JSON.stringify(body)).toContain(field)
    }
    for (const deliveryId of [nobodys('del'), 'del_1', 'x'])
      expectProblem(await house.native.post(`/webhooks/${id}/replay`, { deliveryId }), 404, 'not_found')
    const another = await make()
    const foreign = await house.native.post(`/webhooks/${another.id}/replay`, { deliveryId: delivery })
    expectProblem(foreign, 404, 'not_found')
    await house.native.delete(`/webhooks/${another.id}`)
    expect(await pending(id)).toEqual([])
  })
})
