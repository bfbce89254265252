import { expect } from 'vitest'
import { nativeId } from '../dialects/native-desk.ts'
import { openHouse, type HouseOptions, type TestHouse } from '../house.ts'
import { openSink, type Received, type Sink } from './webhook-sink.ts'

export interface Made {
  id: string
  secret: string
}

/** A house whose account may be told at a sink. */
export interface WebhookDesk extends AsyncDisposable {
  house: TestHouse
  sink: Sink
  /** Subscribes the sink, or another path of it. */
  subscribe(wish?: Record<string, unknown>): Promise<Made>
  /** Says something in one of the account's conversations. */
  say(text: string, at?: number): Promise<void>
  deliveries(webhookId: string, query?: Record<string, unknown>): Promise<Record<string, unknown>[]>
  /** When each delivery that waits is due, in milliseconds from now. */
  pauses(): Promise<number[]>
}

export async function openWebhookDesk(options: HouseOptions = {}): Promise<WebhookDesk> {
  await using stack = new AsyncDisposableStack()
  const sink = stack.use(await openSink())
  const opened = options.env?.PARLEY_FETCH_ALLOW
  const env = { ...options.env, PARLEY_FETCH_ALLOW: opened ? `${sink.place},${opened}` : sink.place }
  const house = stack.use(await openHouse({ ...options, env }))
  const kept = stack.move()
  return {
    ...{ house, sink },
    subscribe: async (wish = {}) => {
      const made = await house.native.post('/webhooks', { url: sink.url(), ...wish })
      expect(made.status, made.text).toBe(201)
      return made.body as Made
    },
    say: async (text, at = 0) => {
      const id = nativeId('conv', house.fixture.conversations[at]?.id)
      const said = await house.native.post(`/conversations/${id}/messages`, { text })
      expect(said.status, said.text).toBe(201)
    },
    deliveries: async (webhookId, query = {}) => {
      const listed = await house.native.get(`/webhooks/${webhookId}/deliveries`, query)
      expect(listed.status, listed.text).toBe(200)
      return listed.body.items as Record<string, unknown>[]
    },
    pauses: async () => {
      const now = house.clock.now().getTime()
      const rows = await house.sql<{ dueAt: Date }>(
        `select due_at as "dueAt" from webhook_delivery where status = 'pending' order by due_at`,
      )
      return rows.map(({ dueAt }) => dueAt.getTime() - now)
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** What was said, of what came in about messages of ours. */
export const wordsOf = (received: Received[]): string[] =>
  received.map(({ body }) => body.message?.text as string)

export const answerWith =
  (status: number, headers: Record<string, string> = {}): Parameters<Sink['behave']>[0] =>
  (_received, response) =>
    void response.writeHead(status, headers).end()
