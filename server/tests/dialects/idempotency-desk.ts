import { Client } from 'pg'
import type { Reply, Tenant, TestHouse } from '../house.ts'
import { idsOf } from './linktor-desk.ts'

let used = 0
/** A key that nobody used yet. */
export const newKey = () => `key-${(used += 1)}`

/** A dialect's way to say something, with the parts of its answer that matter here. */
export interface Door {
  name: 'linktor' | 'native'
  prefix: string
  say(by: Tenant, text: string, key: string): Promise<Reply>
  idOf(reply: Reply): string
  codeOf(reply: Reply): string
  words: { running: string; other: string; invalid: string; conflict: string }
}

/** A request that says something in an account's WhatsApp channel, as each dialect has it. */
export const body = {
  linktor: (by: Tenant, text: string) => ({
    channelId: idsOf(by).channel('whatsapp'),
    conversationId: idsOf(by).conversation('whatsapp'),
    content: { type: 'text', text },
  }),
  native: (by: Tenant, text: string) => {
    const channel = by.account.channels.find(({ kind }) => kind === 'whatsapp')
    return { channelId: channel?.id ?? '', from: '+47 900 04 410', text }
  },
}

export const DOORS: Door[] = [
  {
    name: 'linktor',
    prefix: '/v1/messages',
    say: (by, text, key) => by.linktor.post('/messages', body.linktor(by, text), { 'idempotency-key': key }),
    idOf: (reply) => reply.body.data.id,
    codeOf: (reply) => reply.body.error.code,
    words: {
      running: 'REQUEST_IN_PROGRESS',
      other: 'VALIDATION_ERROR',
      invalid: 'VALIDATION_ERROR',
      conflict: 'RESOURCE_ALREADY_EXISTS',
    },
  },
  {
    name: 'native',
    prefix: '/parley/v1/sandbox/messages',
    say: (by, text, key) =>
      by.native.post('/sandbox/messages', body.native(by, text), { 'idempotency-key': key }),
    idOf: (reply) => reply.body.id,
    codeOf: (reply) => reply.body.code,
    words: {
      running: 'request_in_progress',
      other: 'idempotency_key_reused',
      invalid: 'invalid',
      conflict: 'conflict',
    },
  },
]

export const isReplay = (reply: Reply) => reply.headers['idempotent-replayed'] === 'true'

/** How many messages of the house have this text. */
export async function saidTimes(house: TestHouse, text: string): Promise<number> {
  const rows = await house.sql<{ times: string }>(`select count(*) as times from message where text = $1`, [
    text,
  ])
  return Number(rows[0]?.times)
}

/** A process that died between its effect and its answer: the claim is there, its lease has run out. */
export const DIED = `update kept_answer set status = null, headers = null, sealed_body = null, holder = 'dead',
  leased_until = now() - interval '1 second'`

/** Holds the conversation that a door speaks in, as a long transaction would, while `during` runs. */
export async function whileLocked(house: TestHouse, during: () => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: house.databaseUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select 1 from conversation where account_id = $1 for update', [house.account.id])
    await during()
  } finally {
    await client.end()
  }
}

/** Looks until the database says so; what is awaited is under way already. */
export async function until(house: TestHouse, text: string): Promise<void> {
  for (let tries = 0; tries < 20_000; tries += 1) if ((await house.sql(text)).length > 0) return
  throw new Error(`never: ${text}`)
}

/** Somebody runs a keyed request. */
export const CLAIMED = `select 1 from kept_answer where leased_until > now()`
/** Somebody waits for a lock. */
export const BLOCKED = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
