import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { databaseDigest } from '../probing.ts'
import { actingAs, expectProblem, idsOf, nativeId, nobodys, readAll } from './native-desk.ts'

const GROUP = 'id number title color priority isDefault operatorIds createdAt updatedAt'
const BOT = 'id number name createdAt updatedAt'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

const make = async (title: string, more: object = {}) => {
  const made = await house.native.post('/groups', { title, color: '#1F7A5C', ...more })
  expect(made.status, made.text).toBe(201)
  return made.body
}
const whatsapp = () => {
  const channel = house.account.channels.find(({ kind }) => kind === 'whatsapp')
  return house.account.conversations.find(({ channelId }) => channelId === channel?.id)
}

describe('groups', () => {
  test('made, listed, read and changed', async () => {
    const made = await make(' Night ')
    expect(Object.keys(made).join(' ')).toBe(GROUP)
    expect(made).toMatchObject({ title: 'Night', color: '#1f7a5c', isDefault: false, operatorIds: [] })
    const all = await readAll(house.native, '/groups', 1)
    expect(all.at(-1)).toEqual(made)
    const changed = await house.native.patch(`/groups/${made.id}`, { title: 'Day', priority: 77 })
    expect(changed.body).toMatchObject({ title: 'Day', priority: 77, color: '#1f7a5c' })
    expect((await house.native.get(`/groups/${made.id}`)).body).toEqual(changed.body)
  })

  test('a priority is one group’s', async () => {
    const first = await make('First', { priority: 900 })
    const other = await make('Other')
    const before = await databaseDigest(house)
    const wish = { title: 'Second', color: '#000000', priority: 900 }
    expectProblem(await house.native.post('/groups', wish), 409, 'conflict', /priority/)
    expectProblem(await house.native.patch(`/groups/${other.id}`, { priority: 900 }), 409, 'conflict')
    expect(await databaseDigest(house)).toBe(before)
    expect((await house.native.patch(`/groups/${first.id}`, { priority: 900 })).status).toBe(200)
  })

  test.each([
    {},
    { title: 'x' },
    { title: ' ', color: '#000000' },
    { title: 'x', color: 'red' },
    { title: 'x', color: '#000000', priority: 0 },
    { title: 'x', color: '#000000', priority: 1.5 },
    { title: 'x', color: '#000000', isDefault: true },
    { title: 'a\0b', color: '#000000' },
  ])('%j is refused', async (body) => {
    expect((await house.native.post('/groups', body)).status).toBe(400)
  })

  test('operators are put in and taken out, and see its conversations at once', async () => {
    const group = await make('Team')
    const anna = idsOf(house).operator(1)
    await house.native.patch(`/operators/${anna}`, { scope: 'groups', groupIds: [] })
    const { id, number } = whatsapp() ?? {}
    const grouped = await house.native.get(`/groups/${group.id}`)
    await house.blingerApp.post('/conversations/assign-group', {
      ...{ conversation_id: number, group_id: grouped.body.number },
    })
    const secret = (await house.native.post('/tokens', { kind: 'linktor', name: 'Anna', operatorId: anna }))
      .body.secret
    const looks = async () =>
      (
        await house.linktor.get(
          `/conversations/${nativeId('conv', id)}`,
          {},
          { authorization: `Bearer ${secret}` },
        )
      ).status
    expect(await looks()).toBe(404)
    const path = `/groups/${group.id}/members/${anna}`
    for (let times = 0; times < 2; times += 1)
      expect((await house.native.put(path)).body).toMatchObject({ operatorIds: [anna] })
    expect(await looks()).toBe(200)
    expect((await house.native.get(`/operators/${anna}`)).body.groupIds).toEqual([group.id])
    for (let times = 0; times < 2; times += 1)
      expect((await house.native.delete(path)).body).toMatchObject({ operatorIds: [] })
    expect(await looks()).toBe(404)
  })

  test('a deleted one leaves its conversations and channels without a group', async () => {
    const group = await make('Short')
    const { id, number } = whatsapp() ?? {}
    await house.blingerApp.post('/conversations/assign-group', {
      ...{ conversation_id: number, group_id: group.number },
    })
    const channel = await house.native.post('/channels', { kind: 'email', name: 'E', groupId: group.id })
    await house.native.put(`/groups/${group.id}/members/${idsOf(house).operator(2)}`)
    expect((await house.native.delete(`/groups/${group.id}`)).status).toBe(204)
    expectProblem(await house.native.get(`/groups/${group.id}`), 404, 'not_found')
    expect(await house.sql('select group_id from conversation where id = $1', [id])).toEqual([
      { group_id: null },
    ])
    expect((await house.native.get(`/channels/${channel.body.id}`)).body.groupId).toBeNull()
    expectProblem(await house.native.delete(`/groups/${group.id}`), 404, 'not_found')
  })

  test('the default one stays', async () => {
    const groups = (await house.native.get('/groups', { limit: 100 })).body.items
    const usual = groups.find((group: { isDefault: boolean }) => group.isDefault)
    expectProblem(await house.native.delete(`/groups/${usual.id}`), 409, 'conflict', /default/)
  })

  test('nobody lets themselves into a group that is not before them', async () => {
    const [mine, theirs] = [await make('Mine'), await make('Theirs')]
    const boris = idsOf(house).operator(2)
    const role = await house.native.post('/roles', {
      ...{ name: 'Lead', scope: 'groups', permissions: ['operator.read', 'operator.write', 'group.write'] },
    })
    const given = { role: 'custom', roleId: role.body.id, scope: null, groupIds: [mine.id] }
    expect((await house.native.patch(`/operators/${boris}`, given)).status).toBe(200)
    const lead = await actingAs(house, house.account.operators[2]?.id)
    const before = await databaseDigest(house)
    expectProblem(await lead.put(`/groups/${theirs.id}/members/${boris}`), 403, 'forbidden')
    expectProblem(
      await lead.patch(`/operators/${boris}`, { groupIds: [mine.id, theirs.id] }),
      403,
      'forbidden',
    )
    expectProblem(await lead.patch(`/operators/${boris}`, { scope: 'all' }), 403, 'forbidden')
    expectProblem(await lead.delete(`/groups/${theirs.id}`), 403, 'forbidden')
    expect(await databaseDigest(house)).toBe(before)
    expect((await lead.put(`/groups/${mine.id}/members/${boris}`)).status).toBe(200)
  })

  test('another account’s are nobody’s', async () => {
    const before = await databaseDigest(house, house.other.account.id)
    const [ours, theirs] = [idsOf(house), idsOf(house.other)]
    for (const id of [theirs.group(1), nobodys('group'), 'group_1', '%00']) {
      expectProblem(await house.native.get(`/groups/${id}`), 404, 'not_found')
      expectProblem(await house.native.patch(`/groups/${id}`, { title: 'x' }), 404, 'not_found')
      expectProblem(await house.native.delete(`/groups/${id}`), 404, 'not_found')
      expectProblem(await house.native.put(`/groups/${id}/members/${ours.operator(1)}`), 404, 'not_found')
      expectProblem(await house.native.delete(`/groups/${id}/members/${ours.operator(1)}`), 404, 'not_found')
    }
    for (const id of [theirs.operator(1), nobodys('op')])
      expectProblem(await house.native.put(`/groups/${ours.group(1)}/members/${id}`), 404, 'not_found')
    expect(await databaseDigest(house, house.other.account.id)).toBe(before)
  })
})

describe('bots', () => {
  const newBot = async (name: string) => {
    const made = await house.native.post('/bots', { name })
    expect(made.status, made.text).toBe(201)
    return made.body
  }
  /** A conversation that the bot handles, on a channel of its own. */
  const handledBy = async (botId: string) => {
    const channel = await house.native.post('/channels', { kind: 'telegram', name: 'T', defaultBotId: botId })
    const said = await house.native.post('/sandbox/messages', {
      ...{ channelId: channel.body.id, from: 'kim', text: 'Hello' },
    })
    return { channelId: channel.body.id, conversationId: said.body.conversationId }
  }

  test('made, listed, read, changed and deleted', async () => {
    const made = await newBot(' Greeter ')
    expect(Object.keys(made).join(' ')).toBe(BOT)
    expect(await readAll(house.native, '/bots', 1)).toContainEqual(made)
    const changed = await house.native.patch(`/bots/${made.id}`, { name: 'Usher' })
    expect(changed.body).toMatchObject({ id: made.id, name: 'Usher' })
    expect((await house.native.get(`/bots/${made.id}`)).body).toEqual(changed.body)
    expect((await house.native.delete(`/bots/${made.id}`)).status).toBe(204)
    expectProblem(await house.native.get(`/bots/${made.id}`), 404, 'not_found')
    expectProblem(await house.native.delete(`/bots/${made.id}`), 404, 'not_found')
    expect(await readAll(house.native, '/bots', 100)).not.toContainEqual(
      expect.objectContaining({ id: made.id }),
    )
    for (const body of [{}, { name: '' }, { name: ' ' }, { name: 5 }, { name: 'x', number: 7 }])
      expect((await house.native.post('/bots', body)).status).toBe(400)
  })

  test('one that handles conversations goes when somebody gets them', async () => {
    const bot = await newBot('Busy')
    const { channelId, conversationId } = await handledBy(bot.id)
    const path = `/bots/${bot.id}`
    expectProblem(await house.native.delete(path), 409, 'in_use')
    for (const to of [bot.id, nobodys('bot'), nobodys('op'), idsOf(house.other).operator(1), 'nobody'])
      expect((await house.native.delete(`${path}?transferTo=${to}`)).status).toBeGreaterThanOrEqual(400)
    expectProblem(await house.native.delete(path), 409, 'in_use')
    const to = idsOf(house).operator(1)
    expect((await house.native.delete(`${path}?transferTo=${to}`)).status).toBe(204)
    const { attributes } = (await house.linktor.get(`/conversations/${conversationId}`)).body.data
    expect(attributes.assignee.id).toBe(to.replace('op_', 'user_'))
    expect((await house.native.get(`/channels/${channelId}`)).body.defaultBotId).toBeNull()
  })

  test('closed conversations do not wait for one that is gone', async () => {
    const bot = await newBot('Past')
    const { conversationId, channelId } = await handledBy(bot.id)
    await house.linktor.post(`/conversations/${conversationId}/close`, {})
    expect((await house.native.delete(`/bots/${bot.id}`)).status).toBe(204)
    await house.native.post('/sandbox/messages', { channelId, from: 'kim', text: 'Again' })
    const rows = await house.sql(
      `select is_bot_active, assignee_bot_id from conversation where replace(id::text, '-', '') = $1`,
      [conversationId.slice(5)],
    )
    expect(rows).toEqual([{ is_bot_active: false, assignee_bot_id: null }])
  })

  test('another account’s are nobody’s, and writing needs bot.write', async () => {
    const theirs = idsOf(house.other).bot(0)
    for (const id of [theirs, nobodys('bot')]) {
      expectProblem(await house.native.get(`/bots/${id}`), 404, 'not_found')
      expectProblem(await house.native.patch(`/bots/${id}`, { name: 'x' }), 404, 'not_found')
      expectProblem(await house.native.delete(`/bots/${id}`), 404, 'not_found')
    }
    const reader = await actingAs(house, house.account.operators[0]?.id, ['bot.read'])
    const bot = idsOf(house).bot(0)
    expect((await reader.get(`/bots/${bot}`)).status).toBe(200)
    expectProblem(await reader.post('/bots', { name: 'x' }), 403, 'forbidden')
    expectProblem(await reader.patch(`/bots/${bot}`, { name: 'x' }), 403, 'forbidden')
    expectProblem(await reader.delete(`/bots/${bot}`), 403, 'forbidden')
    expectProblem(await reader.get('/groups'), 403, 'forbidden')
    expectProblem(await reader.post('/groups', { title: 'x', color: '#000000' }), 403, 'forbidden')
  })
})
