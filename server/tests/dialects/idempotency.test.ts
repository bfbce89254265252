import { createHash } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { composeForTests } from '../compose.ts'
import type { Reply, Tenant, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import type { PictureServer } from '../picture-server.ts'
import { openPictureServer } from '../picture-server.ts'
import { idsOf } from './linktor-desk.ts'

const HOUR = 60 * 60_000

/** Where nobody listens. */
const NOWHERE = '127.0.0.1:1'

let house: TestHouse
let provider: PictureServer
beforeAll(async () => {
  provider = await openPictureServer()
  house = await openHouse({ env: { PARLEY_FETCH_ALLOW: `${NOWHERE},${provider.place}` } })
})
afterAll(async () => {
  await house[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})

let used = 0
const newKey = () => `key-${(used += 1)}`

/** A dialect's way to say something, with the parts of its answer that matter here. */
interface Door {
  name: 'linktor' | 'native'
  prefix: string
  say(text: string, key: string, by?: Tenant): Promise<Reply>
  idOf(reply: Reply): string
  codeOf(reply: Reply): string
  words: { running: string; other: string; invalid: string; conflict: string }
}

const body = {
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

const DOORS: Door[] = [
  {
    name: 'linktor',
    prefix: '/v1/messages',
    say: (text, key, by = house) =>
      by.linktor.post('/messages', body.linktor(by, text), { 'idempotency-key': key }),
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
    say: (text, key, by = house) =>
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

const isReplay = (reply: Reply) => reply.headers['idempotent-replayed'] === 'true'

async function saidTimes(text: string): Promise<number> {
  const rows = await house.sql<{ times: string }>(`select count(*) as times from message where text = $1`, [
    text,
  ])
  return Number(rows[0]?.times)
}

/** A process that died between its effect and its answer: the claim is there, its lease has run out. */
const DIED = `update kept_answer set status = null, headers = null, sealed_body = null, holder = 'dead',
  leased_until = now() - interval '1 second'`

/** Holds the conversation that a door speaks in, as a long transaction would, while `during` runs. */
async function whileLocked(by: Tenant, during: () => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: house.databaseUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('select 1 from conversation where account_id = $1 for update', [by.account.id])
    await during()
  } finally {
    await client.end()
  }
}

/** Looks until the database says so; what is awaited is under way already. */
async function until(text: string): Promise<void> {
  for (let tries = 0; tries < 20_000; tries += 1) if ((await house.sql(text)).length > 0) return
  throw new Error(`never: ${text}`)
}

const CLAIMED = `select 1 from kept_answer where leased_until > now()`
const BLOCKED = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

describe.each(DOORS)('$name', (door) => {
  test('a repeat gets the first answer, byte for byte, and does nothing', async () => {
    const key = newKey()
    const text = `once by ${key}`
    const first = await door.say(text, key)
    expect(first.status, first.text).toBe(201)
    expect(isReplay(first)).toBe(false)
    for (let time = 0; time < 3; time += 1) {
      const again = await door.say(text, key)
      expect(again).toMatchObject({ status: 201, text: first.text })
      expect(again.headers['content-type']).toBe(first.headers['content-type'])
      expect(isReplay(again)).toBe(true)
    }
    expect(await saidTimes(text)).toBe(1)
  })

  test('without a key nothing is kept, and the same words twice are two messages', async () => {
    const before = await house.sql('select count(*) from kept_answer')
    const client = house[door.name]
    const path = door.name === 'linktor' ? '/messages' : '/sandbox/messages'
    const text = `unkeyed by ${door.name}`
    for (let time = 0; time < 2; time += 1) {
      const reply = await client.post(path, body[door.name](house, text))
      expect(reply.status).toBe(201)
      expect(reply.headers).not.toHaveProperty('idempotent-replayed')
    }
    expect(await saidTimes(text)).toBe(2)
    expect(await house.sql('select count(*) from kept_answer')).toEqual(before)
  })

  test('another body is refused, and the first one’s message is as it was', async () => {
    const key = newKey()
    const text = `the original of ${key}`
    const first = await door.say(text, key)
    const other = await door.say('changed', key)
    expect({ status: other.status, code: door.codeOf(other) }).toEqual({
      status: 422,
      code: door.words.other,
    })
    expect(await saidTimes('changed')).toBe(0)
    expect((await door.say(text, key)).text).toBe(first.text)
    expect(await saidTimes(text)).toBe(1)
  })

  test('of fifty at once, in two processes, one does it', async () => {
    await using second = {
      composed: await composeForTests(house.databaseUrl, house.dataDir, { clock: house.clock.now }),
      [Symbol.asyncDispose]: () => second.composed.close(),
    }
    const token = house.account.tokens[door.name]
    for (let round = 0; round < 4; round += 1) {
      const key = newKey()
      const text = `at once by ${key}`
      const elsewhere = async (): Promise<Reply> => {
        const {
          statusCode,
          headers,
          body: said,
        } = await second.composed.app.inject({
          ...{ method: 'POST', url: door.prefix, payload: body[door.name](house, text) },
          headers: { authorization: `Bearer ${token}`, 'idempotency-key': key },
        })
        return { status: statusCode, headers, text: said, body: JSON.parse(said) }
      }
      const replies = await Promise.all(
        Array.from({ length: 50 }, (_, index) => (index % 2 ? elsewhere() : door.say(text, key))),
      )
      const [done, ...others] = replies.filter((reply) => reply.status === 201 && !isReplay(reply))
      expect(others).toEqual([])
      for (const reply of replies.filter(({ status }) => status === 201)) expect(reply.text).toBe(done?.text)
      for (const reply of replies.filter(({ status }) => status !== 201))
        expect([reply.status, door.codeOf(reply)]).toEqual([409, door.words.running])
      expect(await saidTimes(text)).toBe(1)
    }
  })

  test('while the first one runs a repeat is told so, at once, and another body is refused', async () => {
    const key = newKey()
    const text = `slowly by ${key}`
    let first: Promise<Reply> | undefined
    await whileLocked(house, async () => {
      first = door.say(text, key)
      await until(CLAIMED)
      const repeat = await door.say(text, key)
      expect([repeat.status, door.codeOf(repeat)]).toEqual([409, door.words.running])
      expect(repeat.headers['retry-after']).toBe('1')
      const other = await door.say('changed', key)
      expect([other.status, door.codeOf(other)]).toEqual([422, door.words.other])
    })
    const answered = await first
    expect(answered?.status).toBe(201)
    expect((await door.say(text, key)).text).toBe(answered?.text)
    expect(await saidTimes(text)).toBe(1)
  })

  test('another account, and another path, know nothing of the key', async () => {
    const key = newKey()
    const text = `shared by ${key}`
    const ours = await door.say(text, key)
    const theirs = await door.say(text, key, house.other)
    expect([ours, theirs].map(({ status }) => status)).toEqual([201, 201])
    expect(door.idOf(ours)).not.toBe(door.idOf(theirs))
    expect(isReplay(theirs)).toBe(false)
    expect(await saidTimes(text)).toBe(2)
  })

  test('a day later the key is new, whether or not the old answer was swept away', async () => {
    const key = newKey()
    const text = `daily by ${key}`
    const first = await door.say(text, key)
    house.clock.advance(23 * HOUR + 59 * 60_000)
    expect(isReplay(await door.say(text, key))).toBe(true)
    house.clock.advance(2 * 60_000)
    const next = await door.say(text, key)
    expect(isReplay(next)).toBe(false)
    expect(door.idOf(next)).not.toBe(door.idOf(first))
    expect((await door.say(text, key)).text).toBe(next.text)
    house.clock.advance(24 * HOUR)
    await house.sql(`select graphile_worker.add_job('answer.forget')`)
    await house.settle()
    expect(await house.sql('select 1 from kept_answer')).toEqual([])
    const last = await door.say(text, key)
    expect([last.status, isReplay(last)]).toEqual([201, false])
    expect(await saidTimes(text)).toBe(3)
  })

  test('the sweep leaves what is younger than a day', async () => {
    const key = newKey()
    await door.say(`young by ${key}`, key)
    house.clock.advance(23 * HOUR)
    await house.sql(`select graphile_worker.add_job('answer.forget')`)
    await house.settle()
    expect(isReplay(await door.say(`young by ${key}`, key))).toBe(true)
  })

  test('after a death between effect and answer the repeat finds the message', async () => {
    const key = newKey()
    const text = `survived ${key}`
    const first = await door.say(text, key)
    await house.sql(DIED)
    const again = await door.say(text, key)
    expect(isReplay(again)).toBe(false)
    expect(door.idOf(again)).toBe(door.idOf(first))
    expect(await saidTimes(text)).toBe(1)
    // The second one's answer is kept.
    expect(await door.say(text, key)).toMatchObject({ status: again.status, text: again.text })
  })

  test('even without any memory of the request the database refuses a second message', async () => {
    const key = newKey()
    const text = `forgotten ${key}`
    const first = await door.say(text, key)
    await house.sql('delete from kept_answer')
    expect(door.idOf(await door.say(text, key))).toBe(door.idOf(first))
    await house.sql('delete from kept_answer')
    const other = await door.say('changed', key)
    expect([other.status, door.codeOf(other)]).toEqual([409, door.words.conflict])
    expect(await saidTimes(text)).toBe(1)
  })

  test('a death is waited for, and the key stays with its request', async () => {
    const key = newKey()
    const text = `awaited ${key}`
    await door.say(text, key)
    await house.sql(`${DIED.replace('- interval', '+ interval')}`)
    expect((await door.say(text, key)).status).toBe(409)
    await house.sql(DIED)
    expect((await door.say('changed', key)).status).toBe(422)
    expect((await door.say(text, key)).status).toBeLessThan(300)
    expect(await saidTimes(text)).toBe(1)
  })

  test('an answer that cannot be kept goes out all the same', async () => {
    await house.sql(`create function no_answers() returns trigger language plpgsql as
      $$ begin if new.status is not null then raise exception 'no answers'; end if; return new; end $$`)
    await house.sql(
      'create trigger no_answers before update on kept_answer for each row execute function no_answers()',
    )
    const key = newKey()
    const text = `unkept ${key}`
    const first = await door.say(text, key)
    await house.sql('drop function no_answers cascade')
    expect(first.status).toBe(201)
    expect((await door.say(text, key)).status).toBe(409)
    await house.sql(DIED)
    expect(door.idOf(await door.say(text, key))).toBe(door.idOf(first))
    expect(await saidTimes(text)).toBe(1)
  })

  test('a 503 leaves the key to the same request', async () => {
    const key = newKey()
    const text = `at last ${key}`
    let first: Promise<Reply> | undefined
    await whileLocked(house, async () => {
      first = door.say(text, key)
      await until(BLOCKED)
      await house.sql(`select pg_terminate_backend(pid) from (${BLOCKED}) waiting`)
      const refused = await first
      expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1'])
    })
    expect((await door.say('changed', key)).status).toBe(422)
    const again = await door.say(text, key)
    expect([again.status, isReplay(again)]).toEqual([201, false])
    expect(await saidTimes(text)).toBe(1)
  })

  test('a final refusal is kept too', async () => {
    const key = newKey()
    const first = await door.say(' ', key)
    expect(first.status).toBe(400)
    const again = await door.say(' ', key)
    expect(again).toMatchObject({ status: 400, text: first.text })
    expect(isReplay(again)).toBe(true)
  })

  test.each([
    ['letters of any script', 'заказ-№7-📦'],
    ['spaces within', 'a b  c'],
    ['a quoted key', '"8e03978e-40d5-43e8-bc93-6894a57f9324"'],
    ['what looks like code', `'; drop table kept_answer; --`],
    ['255 characters', 'x'.repeat(255)],
    ['255 characters of four bytes', '📦'.repeat(255)],
  ])('a key may be %s', async (_, key) => {
    const text = `spelt to ${door.name}: ${key}`
    const first = await door.say(text, key)
    expect(first.status, first.text).toBe(201)
    const again = await door.say(text, key)
    expect([again.text, isReplay(again)]).toEqual([first.text, true])
    expect(await saidTimes(text)).toBe(1)
  })

  test.each([
    ['', 'empty'],
    ['   ', 'blank'],
    ['\u00a0', 'blank in another way'],
    ['x'.repeat(256), '256 characters'],
    ['📦'.repeat(256), '256 characters of four bytes'],
    ['a\u0000b', 'with a NUL'],
    ['a\nb', 'with a line feed'],
    ['a\u0085b', 'with a control character'],
  ])('%j is no key: %s', async (key) => {
    const before = await house.sql('select count(*) from kept_answer')
    const reply = await door.say('with a bad key', key)
    expect([reply.status, door.codeOf(reply)]).toEqual([400, door.words.invalid])
    expect(reply.text).toContain('Idempotency-Key')
    expect(await saidTimes('with a bad key')).toBe(0)
    expect(await house.sql('select count(*) from kept_answer')).toEqual(before)
  })

  test('who is not let in leaves no trace of a key', async () => {
    const before = await house.sql('select count(*) from kept_answer')
    const key = newKey()
    for (const authorization of ['', 'Bearer nobody']) {
      const headers = { authorization, 'idempotency-key': key }
      const payload = body[door.name](house, 'not let in')
      expect((await house.request({ method: 'POST', url: door.prefix, headers, payload })).status).toBe(401)
    }
    expect(await house.sql('select count(*) from kept_answer')).toEqual(before)
    expect((await door.say(`let in with ${key}`, key)).status).toBe(201)
  })

  test('a token of somebody else in the account does not get the answer', async () => {
    const key = newKey()
    const text = `private to ${key}`
    await door.say(text, key)
    const token = `another-token-of-${door.name}`
    await house.sql(
      `insert into token (secret_hash, id, account_id, kind, name, operator_id, permissions, created_at)
       select $1, gen_random_uuid(), account_id, kind, 'another', $2, permissions, now() from token
        where account_id = $3 and kind = $4`,
      [
        createHash('sha256').update(token).digest(),
        house.account.operators[1]?.id,
        house.account.id,
        door.name,
      ],
    )
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': key }
    const payload = body[door.name](house, text)
    const reply = await house.request({ method: 'POST', url: door.prefix, headers, payload })
    expect([reply.status, door.codeOf(reply)]).toEqual([422, door.words.other])
  })

  test('kept answers cannot be read in the database', async () => {
    const key = newKey()
    await door.say(`whispered with ${key}`, key)
    const rows = await house.sql<{ row: string }>('select k::text as row from kept_answer k')
    expect(rows.length).toBeGreaterThan(0)
    for (const { row } of rows) expect(row).not.toMatch(/whispered|msg_/)
  })
})

describe('linktor', () => {
  const deed = (conversation: string, what: string, key: string, more: object = {}) =>
    house.linktor.post(`/conversations/${conversation}/${what}`, more, { 'idempotency-key': key })

  test('both mounts, and any spelling of a path, are one operation', async () => {
    const key = newKey()
    const text = `two doors ${key}`
    const [door] = DOORS
    const first = await door!.say(text, key)
    for (const url of ['/api/v1/messages', '/v1/messages/', '//v1//messages', '/v1/%6dessages'])
      expect(
        await house.request({
          ...{ method: 'POST', url, payload: body.linktor(house, text) },
          headers: { authorization: `Bearer ${house.account.tokens.linktor}`, 'idempotency-key': key },
        }),
      ).toMatchObject({ status: 201, text: first.text })
    expect(await saidTimes(text)).toBe(1)
  })

  test('the query is part of the request', async () => {
    const key = newKey()
    const said = body.linktor(house, `queried ${key}`)
    const headers = { 'idempotency-key': key }
    expect((await house.linktor.post('/messages?a=1&b=2', said, headers)).status).toBe(201)
    expect(isReplay(await house.linktor.post('/messages?b=2&a=1', said, headers))).toBe(true)
    expect((await house.linktor.post('/messages?a=1&b=3', said, headers)).status).toBe(422)
  })

  test('the order of a body’s keys is not', async () => {
    const key = newKey()
    const said = body.linktor(house, `ordered ${key}`)
    const headers = { 'idempotency-key': key }
    const first = await house.linktor.post('/messages', said, headers)
    const turned = Object.fromEntries(Object.entries(said).toReversed())
    expect((await house.linktor.post('/messages', turned, headers)).text).toBe(first.text)
  })

  test('one key may close and reopen, here and there', async () => {
    const key = newKey()
    const [here, there] = [idsOf(house).conversation('whatsapp'), idsOf(house).conversation('telegram')]
    const replies = [
      await deed(here, 'close', key),
      await deed(there, 'close', key),
      await deed(here, 'reopen', key),
    ]
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(replies.some(isReplay)).toBe(false)
    // Closed again it is not: the answer is the first one's.
    expect(isReplay(await deed(here, 'close', key))).toBe(true)
    expect((await house.linktor.get(`/conversations/${here}`)).body.data.attributes.status).toBe('open')
  })

  test('a message to an address is not said, and opens nothing, again after a death', async () => {
    const key = newKey()
    const said = {
      channelId: idsOf(house).channel('whatsapp'),
      to: '+4790004411',
      content: { type: 'text', text: `to an address with ${key}` },
    }
    const headers = { 'idempotency-key': key }
    const first = await house.linktor.post('/messages', said, headers)
    expect(first.status, first.text).toBe(201)
    const conversation: string = first.body.data.attributes.conversationId
    await house.linktor.post(`/conversations/${conversation}/close`)
    await house.sql(DIED)
    const again = await house.linktor.post('/messages', said, headers)
    expect(again.body.data.id).toBe(first.body.data.id)
    const shown = await house.linktor.get(`/conversations/${conversation}`)
    expect(shown.body.data.attributes).toMatchObject({ status: 'closed', messageCount: 1 })
  })

  test('a transfer is told to colleague and contact once, also after a death', async () => {
    const headers = { 'idempotency-key': newKey() }
    const ids = idsOf(house)
    const path = `/conversations/${ids.conversation('telegram')}`
    await house.linktor.post(`${path}/reopen`)
    const transfer = { toAssigneeId: ids.user(1), summary: `read me, ${headers['idempotency-key']}` }
    const post = () => house.linktor.post(`${path}/transfer`, { ...transfer, notifyContact: true }, headers)
    const texts = () => house.sql(`select id, kind from message where text ~ 'being transferred|read me'`)
    expect((await post()).status).toBe(200)
    const said = await texts()
    expect(said).toHaveLength(2)
    await house.sql(DIED)
    expect((await post()).status).toBe(200)
    expect(await texts()).toEqual(said)
  })

  test('a file that could not be fetched does not cost the key', async () => {
    const said = (url: string) => ({
      ...body.linktor(house, ''),
      content: { type: 'image', url },
    })
    const headers = { 'idempotency-key': newKey() }
    const before = await house.sql('select count(*) from kept_answer')
    const first = await house.linktor.post('/messages', said(`http://${NOWHERE}/gone.png`), headers)
    expect(first.status).toBe(400)
    expect(await house.sql('select count(*) from kept_answer')).toEqual(before)
    const again = await house.linktor.post('/messages', said(provider.url), headers)
    expect([again.status, isReplay(again)]).toEqual([201, false])
    await house.sql(DIED)
    const third = await house.linktor.post('/messages', said(provider.url), headers)
    expect(third.body.data.id).toBe(again.body.data.id)
  })

  test('creating is remembered; after a death it tells of the conversation there is', async () => {
    const create = { channelId: idsOf(house).channel('whatsapp'), contact: { phone: '+4790004412' } }
    const headers = { 'idempotency-key': newKey() }
    const first = await house.linktor.post('/conversations', create, headers)
    expect(first.status, first.text).toBe(201)
    expect((await house.linktor.post('/conversations', create, headers)).text).toBe(first.text)
    await house.sql(DIED)
    const again = await house.linktor.post('/conversations', create, headers)
    expect([again.status, again.body.error.details[0].message]).toEqual([409, first.body.data.id])
  })
})
