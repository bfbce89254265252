import { Webhook } from 'standardwebhooks'
import { expect } from 'vitest'
import { openHouse, type Client, type Reply, type Tenant, type TestHouse } from '../house.ts'
import { openSink, type Received, type Sink } from '../delivery/webhook-sink.ts'
import { nobodys } from './native-desk.ts'

/** How many signatures each of the secrets accounts for, by the reference library. */
export function signedBy({ headers, text }: Received, secrets: string[]): number[] {
  const signatures = String(headers['webhook-signature']).split(' ')
  const at = new Date(Number(headers['webhook-timestamp']) * 1000)
  return secrets.map((secret) => {
    const expected = new Webhook(secret).sign(String(headers['webhook-id']), at, text)
    return signatures.filter((signature) => signature === expected).length
  })
}

/** What is tried and looked at of webhooks again and again. */
export interface NativeWebhooks extends AsyncDisposable {
  house: TestHouse
  /** An endpoint that the house may send to. */
  sink: Sink
  /** One that nobody is told by while other tests are about. */
  make(more?: object): Promise<Reply['body']>
  shown(id: string): Promise<Reply['body']>
  /** What the log says of a webhook. */
  eventsOf(id: string): Promise<string[]>
}

/** Where nothing is ever sent by tests. */
export const AWAY = 'https://93.184.216.34/hook'
export const OWN_SECRET = `whsec_${Buffer.alloc(24, 'own').toString('base64')}`
export const keysOf = (body: object) => Object.keys(body).join(' ')

export const WEBHOOK =
  'id number dialect url description events headers signature timeoutSeconds maxAttempts secretHint isActive pause ' +
  'failingSince createdAt updatedAt'
export const DELIVERY =
  'id eventId event conversationId status attemptCount lastAttempt nextAttemptAt occurredAt createdAt updatedAt'

export async function openNativeWebhooks(): Promise<NativeWebhooks> {
  await using stack = new AsyncDisposableStack()
  const sink = stack.use(await openSink())
  const house = stack.use(await openHouse({ env: { PARLEY_FETCH_ALLOW: sink.place } }))
  const kept = stack.move()
  return {
    ...{ house, sink },
    make: (more = {}) => subscribe(house, { url: AWAY, isActive: false, ...more }),
    shown: async (id) => (await house.native.get(`/webhooks/${id}`)).body,
    eventsOf: async (id) => {
      const rows = await house.sql<{ type: string; changed: string[] | null }>(
        `select type, data -> 'changed' as changed from event
          where 'wh_' || replace(data ->> 'webhookId', '-', '') = $1 order by id`,
        [id],
      )
      return rows.map(({ type, changed }) => (changed ? `${type} ${changed.join()}` : type))
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** Every call about one webhook: three that read, then those that change something. */
export async function everyCall(client: Client, id: string, delivery = nobodys('del')): Promise<Reply[]> {
  return [
    await client.get(`/webhooks/${id}`),
    await client.get(`/webhooks/${id}/deliveries`),
    await client.get(`/webhooks/${id}/deliveries/${delivery}`),
    await client.patch(`/webhooks/${id}`, { description: 'x' }),
    await client.post(`/webhooks/${id}/rotate-secret`),
    await client.post(`/webhooks/${id}/test`),
    await client.post(`/webhooks/${id}/replay`, { status: 'failed' }),
    await client.delete(`/webhooks/${id}`),
  ]
}

/** A webhook made by the account's own token. */
export async function subscribe(tenant: Tenant, body: object): Promise<Reply['body']> {
  const made = await tenant.native.post('/webhooks', body)
  expect(made.status, made.text).toBe(201)
  return made.body
}

/** A row of the delivery log, as the teller would have written it. */
export interface Told {
  event: string
  status: 'pending' | 'succeeded' | 'failed'
  /** Minutes after nine. */
  at: number
}

/** Puts deliveries into the log of a webhook, oldest first; gives their public ids. */
export async function tellSome(house: TestHouse, webhookId: string, told: Told[]): Promise<string[]> {
  const ids = []
  for (const [index, { event, status, at }] of told.entries()) {
    const rows = await house.sql<{ id: string }>(
      `insert into webhook_delivery (account_id, id, webhook_id, event_key, event, body, occurred_at, status, attempt_count,
          failures, attempts, due_at, created_at, updated_at)
       select account_id, gen_random_uuid(), id, 'evt_' || $2::int, $3, '{"words":"between them"}', moment, $4, 1, 1,
          '[{"at":"2026-03-02T09:00:00.000Z","latencyMs":7,"status":500,"error":"The endpoint answered 500",
             "request":{"headers":{"x-key":"(hidden)"}},"response":{"headers":{},"body":"oh"}}]',
          case when $4 = 'pending' then moment + interval '1 hour' end, moment, moment
         from webhook, (select timestamptz '2026-03-02T09:00:00Z' + make_interval(mins => $5::int) as moment) m
        where 'wh_' || replace(id::text, '-', '') = $1 returning id`,
      [webhookId, 9000 + index, event, status, at],
    )
    ids.push(`del_${rows[0]?.id.replaceAll('-', '')}`)
  }
  return ids
}
