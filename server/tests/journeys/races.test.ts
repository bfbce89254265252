import { expect, test } from 'vitest'
import { openHouse } from '../house.ts'

const TIMES = 200

test(`of two operators who start one conversation at once exactly one gets it, ${TIMES} times`, async () => {
  await using house = await openHouse()
  const [, anna, boris] = house.fixture.operators
  const { number, id } = house.fixture.conversations[0]!
  for (let time = 0; time < TIMES; time += 1) {
    const start = (operator?: { number: number }) =>
      house.blingerApp.post('/conversations/start', {
        conversation_id: number,
        operator_id: operator?.number,
      })
    const replies = await Promise.all([start(anna), start(boris)])
    const statuses = replies.map(({ status }) => status).sort()
    expect(statuses).toEqual([200, 400])
    const winner = replies.find(({ status }) => status === 200)
    const loser = replies.find(({ status }) => status === 400)
    expect(loser?.body).toEqual({ error: 'The conversation was assigned to another operator', status: 400 })
    const [row] = await house.sql<{ assignee: number }>(
      `select o.number as assignee from conversation c join operator o on o.id = c.assignee_id where c.id = $1`,
      [id],
    )
    expect(Number(row?.assignee)).toBe(winner?.body.data.operator_user_id)
    await house.blingerApp.post('/conversations/unassign', { conversation_id: number })
  }
})

test(`of two who close at once exactly one does, ${TIMES} times`, async () => {
  await using house = await openHouse()
  const { number } = house.fixture.conversations[0]!
  for (let time = 0; time < TIMES; time += 1) {
    await house.blingerApp.post('/conversations/start', { conversation_id: number })
    const close = () => house.blingerApp.post('/conversations/close', { conversation_id: number })
    const replies = await Promise.all([close(), close()])
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400])
  }
  const [row] = await house.sql<{ closings: string }>(
    `select count(*) as closings from event where type = 'conversation.closed'`,
  )
  expect(Number(row?.closings)).toBe(TIMES)
})

test(`ten first messages of one new customer at once make one conversation, ${TIMES} times`, async () => {
  await using house = await openHouse()
  for (let time = 0; time < TIMES; time += 1) {
    const says = (text: string) =>
      house.customApp.post('/message', {
        custom_channel_id: 'harbour-reader-app',
        client_id: `racer-${time}`,
        client_name: 'Racer',
        type: 'text',
        data: text,
      })
    const replies = await Promise.all(Array.from({ length: 10 }, (_, index) => says(`m${index}`)))
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
  }
  const [row] = await house.sql<{ conversations: string; messages: string; dense: boolean }>(
    `select count(distinct c.id) as conversations, count(m.*) as messages,
            bool_and(c.last_seq = 10 and c.message_count = 10 and c.unread_count = 10) as dense
       from conversation c join contact_identity i on i.id = c.identity_id join message m on m.conversation_id = c.id
      where i.external_id like 'racer-%'`,
  )
  expect(row).toEqual({ conversations: String(TIMES), messages: String(TIMES * 10), dense: true })
})

test(`one message sent many times at once is one message, ${TIMES} times`, async () => {
  await using house = await openHouse()
  const chat = house.fixture.conversations[0]!
  for (let time = 0; time < TIMES; time += 1) {
    const uuid = `0198c0de-0000-4000-8000-${String(time).padStart(12, '0')}`
    const send = () =>
      house.blingerWidget.post(`/conversation/${chat.id}/send-text-message`, { uuid, text: 'once' })
    const replies = await Promise.all([send(), send(), send(), send()])
    expect(new Set(replies.map(({ body }) => body.data?.id))).toEqual(new Set([uuid]))
  }
  const [row] = await house.sql<{ said: string }>(`select count(*) as said from message where text = 'once'`)
  expect(Number(row?.said)).toBe(TIMES)
})

test('a customer’s messages and an operator’s answers at once leave dense numbers and true counters', async () => {
  await using house = await openHouse()
  const app = house.fixture.channels.find(({ kind }) => kind === 'custom_app')!
  const conversation = house.fixture.conversations.find(({ channelId }) => channelId === app.id)!
  const hears = (index: number) =>
    house.customApp.post('/message', {
      custom_channel_id: app.customAppId,
      client_id: 'reader-77',
      type: 'text',
      data: `in ${index}`,
    })
  const says = (index: number) =>
    house.blingerApp.post('/conversations/send-message', {
      conversation_id: conversation.number,
      text: `out ${index}`,
    })
  const replies = await Promise.all(
    Array.from({ length: TIMES }, (_, index) => (index % 2 ? hears(index) : says(index))),
  )
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
  const [row] = await house.sql<{ dense: boolean; rising: boolean }>(
    `select array_agg(seq order by seq) = array(select generate_series(1, $2::int)) as dense,
            bool_and(micros > before) as rising
       from (select seq, micros, lag(micros, 1, 0::bigint) over (order by seq) as before from message where conversation_id = $1) m`,
    [conversation.id, TIMES + 1],
  )
  expect(row).toEqual({ dense: true, rising: true })
})
