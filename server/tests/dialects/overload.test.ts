import { EVERYWHERE } from '../../src/domain/permissions.ts'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../src/domain/actor.ts'
import { composeForTests } from '../compose.ts'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { knownFrom } from '../known.ts'
import { faultOfShape, probeOf, sendProbe } from '../probing.ts'
import type { Sample } from '../requests.ts'
import { SAMPLES } from '../requests.ts'
import { idsOf } from './linktor-desk.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

/** The conversation that all of them speak in. */
function talk() {
  const channel = house.fixture.channels.find(({ kind }) => kind === 'whatsapp')!
  const conversation = house.fixture.conversations.find(({ channelId }) => channelId === channel.id)!
  return { channel, conversation }
}

async function contactsPhone(): Promise<string> {
  const [row] = await house.sql<{ externalId: string }>(
    `select i.external_id as "externalId" from conversation c join contact_identity i on i.id = c.identity_id where c.id = $1`,
    [talk().conversation.id],
  )
  return row?.externalId ?? ''
}

/** How each dialect says something in that conversation. */
const DOORS: { dialect: Sample['dialect']; say(text: string): Promise<Reply> }[] = [
  {
    dialect: 'blinger-app',
    say: (text) =>
      house.blingerApp.post('/conversations/send-message', {
        conversation_id: talk().conversation.number,
        text,
      }),
  },
  {
    dialect: 'blinger-widget',
    say: (text) =>
      house.blingerWidget.post(`/conversation/${talk().conversation.id}/send-text-message`, { text }),
  },
  {
    dialect: 'pact',
    say: (message) =>
      house.pact.post(
        `/companies/${house.fixture.number}/conversations/${talk().conversation.number}/messages`,
        { message },
      ),
  },
  {
    dialect: 'linktor',
    say: (text) => {
      const ids = idsOf(house)
      const content = { type: 'text', text }
      return house.linktor.post(
        '/messages',
        { channelId: ids.channel('whatsapp'), conversationId: ids.conversation('whatsapp'), content },
        { 'idempotency-key': text },
      )
    },
  },
  {
    dialect: 'native',
    say: async (text) =>
      house.native.post(
        '/sandbox/messages',
        { channelId: talk().channel.id, from: await contactsPhone(), text },
        { 'idempotency-key': text },
      ),
  },
]

/** Refused for now, in the dialect's own shape, and with the time to try again. */
function expectBusy(dialect: Sample['dialect'], reply: Reply): void {
  expect([reply.status, reply.headers['retry-after']], reply.text).toEqual([503, '1'])
  expect(faultOfShape(dialect, reply)).toBeNull()
}

async function textsLike(pattern: string): Promise<string[]> {
  const rows = await house.sql<{ text: string }>(`select text from message where text like $1 order by seq`, [
    pattern,
  ])
  return rows.map(({ text }) => text)
}

/** Holds the conversation's row, as a long transaction would, while `during` runs. */
async function whileLocked(during: () => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: house.databaseUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select 1 from conversation where id = $1 for update', [talk().conversation.id])
    await during()
  } finally {
    await client.end()
  }
}

interface Waiting {
  text: string
  /** Null when it is accepted, and committed. */
  refusal: Promise<unknown>
}

/** Far beyond any bound that a queue should have. */
const ENOUGH = 30_000

/** Appends to the locked conversation until the queue takes no more, and a little further. */
async function fillQueue(waiting: Waiting[]): Promise<void> {
  const { id: accountId, number: accountNumber, operators } = house.fixture
  const operatorId = operators[0]?.id ?? null
  const permissions: Actor['permissions'] = new Set(['message.write'])
  const actor: Actor = {
    ...{ accountId, accountNumber, kind: 'token', id: null, operatorId, permissions },
    ...{ reach: EVERYWHERE, address: null },
  }
  const refused = new Set<string>()
  for (let index = 0; refused.size === 0 && index < ENOUGH; index += 1) {
    const text = `filling ${index}`
    const appended = house.composed.tools.append(actor, {
      conversation: { id: talk().conversation.id },
      speaker: { operator: 'actor' },
      content: { kind: 'text', text },
    })
    const refusal = appended.then(
      () => null,
      (error: unknown) => {
        refused.add(text)
        return error
      },
    )
    waiting.push({ text, refusal })
    // A refusal is known a few turns later; the database has no part in it.
    if (index % 64 === 63) await new Promise((resolve) => void setImmediate(resolve))
  }
  expect(refused.size).toBeGreaterThan(0)
  expect(waiting.length).toBeGreaterThan(1000)
}

test('a full queue: every dialect refuses at once, nothing of it is kept, nothing accepted is lost', async () => {
  const waiting: Waiting[] = []
  const accepted: string[] = []
  try {
    await whileLocked(async () => {
      await fillQueue(waiting)
      // The lock is held meanwhile: whoever had to wait for it would wait for ever.
      for (const { dialect, say } of DOORS) expectBusy(dialect, await say(`refused by ${dialect}`))
      expect(await textsLike('refused %')).toEqual([])
      // Who does not append is not concerned.
      expect((await house.linktor.get('/conversations')).status).toBe(200)
    })
  } finally {
    // Also when a test of it failed: the next one begins with an empty queue.
    for (const { text, refusal } of waiting) if ((await refusal) === null) accepted.push(text)
  }
  expect(accepted.length).toBeGreaterThan(1000)
  expect(await textsLike('refused %')).toEqual([])
  expect(await textsLike('filling %')).toEqual(accepted)
  // The same request, and with a key the same key, is welcome now.
  for (const { dialect, say } of DOORS)
    expect((await say(`refused by ${dialect}`)).status, dialect).toBeLessThan(300)
  expect(await textsLike('refused %')).toEqual(DOORS.map(({ dialect }) => `refused by ${dialect}`))
})

describe.each(DOORS)('$dialect', ({ dialect, say }) => {
  test('a connection that is cut in the middle: refused, and nothing is kept', async () => {
    const text = `cut under ${dialect}`
    const blocked = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    await whileLocked(async () => {
      const reply = say(text)
      for (let tries = 0; (await house.sql(blocked)).length === 0; tries += 1)
        if (tries > 20_000) throw new Error('Nobody waits for the lock.')
      await house.sql(`select pg_terminate_backend(pid) from (${blocked}) waiting`)
      expectBusy(dialect, await reply)
    })
    expect(await textsLike(text)).toEqual([])
    expect((await say(text)).status).toBeLessThan(300)
    expect(await textsLike(text)).toEqual([text])
  })
})

test('a database that is not there: every route of every dialect says so', async () => {
  const composed = await composeForTests('postgres://nobody@127.0.0.1:1/nothing', house.dataDir)
  try {
    const request: TestHouse['request'] = async (options) => {
      const { statusCode, headers, body: text } = await composed.app.inject(options)
      return { status: statusCode, headers, text, body: JSON.parse(text) }
    }
    const known = knownFrom(house)
    for (const sample of SAMPLES) {
      const reply = await sendProbe({ ...house, request }, probeOf(house, sample, known))
      expectBusy(sample.dialect, reply)
    }
    const file = await composed.app.inject({ url: `/c2/9b/f1/${'0a'.repeat(32)}.png` })
    expect([file.statusCode, file.headers['retry-after']]).toEqual([503, '1'])
  } finally {
    await composed.close()
  }
})
