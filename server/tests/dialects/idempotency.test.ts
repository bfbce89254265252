import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { composeForTests } from '../compose.ts'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import {
  BLOCKED,
  body,
  CLAIMED,
  DIED,
  DOORS,
  isReplay,
  newKey,
  saidTimes,
  until,
  whileLocked,
} from './idempotency-desk.ts'

const HOUR = 60 * 60_000

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
  // From here on both speak in conversations that are there to be locked.
  for (const door of DOORS) await door.say(house, 'Hello', newKey())
})
afterAll(() => house[Symbol.asyncDispose]())

describe.each(DOORS)('$name', (door) => {
  test('a repeat gets the first answer, byte for byte, and does nothing', async () => {
    const key = newKey()
    const text = `once by ${key}`
    const first = await door.say(house, text, key)
    expect(first.status, first.text).toBe(201)
    expect(isReplay(first)).toBe(false)
    for (let time = 0; time < 3; time += 1) {
      const again = await door.say(house, text, key)
      expect(again).toMatchObject({ status: 201, text: first.text })
      expect(again.headers['content-type']).toBe(first.headers['content-type'])
      expect(isReplay(again)).toBe(true)
    }
    expect(await saidTimes(house, text)).toBe(1)
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
    expect(await saidTimes(house, text)).toBe(2)
    expect(await house.sql('select count(*) from kept_answer')).toEqual(before)
  })

  test('another body is refused, and the first one’s message is as it was', async () => {
    const key = newKey()
    const text = `the original of ${key}`
    const first = await door.say(house, text, key)
    const other = await door.say(house, 'changed', key)
    expect({ status: other.status, code: door.codeOf(other) }).toEqual({
      status: 422,
      code: door.words.other,
    })
    expect(await saidTimes(house, 'changed')).toBe(0)
    expect((await door.say(house, text, key)).text).toBe(first.text)
    expect(await saidTimes(house, text)).toBe(1)
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
        Array.from({ length: 50 }, (_, index) => (index % 2 ? elsewhere() : door.say(house, text, key))),
      )
      const [done, ...others] = replies.filter((reply) => reply.status === 201 && !isReplay(reply))
      expect(others).toEqual([])
      for (const reply of replies.filter(({ status }) => status === 201)) expect(reply.text).toBe(done?.text)
      for (const reply of replies.filter(({ status }) => status !== 201))
        expect([reply.status, door.codeOf(reply)]).toEqual([409, door.words.running])
      expect(await saidTimes(house, text)).toBe(1)
    }
  })

  test('while the first one runs a repeat is told so, at once, and another body is refused', async () => {
    const key = newKey()
    const text = `slowly by ${key}`
    let first: Promise<Reply> | undefined
    await whileLocked(house, async () => {
      first = door.say(house, text, key)
      await until(house, CLAIMED)
      const repeat = await door.say(house, text, key)
      expect([repeat.status, door.codeOf(repeat)]).toEqual([409, door.words.running])
      expect(repeat.headers['retry-after']).toBe('1')
      const other = await door.say(house, 'changed', key)
      expect([other.status, door.codeOf(other)]).toEqual([422, door.words.other])
    })
    const answered = await first
    expect(answered?.status).toBe(201)
    expect((await door.say(house, text, key)).text).toBe(answered?.text)
    expect(await saidTimes(house, text)).toBe(1)
  })

  test('another account, and another path, know nothing of the key', async () => {
    const key = newKey()
    const text = `shared by ${key}`
    const ours = await door.say(house, text, key)
    const theirs = await door.say(house.other, text, key)
    expect([ours, theirs].map(({ status }) => status)).toEqual([201, 201])
    expect(door.idOf(ours)).not.toBe(door.idOf(theirs))
    expect(isReplay(theirs)).toBe(false)
    expect(await saidTimes(house, text)).toBe(2)
  })

  test('a day later the key is new, whether or not the old answer was swept away', async () => {
    const key = newKey()
    const text = `daily by ${key}`
    const first = await door.say(house, text, key)
    house.clock.advance(23 * HOUR + 59 * 60_000)
    expect(isReplay(await door.say(house, text, key))).toBe(true)
    house.clock.advance(2 * 60_000)
    const next = await door.say(house, text, key)
    expect(isReplay(next)).toBe(false)
    expect(door.idOf(next)).not.toBe(door.idOf(first))
    expect((await door.say(house, text, key)).text).toBe(next.text)
    house.clock.advance(24 * HOUR)
    await house.sql(`select graphile_worker.add_job('answer.forget')`)
    await house.settle()
    expect(await house.sql('select 1 from kept_answer')).toEqual([])
    const last = await door.say(house, text, key)
    expect([last.status, isReplay(last)]).toEqual([201, false])
    expect(await saidTimes(house, text)).toBe(3)
  })

  test('the sweep leaves what is younger than a day', async () => {
    const key = newKey()
    await door.say(house, `young by ${key}`, key)
    house.clock.advance(23 * HOUR)
    await house.sql(`select graphile_worker.add_job('answer.forget')`)
    await house.settle()
    expect(isReplay(await door.say(house, `young by ${key}`, key))).toBe(true)
  })

  test('after a death between effect and answer the repeat finds the message', async () => {
    const key = newKey()
    const text = `survived ${key}`
    const first = await door.say(house, text, key)
    await house.sql(DIED)
    const again = await door.say(house, text, key)
    expect(isReplay(again)).toBe(false)
    expect(door.idOf(again)).toBe(door.idOf(first))
    expect(await saidTimes(house, text)).toBe(1)
    // The second one's answer is kept.
    expect(await door.say(house, text, key)).toMatchObject({ status: again.status, text: again.text })
  })

  test('even without any memory of the request the database refuses a second message', async () => {
    const key = newKey()
    const text = `forgotten ${key}`
    const first = await door.say(house, text, key)
    await house.sql('delete from kept_answer')
    expect(door.idOf(await door.say(house, text, key))).toBe(door.idOf(first))
    await house.sql('delete from kept_answer')
    const other = await door.say(house, 'changed', key)
    expect([other.status, door.codeOf(other)]).toEqual([409, door.words.conflict])
    expect(await saidTimes(house, text)).toBe(1)
  })

  test('a death is waited for, and the key stays with its request', async () => {
    const key = newKey()
    const text = `awaited ${key}`
    await door.say(house, text, key)
    await house.sql(DIED.replace('- interval', '+ interval'))
    expect((await door.say(house, text, key)).status).toBe(409)
    await house.sql(DIED)
    expect((await door.say(house, 'changed', key)).status).toBe(422)
    expect((await door.say(house, text, key)).status).toBeLessThan(300)
    expect(await saidTimes(house, text)).toBe(1)
  })

  test('an answer that cannot be kept goes out all the same', async () => {
    await house.sql(`create function no_answers() returns trigger language plpgsql as
      $$ begin if new.status is not null then raise exception 'no answers'; end if; return new; end $$`)
    await house.sql(
      'create trigger no_answers before update on kept_answer for each row execute function no_answers()',
    )
    const key = newKey()
    const text = `unkept ${key}`
    const first = await door.say(house, text, key)
    await house.sql('drop function no_answers cascade')
    expect(first.status).toBe(201)
    expect((await door.say(house, text, key)).status).toBe(409)
    await house.sql(DIED)
    expect(door.idOf(await door.say(house, text, key))).toBe(door.idOf(first))
    expect(await saidTimes(house, text)).toBe(1)
  })

  test('a 503 leaves the key to the same request', async () => {
    const key = newKey()
    const text = `at last ${key}`
    let first: Promise<Reply> | undefined
    await whileLocked(house, async () => {
      first = door.say(house, text, key)
      await until(house, BLOCKED)
      await house.sql(`select pg_terminate_backend(pid) from (${BLOCKED}) waiting`)
      const refused = await first
      expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1'])
    })
    expect((await door.say(house, 'changed', key)).status).toBe(422)
    const again = await door.say(house, text, key)
    expect([again.status, isReplay(again)]).toEqual([201, false])
    expect(await saidTimes(house, text)).toBe(1)
  })

  test('a final refusal is kept too', async () => {
    const key = newKey()
    const first = await door.say(house, ' ', key)
    expect(first.status).toBe(400)
    const again = await door.say(house, ' ', key)
    expect(again).toMatchObject({ status: 400, text: first.text })
    expect(isReplay(again)).toBe(true)
  })
})
