import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PERMISSIONS } from '../../src/domain/permissions.ts'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { databaseDigest } from '../probing.ts'
import { actingAs, expectProblem, idsOf, nativeId, nobodys, readAll } from './native-desk.ts'

const OPERATOR =
  'id number name email role roleId scope groupIds status isActive externalId avatarUrl createdAt updatedAt'

let house: TestHouse
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house[Symbol.asyncDispose]())

const OWNER = 0
const ANNA = 1
const BORIS = 2
const path = (index: number) => `/operators/${idsOf(house).operator(index)}`
const change = (index: number, body: object) => house.native.patch(path(index), body)
const uuid = (index: number) => house.account.operators[index]?.id
async function makeRole(body: object) {
  const made = await house.native.post('/roles', { name: 'Own', scope: 'all', ...body })
  expect(made.status, made.text).toBe(201)
  return made.body
}

describe('roles', () => {
  test('the list of permissions says which are yours', async () => {
    const anna = await actingAs(house, uuid(ANNA))
    const { items } = (await anna.get('/permissions')).body
    expect(items.map(({ name }: { name: string }) => name)).toEqual([...PERMISSIONS])
    expect(items).toContainEqual({ name: 'conversation.write', isYours: true })
    expect(items).toContainEqual({ name: 'token.write', isYours: false })
  })

  test('those of every account, then the account’s own', async () => {
    const own = await makeRole({ permissions: ['conversation.read', 'conversation.read', 'message.read'] })
    expect(own).toMatchObject({ isBuiltIn: false, permissions: ['conversation.read', 'message.read'] })
    const { items, nextCursor } = (await house.native.get('/roles')).body
    expect(nextCursor).toBeNull()
    const ids = items.map(({ id }: { id: string }) => id)
    expect(ids.slice(0, 5)).toEqual(['owner', 'admin', 'supervisor', 'operator', 'viewer'])
    expect(ids.slice(5)).toContain(own.id)
    expect((await house.native.get(`/roles/${own.id}`)).body).toEqual(own)
    expect((await house.native.get('/roles/viewer')).body).toEqual(items[4])
    const others = (await house.other.native.get('/roles')).body.items as { id: string }[]
    expect(others.map(({ id }) => id)).not.toContain(own.id)
  })

  test('changed ones are felt at once', async () => {
    const role = await makeRole({ permissions: ['operator.read', 'bot.read'] })
    await change(ANNA, { role: 'custom', roleId: role.id })
    const anna = await actingAs(house, uuid(ANNA))
    expect((await anna.get('/bots')).status).toBe(200)
    const changed = await house.native.patch(`/roles/${role.id}`, { permissions: ['operator.read'] })
    expect(changed.body).toMatchObject({ name: 'Own', scope: 'all', permissions: ['operator.read'] })
    expectProblem(await anna.get('/bots'), 403, 'forbidden')
    expect((await anna.get('/operators')).status).toBe(200)
  })

  test('one that is in use stays; a removed operator and an invitation that is over do not use it', async () => {
    const role = await makeRole({ permissions: ['operator.read'] })
    await change(ANNA, { role: 'custom', roleId: role.id })
    expectProblem(await house.native.delete(`/roles/${role.id}`), 409, 'in_use')
    await change(ANNA, { role: 'viewer' })
    await house.sql(
      `insert into invitation (account_id, id, email, role, role_id, group_ids, secret_hash, expires_at, created_at)
       values ($1, gen_random_uuid(), 'kim@example.com', 'custom', $2, '{}', '\\x00', '2036-01-01', now())`,
      [house.account.id, role.id.replace(/^role_(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')],
    )
    expectProblem(await house.native.delete(`/roles/${role.id}`), 409, 'in_use')
    await house.sql(`update invitation set expires_at = '2020-01-01'`)
    await change(BORIS, { role: 'custom', roleId: role.id })
    expect((await house.native.delete(path(BORIS))).status).toBe(204)
    expect((await house.native.delete(`/roles/${role.id}`)).status).toBe(204)
    expectProblem(await house.native.get(`/roles/${role.id}`), 404, 'not_found')
  })

  test('are refused', async () => {
    const role = await makeRole({ permissions: [] })
    const good = { name: 'New', permissions: [], scope: 'own' }
    const before = await databaseDigest(house)
    for (const body of [
      ...[
        { name: 'New' },
        { ...good, name: ' ' },
        { ...good, scope: 'world' },
        { ...good, permissions: 'all' },
      ],
      ...[
        { ...good, permissions: ['everything'] },
        { ...good, isBuiltIn: true },
        { ...good, accountId: 'x' },
      ],
    ])
      expect((await house.native.post('/roles', body)).status, JSON.stringify(body)).toBe(400)
    expectProblem(await house.native.post('/roles', { ...good, name: 'Own' }), 409, 'conflict', /name/)
    for (const id of ['owner', 'viewer', nobodys('role'), 'nobody']) {
      expectProblem(await house.native.patch(`/roles/${id}`, { name: 'x' }), 404, 'not_found')
      expectProblem(await house.native.delete(`/roles/${id}`), 404, 'not_found')
    }
    for (const reply of [
      await house.other.native.get(`/roles/${role.id}`),
      await house.other.native.patch(`/roles/${role.id}`, { name: 'x' }),
      await house.other.native.delete(`/roles/${role.id}`),
    ])
      expectProblem(reply, 404, 'not_found')
    expect(await databaseDigest(house)).toBe(before)
  })

  test('nobody puts in what they lack, nor touches a role that can do more', async () => {
    const strong = await makeRole({ name: 'Strong', permissions: ['token.write', 'role.write'] })
    const clerk = await actingAs(house, uuid(OWNER), ['role.write', 'operator.read', 'conversation.read'])
    const before = await databaseDigest(house)
    for (const permission of PERMISSIONS.filter(
      (one) => !['role.write', 'operator.read', 'conversation.read'].includes(one),
    )) {
      const wish = { name: 'Mine', scope: 'all', permissions: ['operator.read', permission] }
      expectProblem(await clerk.post('/roles', wish), 403, 'forbidden')
    }
    expectProblem(await clerk.patch(`/roles/${strong.id}`, { permissions: [] }), 403, 'forbidden')
    expectProblem(await clerk.delete(`/roles/${strong.id}`), 403, 'forbidden')
    expect(await databaseDigest(house)).toBe(before)
    const fine = { name: 'Mine', scope: 'all', permissions: ['conversation.read'] }
    const made = await clerk.post('/roles', fine)
    expect(made.status).toBe(201)
    const more = { permissions: ['conversation.read', 'message.write'] }
    expectProblem(await clerk.patch(`/roles/${made.body.id}`, more), 403, 'forbidden')
  })

  test('nobody gives a wider view than they have', async () => {
    const role = await makeRole({ scope: 'groups', permissions: ['role.write', 'operator.read'] })
    await change(ANNA, { role: 'custom', roleId: role.id })
    const anna = await actingAs(house, uuid(ANNA))
    const wish = { name: 'Wide', permissions: ['operator.read'], scope: 'all' }
    expectProblem(await anna.post('/roles', wish), 403, 'forbidden')
    expectProblem(await anna.patch(`/roles/${role.id}`, { scope: 'all' }), 403, 'forbidden')
    expect((await anna.post('/roles', { ...wish, scope: 'own' })).status).toBe(201)
  })
})

describe('operators', () => {
  test('listed, read and changed', async () => {
    const all = await readAll(house.native, '/operators', 2)
    expect(all.map(({ id }) => id)).toEqual([OWNER, ANNA, BORIS].map((index) => idsOf(house).operator(index)))
    expect(Object.keys(all[0] ?? {}).join(' ')).toBe(OPERATOR)
    const groupIds = [idsOf(house).group(1), idsOf(house).group(2)]
    const wish = { name: ' Anna B. ', role: 'supervisor', scope: 'own', groupIds, status: 'online' }
    const changed = await change(ANNA, wish)
    expect(changed.status, changed.text).toBe(200)
    expect(changed.body).toMatchObject({ ...wish, name: 'Anna B.', roleId: null, isActive: true })
    expect((await house.native.get(path(ANNA))).body).toEqual(changed.body)
    const back = await change(ANNA, { scope: null, groupIds: [] })
    expect(back.body).toMatchObject({ scope: null, groupIds: [], role: 'supervisor', name: 'Anna B.' })
  })

  test('are refused', async () => {
    const before = await databaseDigest(house)
    const cases: [object, number][] = [
      [{ name: '' }, 400],
      [{ name: ' ' }, 400],
      [{ role: 'owner' }, 400],
      [{ role: 'god' }, 400],
      [{ role: 'custom' }, 400],
      [{ role: 'viewer', roleId: nobodys('role') }, 400],
      [{ roleId: nobodys('role') }, 400],
      [{ scope: 'world' }, 400],
      [{ isActive: 'no' }, 400],
      [{ status: 'away' }, 400],
      [{ email: 'other@harbour.example' }, 400],
      [{ accountId: house.other.account.id }, 400],
      [{ role: 'custom', roleId: nobodys('role') }, 404],
      [{ groupIds: [nobodys('group')] }, 404],
      [{ groupIds: [idsOf(house.other).group(1)] }, 404],
    ]
    for (const [body, status] of cases)
      expect((await change(ANNA, body)).status, JSON.stringify(body)).toBe(status)
    for (const id of [idsOf(house.other).operator(1), nobodys('op'), 'op_1']) {
      expectProblem(await house.native.get(`/operators/${id}`), 404, 'not_found')
      expectProblem(await house.native.patch(`/operators/${id}`, { name: 'x' }), 404, 'not_found')
      expectProblem(await house.native.delete(`/operators/${id}`), 404, 'not_found')
    }
    expect(await databaseDigest(house)).toBe(before)
  })

  test('one who is not active can do nothing from then on; their conversations stay in their hands', async () => {
    const { number } = house.account.conversations[2] ?? {}
    await house.blingerApp.post('/conversations/assign-operator', {
      ...{ conversation_id: number, operator_id: house.account.operators[ANNA]?.number },
    })
    const anna = await actingAs(house, uuid(ANNA))
    expect((await anna.get('/operators')).status).toBe(200)
    expect((await change(ANNA, { isActive: false })).body).toMatchObject({ isActive: false })
    expectProblem(await anna.get('/operators'), 401, 'unauthenticated')
    const held = await house.sql('select assignee_id from conversation where number = $1', [number])
    expect(held).toEqual([{ assignee_id: uuid(ANNA) }])
    await change(ANNA, { isActive: true })
    expect((await anna.get('/operators')).status).toBe(200)
  })

  test('a lower role is felt at once', async () => {
    await change(ANNA, { role: 'admin' })
    const anna = await actingAs(house, uuid(ANNA))
    expect((await anna.get('/tokens')).status).toBe(200)
    await change(ANNA, { role: 'viewer' })
    expectProblem(await anna.get('/tokens'), 403, 'forbidden')
  })

  test('the owner stays an active owner who sees everything', async () => {
    await change(ANNA, { role: 'admin' })
    const admin = await actingAs(house, uuid(ANNA))
    const before = await databaseDigest(house)
    for (const body of [
      { role: 'viewer' },
      { isActive: false },
      { scope: 'own' },
      { role: 'admin', name: 'x' },
    ]) {
      expectProblem(await admin.patch(path(OWNER), body), 403, 'forbidden')
      expectProblem(await house.native.patch(path(OWNER), body), 403, 'forbidden')
    }
    expectProblem(await admin.delete(path(OWNER)), 403, 'forbidden')
    expectProblem(await house.native.delete(path(OWNER)), 403, 'forbidden')
    const dismissed = await house.blingerApp.post('/operators/delete', {
      operator_id: house.account.operators[OWNER]?.number,
    })
    expect(dismissed.body).toEqual({ error: 'Operator not found', status: 400 })
    const silenced = await house.blingerWidget.patch(`/agent/${uuid(OWNER)}`, { active: false })
    expect(silenced.status).toBe(403)
    expect(await databaseDigest(house)).toBe(before)
    expect((await house.native.patch(path(OWNER), { name: 'Nora L.' })).body.name).toBe('Nora L.')
  })

  test('nobody disables or deletes themselves', async () => {
    await change(ANNA, { role: 'admin' })
    const anna = await actingAs(house, uuid(ANNA))
    const before = await databaseDigest(house)
    expectProblem(await anna.patch(path(ANNA), { isActive: false }), 403, 'forbidden')
    expectProblem(await anna.delete(path(ANNA)), 403, 'forbidden')
    expect(await databaseDigest(house)).toBe(before)
  })

  test('nobody raises anybody above themselves, nor touches who can do more', async () => {
    const lead = await makeRole({
      permissions: ['operator.read', 'operator.write', 'conversation.read', 'message.read', 'contact.read'],
    })
    await change(ANNA, { role: 'custom', roleId: lead.id })
    await change(BORIS, { role: 'supervisor' })
    const more = await makeRole({ name: 'More', permissions: ['token.write'] })
    const less = await makeRole({ name: 'Less', permissions: ['operator.read'] })
    const anna = await actingAs(house, uuid(ANNA))
    const before = await databaseDigest(house)
    for (const role of ['admin', 'supervisor', 'operator', 'viewer'])
      expectProblem(await anna.patch(path(ANNA), { role }), 403, 'forbidden')
    expectProblem(await anna.patch(path(ANNA), { role: 'custom', roleId: more.id }), 403, 'forbidden')
    for (const body of [
      { name: 'x' },
      { isActive: false },
      { role: 'custom', roleId: less.id },
      { status: 'online' },
    ])
      for (const index of [OWNER, BORIS]) expectProblem(await anna.patch(path(index), body), 403, 'forbidden')
    expectProblem(await anna.delete(path(BORIS)), 403, 'forbidden')
    expect(await databaseDigest(house)).toBe(before)
    await change(BORIS, { role: 'custom', roleId: less.id })
    expect((await anna.patch(path(BORIS), { name: 'Boris V.', isActive: false })).status).toBe(200)
    expect((await anna.delete(path(BORIS))).status).toBe(204)
  })

  test('a token that can do little makes no operator who can do more', async () => {
    const { secret } = (
      await house.native.post('/tokens', {
        kind: 'blinger_app',
        name: 'small',
        permissions: ['operator.write'],
      })
    ).body
    const before = await databaseDigest(house)
    const made = await house.blingerApp.post(
      '/operators/create',
      { operator_email: 'mole@harbour.example', operator_password: 'a good password' },
      { authentication: secret },
    )
    expect(made.status).toBe(403)
    expect(await databaseDigest(house)).toBe(before)
  })

  test('writing needs operator.write', async () => {
    const anna = await actingAs(house, uuid(ANNA))
    expectProblem(await anna.patch(path(ANNA), { name: 'x' }), 403, 'forbidden')
    expectProblem(await anna.delete(path(BORIS)), 403, 'forbidden')
    const blind = await actingAs(house, uuid(OWNER), ['bot.read'])
    for (const route of ['/operators', '/roles', '/roles/viewer', '/permissions', '/groups'])
      expectProblem(await blind.get(route), 403, 'forbidden')
  })
})

describe('deleting', () => {
  /** The same person works in the other account too. */
  const hireElsewhere = async () => {
    const [row] = await house.sql<{ person_id: string }>('select person_id from operator where id = $1', [
      uuid(ANNA),
    ])
    await house.sql('update operator set person_id = $1 where id = $2', [
      row?.person_id,
      house.other.account.operators[1]?.id,
    ])
    return row?.person_id
  }

  test('frees what they had, and with their last account the person goes', async () => {
    const anna = await actingAs(house, uuid(ANNA))
    expect((await house.native.delete(path(ANNA))).status).toBe(204)
    expectProblem(await house.native.get(path(ANNA)), 404, 'not_found')
    expectProblem(await anna.get('/operators'), 401, 'unauthenticated')
    expect(await house.sql('select 1 from person where id = $1', [uuid(ANNA)])).toEqual([])
    const rows = await house.sql('select removed_at is null as here from operator where id = $1', [
      uuid(ANNA),
    ])
    expect(rows).toEqual([{ here: false }])
  })

  test('a person who works in another account stays, until that one lets them go too', async () => {
    const personId = await hireElsewhere()
    const people = () => house.sql('select 1 from person where id = $1', [personId])
    expect((await house.native.delete(path(ANNA))).status).toBe(204)
    expect(await people()).toHaveLength(1)
    const there = nativeId('op', house.other.account.operators[1]?.id)
    expect((await house.other.native.delete(`/operators/${there}`)).status).toBe(204)
    expect(await people()).toEqual([])
  })

  test('two accounts that let the same person go at once leave nobody behind', async () => {
    const personId = await hireElsewhere()
    const there = nativeId('op', house.other.account.operators[1]?.id)
    const gone = await Promise.all([
      house.native.delete(path(ANNA)),
      house.other.native.delete(`/operators/${there}`),
    ])
    expect(gone.map(({ status }) => status)).toEqual([204, 204])
    expect(await house.sql('select 1 from person where id = $1', [personId])).toEqual([])
  })

  test('who was hired into a second account is told by the person, not by the operator’s id', async () => {
    // The operator made second has an id of its own, that no person has.
    const [row] = await house.sql<{ person_id: string }>('select person_id from operator where id = $1', [
      uuid(ANNA),
    ])
    await house.sql('update operator set person_id = null where id = $1', [uuid(ANNA)])
    await house.sql('update operator set person_id = $1 where id = $2', [row?.person_id, uuid(BORIS)])
    expect((await house.native.delete(path(BORIS))).status).toBe(204)
    expect(await house.sql('select 1 from person where id = $1', [row?.person_id])).toEqual([])
  })
})

describe('the account', () => {
  test('read and changed', async () => {
    const read = await house.native.get('/account')
    expect(Object.keys(read.body).join(' ')).toBe(
      'id number name phone description ownerId createdAt updatedAt',
    )
    expect(read.body).toMatchObject({ name: 'Harbour Books', ownerId: idsOf(house).operator(OWNER) })
    const wish = { name: ' Harbour ', phone: '+47 900 00 001', description: 'Books' }
    expect((await house.native.patch('/account', wish)).body).toMatchObject({ ...wish, name: 'Harbour' })
    const cleared = await house.native.patch('/account', { phone: null, description: '' })
    expect(cleared.body).toMatchObject({ name: 'Harbour', phone: null, description: null })
    expect((await house.native.get('/account')).body).toEqual(cleared.body)
    expect((await house.other.native.get('/account')).body).toMatchObject({ name: 'Meadow Garden' })
    for (const body of [
      { name: '' },
      { name: null },
      { ownerId: 'x' },
      { number: 7 },
      { phone: 'x'.repeat(65) },
    ])
      expect((await house.native.patch('/account', body)).status, JSON.stringify(body)).toBe(400)
    const anna = await actingAs(house, uuid(ANNA))
    expect((await anna.get('/account')).status).toBe(200)
    expectProblem(await anna.patch('/account', { name: 'Mine' }), 403, 'forbidden')
  })
})
