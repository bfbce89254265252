import { describe, expect, test } from 'vitest'
import {
  house,
  refused,
  operator,
  group,
  newConversation,
  clientSays,
  act,
  refusal,
  look,
  useHouse,
} from './blinger-app-desk.ts'

useHouse()

describe('effects (blinger.md 6.3)', () => {
  test('a client’s first message', async () => {
    const { id } = await newConversation('Good day')
    expect(await look(id)).toMatchObject({
      status: 'unassigned',
      operator_user_id: null,
      unread_count: 1,
      waiting_operator_response: true,
      is_new_conversation: true,
      is_operator_last_message: false,
      last_message: 'Good day',
      group_id: group(0),
      is_outgoing: false,
    })
  })

  test('start takes it, and reads it', async () => {
    const { id } = await newConversation()
    const before = await look(id)
    house.clock.advance(5000)
    const after = await act('start', { conversation_id: id })
    expect(after).toMatchObject({
      status: 'inbox',
      operator_user_id: operator(0),
      unread_count: 0,
      waiting_operator_response: true,
      is_new_conversation: false,
      unassigned_date: before.unassigned_date,
      last_message_date: before.last_message_date,
    })
    expect(after.date_updated).toBeGreaterThan(before.date_updated)
    // By the same operator again: nothing changes.
    house.clock.advance(5000)
    expect(await act('start', { conversation_id: id })).toEqual(after)
    expect(await refusal('start', { conversation_id: id, operator_id: operator(1) })).toEqual(
      refused('The conversation was assigned to another operator'),
    )
  })

  test('a message in hand counts as unread and waits', async () => {
    const { id, client } = await newConversation()
    await act('start', { conversation_id: id, operator_id: operator(1) })
    await house.customApp.post('/message', clientSays('And?', { client_id: client }))
    expect(await look(id)).toMatchObject({
      status: 'inbox',
      operator_user_id: operator(1),
      unread_count: 1,
      waiting_operator_response: true,
      is_new_conversation: false,
      last_message: 'And?',
    })
  })

  test('assign-operator flags it unread, opens a closed one, refuses who has it', async () => {
    const { id } = await newConversation()
    await act('start', { conversation_id: id, operator_id: operator(1) })
    const given = await act('assign-operator', { conversation_id: id, operator_id: operator(2) })
    expect(given).toMatchObject({ status: 'inbox', operator_user_id: operator(2), unread_count: 1 })
    expect(await refusal('assign-operator', { conversation_id: id, operator_id: operator(2) })).toEqual(
      refused('The conversation has already been assigned to this operator.'),
    )
    await act('close', { conversation_id: id })
    const reopened = await act('assign-operator', { conversation_id: id, operator_id: operator(2) })
    expect(reopened).toMatchObject({ status: 'inbox', operator_user_id: operator(2), unread_count: 1 })
  })

  test('assign-group changes the group alone', async () => {
    const { id } = await newConversation()
    const started = await act('start', { conversation_id: id, operator_id: operator(1) })
    house.clock.advance(2000)
    const moved = await act('assign-group', { conversation_id: id, group_id: group(1) })
    expect(moved).toEqual({ ...started, group_id: group(1), date_updated: moved.date_updated })
    expect(moved.date_updated).toBeGreaterThan(started.date_updated)
    expect(await refusal('assign-group', { conversation_id: id, group_id: group(1) })).toEqual(
      refused('The operator group has already been selected.'),
    )
  })

  test('an answer reads and ends the waiting, in any status; status and operator stay', async () => {
    const { id } = await newConversation()
    await act('send-message', { conversation_id: id, text: 'Yes, please', operator_id: operator(1) })
    expect(await look(id)).toMatchObject({
      status: 'unassigned',
      operator_user_id: null,
      unread_count: 0,
      waiting_operator_response: false,
      is_new_conversation: true,
      is_operator_last_message: true,
      last_message: 'Yes, please',
    })
    await act('close', { conversation_id: id })
    await act('send-message', { conversation_id: id, text: 'One more thing' })
    expect(await look(id)).toMatchObject({ status: 'closed', last_message: 'One more thing' })
  })

  test('a note leaves everything but its mark', async () => {
    const { id } = await newConversation()
    const before = await look(id)
    await act('send-note', { conversation_id: id, text: 'A regular' })
    const noted = await look(id)
    expect(noted).toEqual({ ...before, is_inner_message: true, date_updated: noted.date_updated })
    await act('send-message', { conversation_id: id, text: 'Hello' })
    expect(await look(id)).toMatchObject({ is_inner_message: null, last_message: 'Hello' })
  })

  test('unassign puts it back', async () => {
    const { id } = await newConversation()
    expect(await refusal('unassign', { conversation_id: id })).toEqual(
      refused('The conversation is already unassigned.'),
    )
    await act('start', { conversation_id: id })
    house.clock.advance(3000)
    const freed = await act('unassign', { conversation_id: id })
    expect(freed).toMatchObject({
      status: 'unassigned',
      operator_user_id: null,
      unread_count: 0,
      waiting_operator_response: true,
      is_new_conversation: false,
    })
    expect(freed.unassigned_date).toBe(freed.date_updated)
    await act('close', { conversation_id: id })
    expect(await act('unassign', { conversation_id: id })).toMatchObject({ status: 'unassigned' })
  })

  test('close keeps operator, group and unassigned_date; a closed one begins anew when the client writes', async () => {
    const { id, client } = await newConversation()
    const started = await act('start', { conversation_id: id, operator_id: operator(2) })
    await house.customApp.post('/message', clientSays('Still here', { client_id: client }))
    const closed = await act('close', { conversation_id: id, operator_id: operator(1) })
    expect(closed).toMatchObject({
      status: 'closed',
      operator_user_id: operator(2),
      unread_count: 0,
      waiting_operator_response: false,
      is_new_conversation: false,
      unassigned_date: started.unassigned_date,
      group_id: group(0),
    })
    expect(await refusal('close', { conversation_id: id })).toEqual(refused('The conversation is closed.'))
    house.clock.advance(4000)
    await house.customApp.post('/message', clientSays('Again', { client_id: client }))
    const anew = await look(id)
    expect(anew).toMatchObject({
      status: 'unassigned',
      operator_user_id: null,
      unread_count: 1,
      waiting_operator_response: true,
      is_new_conversation: true,
      last_message: 'Again',
    })
    expect(anew.unassigned_date).toBeGreaterThan(started.unassigned_date)
  })
})

test('disable_webhook keeps the events quiet', async () => {
  const { id } = await newConversation()
  for (const silence of [1, '1', true, 'true'])
    await act('send-message', { conversation_id: id, text: 'Psst', disable_webhook: silence })
  await act('start', { conversation_id: id, disable_webhook: 1 })
  await act('assign-group', { conversation_id: id, group_id: group(1), disable_webhook: 1 })
  await act('send-note', { conversation_id: id, text: 'Quiet', disable_webhook: 1 })
  await act('close', { conversation_id: id, disable_webhook: 0 })
  const events = await house.sql<{ type: string; quiet: boolean }>(
    `select e.type, e.is_silent as quiet from event e join conversation c on c.id = e.conversation_id
      where c.number = $1 order by e.id offset 3`,
    [id],
  )
  expect(events.map(({ type, quiet }) => [type, quiet])).toEqual([
    ...Array.from({ length: 4 }, () => ['message.queued', true]),
    ['conversation.assigned', true],
    ['conversation.grouped', true],
    ['message.noted', true],
    ['conversation.closed', false],
  ])
})

test('of two operators who start at once one does', async () => {
  const { id } = await newConversation()
  const replies = await Promise.all(
    [1, 2, 1, 2].map((index) =>
      house.blingerApp.post('/conversations/start', { conversation_id: id, operator_id: operator(index) }),
    ),
  )
  const winners = replies.filter(({ status }) => status === 200)
  expect(new Set(winners.map(({ body }) => body.data.operator_user_id)).size).toBe(1)
  expect(winners).toHaveLength(2)
})
