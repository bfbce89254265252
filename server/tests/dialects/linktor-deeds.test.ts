import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import {
  begin,
  expectConversation,
  expectRefusal,
  idsOf,
  ISO,
  keys,
  keysOf,
  linktorId,
} from './linktor-desk.ts'

let house: TestHouse
let ids: ReturnType<typeof idsOf>
beforeAll(async () => {
  house = await openHouse()
  ids = idsOf(house)
})
afterAll(() => house[Symbol.asyncDispose]())

const NOBODY = `conv_${'0'.repeat(31)}1`

describe('close and reopen', () => {
  const CLOSED = 'status,closedAt,closedBy,resolution,closureReason'

  test('close tells who, why and how; closing again changes nothing', async () => {
    const id = await begin(house)
    const body = { reason: 'All answered', resolution: 'resolved', notes: 'A happy reader' }
    const closed = await house.linktor.post(`/conversations/${id}/close`, body)
    const attributes = expectConversation(closed, CLOSED)
    expect(attributes).toMatchObject({
      status: 'closed',
      closedBy: { id: ids.user(0), name: 'Nora Lind' },
      resolution: 'resolved',
      closureReason: 'All answered',
    })
    expect(attributes.closedAt).toMatch(ISO)
    house.clock.advance(60_000)
    const again = await house.linktor.post(`/conversations/${id}/close`, { resolution: 'spam' })
    expect(expectConversation(again, CLOSED)).toEqual(attributes)
    const messages = await house.linktor.get(`/conversations/${id}/messages`)
    expect(messages.body.data).toEqual([])
  })

  test('reopen tells who; reopening again changes nothing', async () => {
    const id = await begin(house, { assigneeId: ids.user(2) })
    await house.linktor.post(`/conversations/${id}/close`)
    const reopened = await house.linktor.post(`/conversations/${id}/reopen`)
    const attributes = expectConversation(reopened, 'status,reopenedAt,reopenedBy')
    expect(attributes).toMatchObject({ status: 'open', reopenedBy: { id: ids.user(0), name: 'Nora Lind' } })
    house.clock.advance(60_000)
    const again = await house.linktor.post(`/conversations/${id}/reopen`, {})
    expect(expectConversation(again, 'status,reopenedAt,reopenedBy')).toEqual(attributes)
    const shown = await house.linktor.get(`/conversations/${id}`)
    expect(shown.body.data.attributes.assignee.id).toBe(ids.user(2))
    expectConversation(await house.linktor.post(`/conversations/${await begin(house)}/reopen`), 'status')
  })

  test('faults', async () => {
    const id = await begin(house)
    const bad = await house.linktor.post(`/conversations/${id}/close`, {
      reason: 1,
      resolution: 'won',
      notes: [],
    })
    expectRefusal(bad, 400, 'VALIDATION_ERROR', ['reason', 'resolution', 'notes'])
    expect((await house.linktor.get(`/conversations/${id}`)).body.data.attributes.status).toBe('open')
  })
})

describe('assign and transfer', () => {
  const ASSIGNED = 'assignee,assignedAt,assignedBy'

  test('assign to a user, to a bot, and again', async () => {
    const id = await begin(house)
    const assign = async (body: object) =>
      expectConversation(await house.linktor.post(`/conversations/${id}/assign`, body), ASSIGNED)
    const first = await assign({ assigneeId: ids.user(1), assigneeType: 'user', note: 'Knows atlases' })
    expect(first).toMatchObject({
      assignee: { id: ids.user(1), type: 'user', name: 'Anna Berg' },
      assignedBy: { id: ids.user(0), name: 'Nora Lind' },
    })
    expect(first.assignedAt).toMatch(ISO)
    house.clock.advance(60_000)
    expect(await assign({ assigneeId: ids.user(1) })).toEqual(first)
    expect((await assign({ assigneeId: ids.bot })).assignee).toMatchObject({ id: ids.bot, type: 'bot' })
    const shown = await house.linktor.get(`/conversations/${id}`)
    expect(shown.body.data.attributes.bot).toMatchObject({ id: ids.bot, active: true })
    await assign({ assigneeId: ids.user(2) })
    const taken = await house.linktor.get(`/conversations/${id}`)
    expect(taken.body.data.attributes.bot).toMatchObject({ id: ids.bot, active: false })
  })

  test('assign refuses', async () => {
    const id = await begin(house)
    const assign = (body: object) => house.linktor.post(`/conversations/${id}/assign`, body)
    expectRefusal(await assign({}), 400, 'VALIDATION_ERROR', ['assigneeId'])
    expectRefusal(await assign({ assigneeId: ids.bot, assigneeType: 'user' }), 400, 'VALIDATION_ERROR', [
      'assigneeType',
    ])
    expectRefusal(
      await assign({ assigneeId: ids.bot, assigneeType: 'team', note: {} }),
      400,
      'VALIDATION_ERROR',
    )
    for (const odd of [
      'user_1',
      `user_${'1'.repeat(32)}`,
      `bot_${'1'.repeat(32)}`,
      idsOf(house.other).user(0),
    ])
      expectRefusal(await assign({ assigneeId: odd }), 404, 'RESOURCE_NOT_FOUND', ['assigneeId'])
    const disguised = ids.bot.replace('bot_', 'user_')
    expectRefusal(await assign({ assigneeId: disguised }), 404, 'RESOURCE_NOT_FOUND', ['assigneeId'])
  })

  test('transfer hands over with its context', async () => {
    const id = await begin(house)
    const transfer = (body: object) => house.linktor.post(`/conversations/${id}/transfer`, body)
    const base = 'assignee,previousAssignee,transferredAt,transferredBy'
    const first = expectConversation(await transfer({ toAssigneeId: ids.bot }), base)
    expect(first).toMatchObject({ assignee: { id: ids.bot, type: 'bot' }, previousAssignee: null })
    const body = {
      toAssigneeId: ids.user(2),
      reason: 'Technical',
      summary: 'Needs an invoice',
      notifyContact: true,
    }
    const second = expectConversation(await transfer(body), `${base},reason,summary`)
    expect(second).toMatchObject({
      assignee: { id: ids.user(2), type: 'user', name: 'Boris Vale' },
      previousAssignee: { id: ids.bot, type: 'bot', name: house.fixture.bots[0]?.name },
      transferredBy: { id: ids.user(0), name: 'Nora Lind' },
      reason: 'Technical',
      summary: 'Needs an invoice',
    })
    const told = await house.linktor.get(`/conversations/${id}/messages`)
    expect(told.body.data).toHaveLength(1)
    const bad = await transfer({ toAssigneeId: 'user_x' })
    expectRefusal(bad, 404, 'RESOURCE_NOT_FOUND', ['toAssigneeId'])
    expectRefusal(await transfer({ notifyContact: 'yes' }), 400, 'VALIDATION_ERROR', [
      'toAssigneeId',
      'notifyContact',
    ])
    await house.linktor.post(`/conversations/${id}/close`)
    expectRefusal(await transfer({ toAssigneeId: ids.bot }), 400, 'VALIDATION_ERROR')
  })
})

test('participants: the contact, then users, then bots, each once', async () => {
  const id = await begin(house, { assigneeId: ids.user(1), botId: ids.bot })
  await house.linktor.post(`/conversations/${id}/assign`, { assigneeId: ids.user(2) })
  await house.linktor.post(`/conversations/${id}/assign`, { assigneeId: ids.user(1) })
  const reply = await house.linktor.get(`/conversations/${id}/participants`)
  expect(keysOf(reply.body)).toBe('data')
  const shapes = reply.body.data.map(({ type, attributes }: { type: string; attributes: object }) => [
    type,
    keysOf(attributes),
  ])
  expect(shapes).toEqual([
    ['contact', keys('name,phone,role')],
    ['user', keys('name,email,role')],
    ['user', keys('name,email,role')],
    ['bot', keys('name,role')],
  ])
  expect(reply.body.data.map((row: { attributes: { role: string } }) => row.attributes.role)).toEqual([
    ...['customer', 'agent', 'agent', 'bot'],
  ])
  expect(reply.body.data[1].id).toBe(ids.user(1))
})

test('a conversation that is not there, or not ours, is not found by any door', async () => {
  const foreign = idsOf(house.other).conversation('whatsapp')
  for (const id of [NOBODY, 'conv_x', '1', linktorId('ch', foreign.slice(5)), foreign, 'x'.repeat(300)]) {
    const path = `/conversations/${id}`
    for (const reply of [
      await house.linktor.get(path),
      await house.linktor.patch(path, { priority: 'low' }),
      await house.linktor.put(path, {}),
      await house.linktor.post(`${path}/close`),
      await house.linktor.post(`${path}/reopen`),
      await house.linktor.post(`${path}/assign`, { assigneeId: ids.bot }),
      await house.linktor.post(`${path}/transfer`, { toAssigneeId: ids.bot }),
      await house.linktor.get(`${path}/participants`),
      await house.linktor.get(`${path}/messages`),
    ])
      expectRefusal(reply, 404, 'CONVERSATION_NOT_FOUND', [])
  }
})
