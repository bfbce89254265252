import { expect, test } from 'vitest'
import { openHouse } from '../house.ts'
import { secretKeyOf, userToken, visit, webchatOf } from './visitor-desk.ts'

const DAY_MS = 86_400_000

test('sessions nobody has used for long are forgotten: of users, and of those who never wrote', async () => {
  await using house = await openHouse()
  const key = await secretKeyOf(house, webchatOf(house).id)
  const asUser = () => ({ identity: { jwt: userToken(house, key, { sub: 'reader-1' }) } })
  const silent = await visit(house)
  const talker = await visit(house)
  await talker.says('I may come back')
  const user = await visit(house, asUser())
  await user.says('I have an account')
  const regular = await visit(house)
  const elsewhere = await visit(house, {}, { tenant: house.other })
  const all = { silent, talker, user, regular, elsewhere }
  const living = async (): Promise<string[]> => {
    const alive: string[] = []
    for (const [name, { ask }] of Object.entries(all))
      if ((await ask('GET', '/messages')).status === 200) alive.push(name)
    return alive
  }
  const pass = async (days: number): Promise<string[]> => {
    house.clock.advance(days * DAY_MS)
    await house.sql(`select graphile_worker.add_job('visitor.forget')`)
    await house.settle()
    return living()
  }
  expect(await pass(89)).toEqual(['silent', 'talker', 'user', 'regular', 'elsewhere'])
  expect(await pass(2)).toEqual(['silent', 'talker', 'regular', 'elsewhere'])
  expect(await pass(308)).toEqual(['silent', 'talker', 'regular', 'elsewhere'])
  await visit(house, { token: regular.token })
  expect(await pass(2)).toEqual(['talker', 'regular'])
  expect(await pass(4000)).toEqual(['talker'])
  const again = await visit(house, asUser())
  expect(again.session.messages).toMatchObject([{ text: 'I have an account' }])
})

test('however many there are', async () => {
  await using house = await openHouse()
  const visitor = await visit(house)
  await house.sql(
    `insert into visitor_session (secret_hash, account_id, channel_id, id, external_id, is_verified, facts, created_at, seen_at)
     select decode(md5(n::text), 'hex'), account_id, channel_id, gen_random_uuid(), 'visitor:' || n, false, '{}', created_at, seen_at
       from visitor_session, generate_series(1, 2500) n`,
  )
  house.clock.advance(401 * DAY_MS)
  await visit(house, { token: visitor.token })
  await house.sql(`select graphile_worker.add_job('visitor.forget')`)
  await house.settle()
  expect(await house.sql('select external_id from visitor_session')).toHaveLength(1)
  expect((await visitor.ask('GET', '/messages')).status).toBe(200)
})
