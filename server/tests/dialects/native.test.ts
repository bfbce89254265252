import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'

const MESSAGE = 'id conversationId channelId contactId seq direction text createdAt'.split(' ')
const NOWHERE = 'ch_0198c0de000070008000000000000000'

let house: TestHouse

beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

const channel = (kind: string) => house.fixture.channels.find((one) => one.kind === kind)?.id ?? ''
const hex = (id: string) => id.replaceAll('-', '')
const speak = (body: object | string, headers?: Record<string, string>) =>
  house.native.post('/sandbox/messages', body, headers)
const expectProblem = (reply: Reply, status: number, code: string) => {
  expect(Object.keys(reply.body ?? {})).toEqual(['type', 'title', 'status', 'detail', 'code'])
  expect({ status: reply.status, body: reply.body }).toMatchObject({ status, body: { status, code } })
  expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/)
}

describe('POST /sandbox/messages', () => {
  test('the customer speaks, and the message is there', async () => {
    const reply = await speak({ channelId: channel('telegram'), from: '700900', name: 'Kim', text: 'Hi' })
    expect(reply.status).toBe(201)
    expect(Object.keys(reply.body)).toEqual(MESSAGE)
    expect(reply.body).toMatchObject({ seq: 1, direction: 'inbound', text: 'Hi' })
    expect(reply.body.channelId).toBe(`ch_${hex(channel('telegram'))}`)
    expect(reply.body.id).toMatch(/^msg_[0-9a-f]{32}$/)
    expect(reply.body.conversationId).toMatch(/^conv_[0-9a-f]{32}$/)
    expect(reply.body.contactId).toMatch(/^contact_[0-9a-f]{32}$/)
    expect(new Date(reply.body.createdAt).toISOString()).toBe(reply.body.createdAt)
    const next = await speak({ channelId: channel('telegram'), from: '700900', text: 'Still there?' })
    expect(next.body).toMatchObject({ seq: 2, conversationId: reply.body.conversationId })
  })

  test('a channel has four spellings', async () => {
    const id = channel('webchat')
    for (const channelId of [id, hex(id), `ch_${hex(id)}`, `ch_${id}`, id.toUpperCase()])
      expect((await speak({ channelId, from: 'visitor-2', text: 'Hello' })).status).toBe(201)
  })

  test('a phone on WhatsApp is one customer however it is spelt', async () => {
    const channelId = channel('whatsapp')
    const replies = []
    for (const from of ['+47 900 00 404', '4790000404', '+47-900-00404'])
      replies.push(await speak({ channelId, from, name: 'Kim', text: 'Hello' }))
    expect(new Set(replies.map(({ body }) => body.conversationId)).size).toBe(1)
    const rows = await house.sql(`select phone, name from contact where phone like '%90000404'`)
    expect(rows).toEqual([{ phone: '4790000404', name: 'Kim' }])
    expectProblem(await speak({ channelId, from: 'kim', text: 'Hello' }), 400, 'invalid')
  })

  test('the same messageId comes once, also at the same time', async () => {
    const said = { channelId: channel('telegram'), from: '700901', text: 'Once', messageId: 'tg-1' }
    const replies = await Promise.all([speak(said), speak(said), speak(said)])
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 201])
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
    expectProblem(await speak({ ...said, text: 'Twice' }), 409, 'conflict')
    expectProblem(await speak({ ...said, from: '700902' }), 409, 'conflict')
    const rows = await house.sql(`select 1 from contact_identity where external_id = '700902'`)
    expect(rows).toEqual([])
  })

  test('what is sent back goes through sent, delivered and read', async () => {
    const { body } = await speak({ channelId: channel('telegram'), from: '700908', text: 'Hello' })
    const sent = await house.native.post(`/conversations/${body.conversationId}/messages`, { text: 'Hi' })
    expect(sent.body).toMatchObject({ status: 'pending' })
    await house.settle()
    const told = await house.sql<{ statuses: string[] }>(
      `select data -> 'statuses' as statuses from event where type = 'message.advanced' and replace(data ->> 'messageId', '-', '') = $1`,
      [sent.body.id.slice('msg_'.length)],
    )
    expect(told.map(({ statuses }) => statuses)).toEqual([['sent', 'delivered', 'read']])
  })

  test('refusals', async () => {
    const said = { channelId: channel('telegram'), from: '700903', text: 'Hello' }
    expectProblem(await speak({ ...said, channelId: channel('custom_app') }), 409, 'conflict')
    const foreign = house.other.account.channels[0]?.id ?? ''
    for (const channelId of [NOWHERE, 'ch_1', '7', '', foreign])
      expectProblem(await speak({ ...said, channelId }), 404, 'not_found')
    for (const field of ['channelId', 'from', 'text'])
      expectProblem(await speak({ ...said, [field]: undefined }), 400, 'invalid')
    expectProblem(await speak({ ...said, text: ' ' }), 400, 'missing')
    expectProblem(await speak({ ...said, from: ' ' }), 400, 'missing')
    const wrong = [
      { from: 5 },
      { from: null },
      { from: ['a'] },
      { from: 'x'.repeat(256) },
      { from: '' },
      { from: `a${'\u0301'.repeat(5000)}` },
      { name: 5 },
      { name: 'x'.repeat(256) },
      { text: {} },
      { text: 'a\0b' },
      { text: '\ud83d' },
      { messageId: 7 },
      { messageId: '\0' },
      { channelId: [] },
    ]
    for (const one of wrong) expectProblem(await speak({ ...said, ...one }), 400, 'invalid')
  })
})

describe('bodies, tokens and paths', () => {
  const json = { 'content-type': 'application/json' }

  test.each(['{', '', '[]', '"x"', 'null', `{"text":${'['.repeat(5000)}${']'.repeat(5000)}}`])(
    'body %s',
    async (body) => {
      expectProblem(await speak(body, json), 400, 'invalid')
    },
  )

  test('only JSON is read, and not too much of it', async () => {
    const said = { channelId: channel('telegram'), from: '700904', text: 'x'.repeat(1_100_000) }
    expectProblem(await speak(said), 413, 'invalid')
    expectProblem(
      await speak('text=a', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'invalid',
    )
    expectProblem(await speak('a', { 'content-type': 'text/plain' }), 415, 'invalid')
  })

  test.each([
    [{}],
    [{ authorization: 'Bearer ' }],
    [{ authorization: 'Bearer nobody' }],
    [{ authorization: 'x' }],
  ])('token %j', async (headers) => {
    const url = '/parley/v1/sandbox/messages'
    expectProblem(await house.request({ method: 'POST', url, headers }), 401, 'unauthenticated')
  })

  test('an unknown path is 404, a wrong method 405 with Allow', async () => {
    expectProblem(await house.native.get('/nothing'), 404, 'not_found')
    const wrong = await house.native.get('/sandbox/messages')
    expectProblem(wrong, 405, 'method_not_allowed')
    expect(wrong.headers.allow).toBe('POST')
  })
})
