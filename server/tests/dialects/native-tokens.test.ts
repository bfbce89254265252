import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PERMISSIONS } from '../../src/domain/permissions.ts'
import type { Client, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { databaseDigest } from '../probing.ts'
import { actingAs, expectProblem, idsOf, nativeId, nobodys, readAll, withToken } from './native-desk.ts'

const TOKEN = 'id kind name operatorId permissions scopes expiresAt lastUsedAt rateLimit createdAt'
const MINUTE = 60_000

let house: TestHouse
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house[Symbol.asyncDispose]())

async function make(more: object = {}, client: Client = house.native) {
  const made = await client.post('/tokens', { kind: 'native', name: 'A test', ...more })
  expect(made.status, made.text).toBe(201)
  return made.body
}
const shown = async (id: string) =>
  (await readAll(house.native, '/tokens', 100)).find((token) => token.id === id)

describe('making', () => {
  test('the secret is shown this once, and opens its own door', async () => {
    const made = await make({ kind: 'linktor', name: ' CRM ', rateLimit: 60 })
    expect(Object.keys(made).join(' ')).toBe(`${TOKEN} secret`)
    expect(made).toMatchObject({
      ...{ kind: 'linktor', name: 'CRM', scopes: null, expiresAt: null, lastUsedAt: null, rateLimit: 60 },
      operatorId: idsOf(house).operator(0),
    })
    expect(made.permissions).toEqual([...PERMISSIONS])
    const authorization = `Bearer ${made.secret}`
    expect((await house.linktor.get('/channels', {}, { authorization })).status).toBe(200)
    expectProblem(await withToken(house.native, made.secret).get('/account'), 401, 'unauthenticated')
    const list = await house.native.get('/tokens', { limit: 100 })
    expect(list.text).not.toContain(made.secret)
    const stored = await house.sql(`select 1 from token t where t::text like '%' || $1 || '%'`, [made.secret])
    expect(stored).toEqual([])
  })

  test('listed newest first, page by page, by kind', async () => {
    const made = [await make(), await make(), await make()]
    const all = await readAll(house.native, '/tokens', 2)
    expect(all.slice(0, 3).map(({ id }) => id)).toEqual(made.map(({ id }) => id).toReversed())
    expect(Object.keys(all[0] ?? {}).join(' ')).toBe(TOKEN)
    const pact = (await house.native.get('/tokens', { kind: 'pact' })).body.items
    expect(pact).toHaveLength(1)
    const { nextCursor } = (await house.native.get('/tokens', { limit: 1 })).body
    expectProblem(await house.native.get('/tokens', { kind: 'pact', cursor: nextCursor }), 400, 'invalid')
    expectProblem(await house.other.native.get('/tokens', { cursor: nextCursor }), 400, 'invalid')
    await house.native.delete(`/tokens/${made[2].id}`)
    const rest = (await house.native.get('/tokens', { cursor: nextCursor, limit: 2 })).body.items
    expect(rest.map(({ id }: { id: string }) => id)).toEqual([made[1].id, made[0].id])
  })

  test('is refused', async () => {
    const before = await databaseDigest(house)
    for (const body of [
      ...[{}, { kind: 'native' }, { name: 'x' }, { kind: 'other', name: 'x' }, { kind: 'native', name: ' ' }],
      ...[{ permissions: ['all'] }, { permissions: 'all' }, { expiresAt: 'tomorrow' }, { expiresAt: 5 }],
      ...[{ expiresAt: '2020-01-01T00:00:00Z' }, { expiresAt: '2036-13-01T00:00:00Z' }, { rateLimit: 0 }],
      ...[{ rateLimit: 1.5 }, { scopes: ['messages:read'] }, { accountId: house.other.account.id }],
      ...[{ secret: 'mine' }, { operatorId: 5 }],
    ].map((more, index) => (index < 5 ? more : { kind: 'native', name: 'x', ...more })))
      expect((await house.native.post('/tokens', body)).status, JSON.stringify(body)).toBe(400)
    for (const operatorId of [nobodys('op'), idsOf(house.other).operator(1), 'op_1'])
      expectProblem(
        await house.native.post('/tokens', { kind: 'native', name: 'x', operatorId }),
        404,
        'not_found',
      )
    expect(await databaseDigest(house)).toBe(before)
  })
})

describe('what it can do', () => {
  test('no more than whoever makes it', async () => {
    const clerk = await actingAs(house, house.account.operators[0]?.id, ['token.write', 'channel.read'])
    for (const permission of PERMISSIONS.filter((one) => one !== 'token.write' && one !== 'channel.read'))
      expectProblem(
        await clerk.post('/tokens', { kind: 'native', name: 'x', permissions: ['channel.read', permission] }),
        403,
        'forbidden',
      )
    const made = await make({}, clerk)
    expect(made.permissions.toSorted()).toEqual(['channel.read', 'token.write'])
    const heir = withToken(house.native, made.secret)
    expect((await heir.get('/channels')).status).toBe(200)
    expectProblem(await heir.get('/tokens'), 403, 'forbidden')
  })

  test('no more than the operator it is made for, now and later', async () => {
    const anna = idsOf(house).operator(1)
    const made = await make({ operatorId: anna })
    const client = withToken(house.native, made.secret)
    expect(made.operatorId).toBe(anna)
    expectProblem(await client.get('/tokens'), 403, 'forbidden')
    expectProblem(await client.get('/audit'), 403, 'forbidden')
    expect((await client.get('/channels')).status).toBe(200)
    await house.native.patch(`/operators/${anna}`, { role: 'admin' })
    expect((await client.get('/tokens')).status).toBe(200)
    await house.native.patch(`/operators/${anna}`, { isActive: false })
    expectProblem(await client.get('/channels'), 401, 'unauthenticated')
  })

  test('and sees no further than its maker: for others only those make one who see everything', async () => {
    const role = await house.native.post('/roles', {
      ...{ name: 'Maker', scope: 'own', permissions: ['token.write', 'conversation.read', 'operator.read'] },
    })
    const anna = idsOf(house).operator(1)
    await house.native.patch(`/operators/${anna}`, { role: 'custom', roleId: role.body.id })
    const maker = await actingAs(house, house.account.operators[1]?.id)
    const before = await databaseDigest(house)
    for (const index of [0, 2]) {
      const wish = { kind: 'linktor', name: 'x', operatorId: idsOf(house).operator(index) }
      expectProblem(await maker.post('/tokens', wish), 403, 'forbidden')
    }
    expect(await databaseDigest(house)).toBe(before)
    expect((await make({ kind: 'linktor', operatorId: anna }, maker)).operatorId).toBe(anna)
    expect((await make({ kind: 'linktor' }, maker)).operatorId).toBe(anna)
  })
})

describe('its end', () => {
  test('a revoked one is dead at once, and another account’s is nobody’s', async () => {
    const made = await make()
    const client = withToken(house.native, made.secret)
    expect((await client.get('/account')).status).toBe(200)
    for (const id of [made.id, nobodys('token'), 'token_1'])
      expectProblem(await house.other.native.delete(`/tokens/${id}`), 404, 'not_found')
    expect((await client.get('/account')).status).toBe(200)
    expect((await house.native.delete(`/tokens/${made.id}`)).status).toBe(204)
    expectProblem(await client.get('/account'), 401, 'unauthenticated')
    expectProblem(await house.native.delete(`/tokens/${made.id}`), 404, 'not_found')
    expect(await shown(made.id)).toBeUndefined()
  })

  test('one that has expired opens nothing', async () => {
    const expiresAt = new Date(house.clock.now().getTime() + 10 * MINUTE).toISOString()
    const made = await make({ expiresAt })
    expect(made.expiresAt).toBe(expiresAt)
    const client = withToken(house.native, made.secret)
    expect((await client.get('/account')).status).toBe(200)
    house.clock.advance(11 * MINUTE)
    expectProblem(await client.get('/account'), 401, 'unauthenticated')
  })

  test('its last use shows, to the minute', async () => {
    const made = await make()
    const client = withToken(house.native, made.secret)
    await client.get('/account')
    const first = await shown(made.id)
    expect(first).toMatchObject({ lastUsedAt: expect.stringMatching(/^2026-03-02T09:/) })
    await client.get('/account')
    expect(await shown(made.id)).toEqual(first)
    house.clock.advance(2 * MINUTE)
    await client.get('/account')
    expect(await shown(made.id)).not.toEqual(first)
  })

  test('reading needs token.read, writing token.write', async () => {
    const made = await make()
    const reader = await actingAs(house, house.account.operators[0]?.id, ['token.read'])
    expect((await reader.get('/tokens')).status).toBe(200)
    expectProblem(await reader.post('/tokens', { kind: 'native', name: 'x' }), 403, 'forbidden')
    expectProblem(await reader.delete(`/tokens/${made.id}`), 403, 'forbidden')
    const id = nativeId('token', made.id.slice(6))
    expect((await house.native.delete(`/tokens/${id}`)).status).toBe(204)
  })
})
