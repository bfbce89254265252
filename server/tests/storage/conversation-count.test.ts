import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { array, assert, asyncProperty, constantFrom, nat, record } from 'fast-check'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openHouse, type TestHouse } from '../house.ts'
import { runSql, uniqueName, withDatabase } from '../postgres.ts'

/** Counted and recounted in one snapshot: rows where they differ. */
const DIFFERENCES = `
  select * from (select account_id, channel_id, status, sum(count)::int as counted from conversation_count group by 1, 2, 3) kept
    full join (select account_id, channel_id, status, count(*)::int as there from conversation group by 1, 2, 3) made
    using (account_id, channel_id, status)
   where coalesce(counted, 0) <> coalesce(there, 0)`

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

type Deed = (position: number) => Promise<{ status: number; text: string }>

const conversationAt = async (position: number): Promise<{ id: string; number: string }> => {
  const { id } = house.fixture
  const rows = await house.sql<{ id: string; number: string }>(
    `select id, number from conversation where account_id = $1 order by number`,
    [id],
  )
  return rows[position % rows.length]!
}
const channel = (kind: string) => house.fixture.channels.find((one) => one.kind === kind)?.id ?? ''
const bare = (id: string) => id.replaceAll('-', '')
let customers = 0

const blinger =
  (path: string, more: object = {}): Deed =>
  async (position) =>
    house.blingerApp.post(`/conversations/${path}`, {
      conversation_id: Number((await conversationAt(position)).number),
      ...more,
    })
const restate =
  (status: string): Deed =>
  async (position) =>
    house.linktor.patch(`/conversations/conv_${bare((await conversationAt(position)).id)}`, { status })

/** What moves a status, from every door; some are refused, depending on what was done before. */
const DEEDS: Record<string, Deed> = {
  bornInbound: (position) =>
    house.native.post('/sandbox/messages', {
      channelId: channel(position % 2 === 0 ? 'telegram' : 'webchat'),
      from: `${700_000 + (customers += 1)}`,
      text: 'Hello',
    }),
  bornOutbound: () =>
    house.linktor.post('/conversations', {
      channelId: `ch_${bare(channel('whatsapp'))}`,
      contact: { phone: `+${4_790_100_000 + (customers += 1)}` },
    }),
  bornElsewhere: () =>
    house.other.native.post('/sandbox/messages', {
      channelId: house.other.account.channels.find(({ kind }) => kind === 'whatsapp')?.id,
      from: `${4_790_200_000 + (customers += 1)}`,
      text: 'Hello',
    }),
  speakAgain: (position) =>
    house.native.post('/sandbox/messages', {
      channelId: channel('telegram'),
      from: `${700_000 + 1 + (position % (customers + 1))}`,
      text: 'Are you there?',
    }),
  start: blinger('start'),
  close: blinger('close'),
  unassign: blinger('unassign'),
  answer: blinger('send-message', { text: 'Yes' }),
  giveAway: async (position) =>
    blinger('assign-operator', { operator_id: house.fixture.operators[1]?.number })(position),
  pend: restate('pending'),
  snooze: restate('snoozed'),
  open: restate('open'),
  finish: restate('closed'),
}

const deed = record({
  name: constantFrom(...Object.keys(DEEDS)),
  position: nat({ max: 40 }),
})

test('the counters are what a recount finds, at every moment, whatever is done by however many at once', async () => {
  let looks = 0
  let moved = 0
  await assert(
    asyncProperty(array(array(deed, { minLength: 1, maxLength: 8 }), { maxLength: 5 }), async (rounds) => {
      for (const round of rounds) {
        const race = { isOver: false }
        const done = Promise.all(round.map(({ name, position }) => DEEDS[name]!(position))).finally(() => {
          race.isOver = true
        })
        while (!race.isOver) {
          expect(await house.sql(DIFFERENCES)).toEqual([])
          looks += 1
        }
        for (const reply of await done) {
          expect([200, 201, 400, 404, 409], reply.text).toContain(reply.status)
          if (reply.status < 300) moved += 1
        }
        expect(await house.sql(DIFFERENCES)).toEqual([])
      }
    }),
    { numRuns: 25 },
  )
  expect(moved).toBeGreaterThan(50)
  expect(looks).toBeGreaterThan(50)
  const used = await house.sql<{ status: string }>(`select distinct status from conversation`)
  expect(used.map(({ status }) => status).toSorted()).toEqual(['closed', 'open', 'pending', 'snoozed'])
})

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}

test('who counts waits for nobody who is counting, and gives back what is rolled back', async () => {
  const [first, second] = [await connect(house.databaseUrl), await connect(house.databaseUrl)]
  try {
    // Whoever would have to wait fails.
    await second.query(`set lock_timeout = '1ms'`)
    const close = `update conversation set status = 'closed' where id = (
      select id from conversation where account_id = $1 and status = 'open' order by id limit 1 for update skip locked) returning id`
    await house.native.post('/sandbox/messages', {
      channelId: channel('whatsapp'),
      from: '4790300001',
      text: 'One',
    })
    await house.native.post('/sandbox/messages', {
      channelId: channel('whatsapp'),
      from: '4790300002',
      text: 'Two',
    })
    for (const end of ['rollback', 'commit']) {
      await first.query('begin')
      expect((await first.query(close, [house.fixture.id])).rowCount).toBe(1)
      await second.query('begin')
      expect((await second.query(close, [house.fixture.id])).rowCount).toBe(1)
      expect(await house.sql(DIFFERENCES)).toEqual([])
      await second.query('commit')
      await first.query(end)
      expect(await house.sql(DIFFERENCES)).toEqual([])
    }
  } finally {
    await first.end()
    await second.end()
  }
})

test('a deleted conversation is counted no more', async () => {
  const rows = await house.sql(`
    with copied as (insert into contact (account_id, id, created_at, updated_at)
      select account_id, gen_random_uuid(), now(), now() from contact limit 3 returning account_id, id)
    insert into contact_identity (account_id, id, contact_id, channel_id, external_id, secret_key, created_at, updated_at)
    select c.account_id, gen_random_uuid(), c.id, (select channel_id from conversation order by number limit 1),
      c.id::text, 'x', now(), now() from copied c
     where c.account_id = (select account_id from conversation order by number limit 1)
    returning account_id, id`)
  expect(rows.length).toBeGreaterThan(0)
  const copies = await house.sql<{ id: string }>(`
    insert into conversation (account_id, id, channel_id, contact_id, identity_id, status, is_bot_active, priority, tags, metadata,
      unread_count, message_count, last_seq, last_micros, is_waiting, is_new, is_operator_last, is_note_last, is_outgoing,
      is_locked, flags, token, created_at, updated_at)
    select c.account_id, gen_random_uuid(), c.channel_id, ct.id, i.id, 'pending', false, 'normal', '{}', '{}', 0, 0, 0, 0,
      false, false, false, false, false, false, '{}', 'x', now(), now()
    from (select * from conversation order by number limit 1) c
      join contact ct on ct.account_id = c.account_id and ct.created_at > c.created_at
       and not exists (select from conversation x where x.contact_id = ct.id)
      join contact_identity i on i.account_id = ct.account_id and i.contact_id = ct.id
    returning id`)
  expect(copies.length).toBeGreaterThan(0)
  expect(await house.sql(DIFFERENCES)).toEqual([])
  await house.sql(`delete from conversation where id = any($1)`, [copies.map(({ id }) => id)])
  expect(await house.sql(DIFFERENCES)).toEqual([])
})

const MIGRATIONS = join(import.meta.dirname, '../../migrations')
const THIS_ONE = '0005-lists.sql'

/** Two accounts' worth of rows as the release before left them. */
const OLD_ROWS = `
  insert into account (id, name, owner_id, created_at, updated_at)
  select gen_random_uuid(), 'Account ' || n, gen_random_uuid(), now(), now() from generate_series(1, 2) n;
  insert into channel (account_id, id, kind, transport, name, status, secret_key, created_at, updated_at)
  select id, gen_random_uuid(), 'whatsapp', 'sandbox', 'WhatsApp', 'active', 'x', now(), now() from account, generate_series(1, 2);
  insert into contact (account_id, id, created_at, updated_at)
  select account_id, gen_random_uuid(), now(), now() from channel, generate_series(1, 7);
  insert into contact_identity (account_id, id, contact_id, channel_id, external_id, secret_key, created_at, updated_at)
  select ct.account_id, gen_random_uuid(), ct.id, ch.id, ct.number::text, 'x', now(), now()
    from contact ct join channel ch using (account_id);
  insert into conversation (account_id, id, channel_id, contact_id, identity_id, status, is_bot_active, priority, tags, metadata,
    unread_count, message_count, last_seq, last_micros, is_waiting, is_new, is_operator_last, is_note_last, is_outgoing,
    is_locked, flags, token, created_at, updated_at)
  select account_id, gen_random_uuid(), channel_id, contact_id, id,
    (array['open', 'pending', 'snoozed', 'closed', 'closed'])[1 + number % 5], false, 'normal', '{}', '{}', 0, 0, 0, 0,
    false, false, false, false, false, false, '{}', 'x', now(), now()
  from contact_identity`

test('what was there before the migration is counted by it', async () => {
  const admin = inject('postgresUrl')
  const name = uniqueName('parley_before')
  await runSql(admin, `create database ${name}`)
  try {
    const url = withDatabase(admin, name)
    const client = await connect(url)
    const files = (await readdir(MIGRATIONS)).filter((file) => /^\d{4}-/.test(file)).sort()
    for (const file of files) {
      if (file > THIS_ONE) break
      if (file === THIS_ONE) await client.query(OLD_ROWS)
      await client.query(await readFile(join(MIGRATIONS, file), 'utf8'))
    }
    const { rows } = await client.query<{ rows: string }>(`select count(*) as rows from conversation_count`)
    expect(Number(rows[0]?.rows)).toBe(16)
    expect((await client.query(DIFFERENCES)).rows).toEqual([])
    await client.end()
  } finally {
    await runSql(admin, `drop database ${name} with (force)`)
  }
})
