import { expect, test } from 'vitest'
import { createToken } from '../../src/application/tokens/create-token.ts'
import { revokeToken } from '../../src/application/tokens/revoke-token.ts'
import { EVERY_PERMISSION } from '../../src/domain/permissions.ts'
import { systemActor, type Actor } from '../../src/domain/actor.ts'
import { createDatabase, createPool } from '../../src/storage/database.ts'
import { createShelf } from '../../src/storage/shelf.ts'
import { composeForTests } from '../compose.ts'
import { openHouse, type TestHouse } from '../house.ts'

function systemOf({ account }: Pick<TestHouse, 'account'>): Actor {
  return systemActor(account.id, EVERY_PERMISSION)
}

/** A shelf as another process would have it, with its clock in our hands. */
function openShelf(house: TestHouse) {
  const pool = createPool(house.databaseUrl, { max: 2, onError: () => undefined })
  const clock = { now: 0 }
  const shelf = createShelf(createDatabase(pool), () => clock.now)
  return { shelf, clock, [Symbol.asyncDispose]: () => pool.end() }
}

async function makeToken(house: TestHouse) {
  const made = await house.composed.tools.act(createToken, systemOf(house), {
    kind: 'linktor',
    name: 'a test',
  })
  return { id: made.token.id, secret: made.secret }
}

test('a token that was just made opens its door, and once revoked is dead at once where that was done', async () => {
  await using house = await openHouse()
  const { id, secret } = await makeToken(house)
  const knock = async () =>
    (await house.linktor.get('/conversations', {}, { authorization: `Bearer ${secret}` })).status
  for (let times = 0; times < 3; times += 1) expect(await knock()).toBe(200)
  await house.composed.tools.act(revokeToken, systemOf(house), { tokenId: id })
  expect(await knock()).toBe(401)
  const again = house.composed.tools.act(revokeToken, systemOf(house), { tokenId: id })
  await expect(again).rejects.toMatchObject({ code: 'not_found' })
})

test('another account’s token is not found', async () => {
  await using house = await openHouse()
  const { id } = await makeToken(house)
  const foreign = systemOf({ account: house.other.account })
  const attempt = house.composed.tools.act(revokeToken, foreign, { tokenId: id })
  await expect(attempt).rejects.toMatchObject({ code: 'not_found' })
})

test('another process lets go of what changed within a second, and keeps the rest', async () => {
  await using house = await openHouse()
  await using other = openShelf(house)
  const { shelf, clock } = other
  const [ours, theirs] = [house.account.id, house.other.account.id]
  await shelf.fresh()
  shelf.put(shelf.mark(), ours, 'thing', 1)
  shelf.put(shelf.mark(), theirs, 'thing', 2)
  const { id } = await makeToken(house)
  await house.composed.tools.act(revokeToken, systemOf(house), { tokenId: id })
  expect(shelf.take(ours, 'thing')).toBe(1)
  clock.now += 1000
  await shelf.fresh()
  expect(shelf.take(ours, 'thing')).toBeUndefined()
  expect(shelf.take(theirs, 'thing')).toBe(2)
})

test('a change that was under way while the log was looked at is seen by the next look', async () => {
  await using house = await openHouse()
  await using other = openShelf(house)
  const { shelf, clock } = other
  await shelf.fresh()
  const { id } = await makeToken(house)
  const gate = Promise.withResolvers<void>()
  const told = Promise.withResolvers<void>()
  const revoking = house.composed.tools.act(
    async (tx, actor) => {
      await revokeToken(tx, actor, { tokenId: id })
      told.resolve()
      await gate.promise
    },
    systemOf(house),
    null,
  )
  await told.promise
  // A younger transaction ends first, and the log is looked at twice while the older one still runs.
  await makeToken(house)
  clock.now += 1000
  await shelf.fresh()
  clock.now += 1000
  await shelf.fresh()
  shelf.put(shelf.mark(), house.account.id, 'thing', 1)
  gate.resolve()
  await revoking
  clock.now += 1000
  await shelf.fresh()
  expect(shelf.take(house.account.id, 'thing')).toBeUndefined()
})

test('what a change overtakes while it is being read is not kept', async () => {
  await using house = await openHouse()
  await using other = openShelf(house)
  const { shelf } = other
  const mark = shelf.mark()
  shelf.forget(house.account.id)
  shelf.put(mark, house.account.id, 'thing', 'old')
  expect(shelf.take(house.account.id, 'thing')).toBeUndefined()
})

test('a second server on the database refuses the revoked token as soon as it looks again', async () => {
  await using house = await openHouse()
  const second = await composeForTests(house.databaseUrl, house.dataDir)
  try {
    const { id, secret } = await makeToken(house)
    const knock = async () =>
      (
        await second.app.inject({
          url: '/v1/conversations',
          headers: { authorization: `Bearer ${secret}` },
        })
      ).statusCode
    expect(await knock()).toBe(200)
    await house.composed.tools.act(revokeToken, systemOf(house), { tokenId: id })
    const revokedAt = performance.now()
    let status = 0
    while (status !== 401 && performance.now() - revokedAt < 5000) status = await knock()
    expect(status).toBe(401)
  } finally {
    await second.close()
  }
})
