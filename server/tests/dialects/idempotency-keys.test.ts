import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { body, DOORS, isReplay, newKey, saidTimes } from './idempotency-desk.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

describe.each(DOORS)('$name', (door) => {
  test.each([
    ['letters of any script', 'заказ-№7-📦'],
    ['spaces within', 'a b  c'],
    ['a quoted key', '"8e03978e-40d5-43e8-bc93-6894a57f9324"'],
    ['what looks like code', `'; drop table kept_answer; --`],
    ['255 characters', 'x'.repeat(255)],
    ['255 characters of four bytes', '📦'.repeat(255)],
  ])('a key may be %s', async (_, key) => {
    const text = `spelt to ${door.name}: ${key}`
    const first = await door.say(house, text, key)
    expect(first.status, first.text).toBe(201)
    const again = await door.say(house, text, key)
    expect([again.text, isReplay(again)]).toEqual([first.text, true])
    expect(await saidTimes(house, text)).toBe(1)
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
    const reply = await door.say(house, 'with a bad key', key)
    expect([reply.status, door.codeOf(reply)]).toEqual([400, door.words.invalid])
    expect(reply.text).toContain('Idempotency-Key')
    expect(await saidTimes(house, 'with a bad key')).toBe(0)
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
    expect((await door.say(house, `let in with ${key}`, key)).status).toBe(201)
  })

  test('a token of somebody else in the account does not get the answer', async () => {
    const key = newKey()
    const text = `private to ${key}`
    await door.say(house, text, key)
    const token = `another-token-of-${door.name}`
    await house.sql(
      `insert into token (secret_hash, id, account_id, kind, name, operator_id, permissions, created_at)
       select $1, gen_random_uuid(), account_id, kind, 'another', $2, permissions, now() from token
        where account_id = $3 and kind = $4 limit 1`,
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
    await door.say(house, `whispered with ${key}`, key)
    const rows = await house.sql<{ row: string }>('select k::text as row from kept_answer k')
    expect(rows.length).toBeGreaterThan(0)
    for (const { row } of rows) expect(row).not.toMatch(/whispered|msg_/)
  })
})
