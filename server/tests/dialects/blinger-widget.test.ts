import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import type { WidgetDesk } from './widget-desk.ts'
import { AGENT, expectError, FILE, keysOf, MESSAGE, NOWHERE, openDesk } from './widget-desk.ts'

let desk: WidgetDesk
let house: TestHouse
let conversation = ''
let anna = ''
let boris = ''

beforeAll(async () => {
  desk = await openDesk()
  ;({ house, conversation, anna, boris } = desk)
})
afterAll(() => desk[Symbol.asyncDispose]())

const post: WidgetDesk['post'] = (...call) => desk.post(...call)
const messageCount = async () =>
  Number(
    (await house.sql('select count(*) from message where conversation_id = $1', [conversation]))[0]?.count,
  )
const stateOf = async () =>
  (await house.sql('select * from conversation where id = $1', [conversation]))[0] ?? {}

describe('tokens', () => {
  test.each([
    ['none', {}, 'Empty token'],
    ['blank', { authorization: '  ' }, 'Empty token'],
    ['a scheme alone', { authorization: 'Bearer ' }, 'Empty token'],
    ['unknown', { authorization: 'nobody-has-this' }, 'Invalid token'],
    ['unknown, as Bearer', { authorization: 'Bearer nobody-has-this' }, 'Invalid token'],
  ])('%s', async (_title, headers, error) => {
    expectError(await house.request({ method: 'GET', url: '/api/external/v1/agents', headers }), 401, error)
  })

  test('another door’s token is not one', async () => {
    const authorization = house.fixture.tokens.blingerApp
    expectError(
      await house.request({ method: 'GET', url: '/api/external/v1/agents', headers: { authorization } }),
      401,
      'Invalid token',
    )
  })

  test.each(['', 'Bearer ', 'bearer ', 'BEARER  '])('“%s<token>” opens', async (scheme) => {
    const headers = { authorization: scheme + house.fixture.tokens.blingerWidget }
    const reply = await house.request({ method: 'GET', url: '/api/external/v1/agents', headers })
    expect(reply.status).toBe(200)
    expect(reply.headers['content-type']).toMatch(/^application\/json/)
  })
})

describe('assign-agent', () => {
  test('gives the conversation, as documented', async () => {
    const before = await stateOf()
    const { status, body } = await post('assign-agent', { agentId: anna })
    expect(status).toBe(200)
    expect(keysOf(body)).toEqual(['status', 'data'])
    expect(keysOf(body.data)).toEqual(['id', 'assignedAgent', 'locked', 'createdAt', 'updatedAt'])
    expect(keysOf(body.data.assignedAgent)).toEqual(AGENT)
    expect(body.data).toMatchObject({ id: conversation, locked: false })
    expect(body.data.assignedAgent).toMatchObject({
      id: anna,
      name: 'Anna Berg',
      serviceUserId: null,
      avatar: null,
    })
    expect(body.data.createdAt).toBe(Math.floor(before.created_at.getTime() / 1000))
    expect(await stateOf()).toMatchObject({ assignee_id: anna, status: 'open' })
  })

  test('again by the same agent answers 200 and changes nothing', async () => {
    await post('assign-agent', { agentId: anna })
    const before = await stateOf()
    expect((await post('assign-agent', { agentId: anna.toUpperCase() })).status).toBe(200)
    expect(await stateOf()).toEqual(before)
  })

  test('a closed one is opened', async () => {
    await house.sql(`update conversation set status = 'closed' where id = $1`, [conversation])
    expect((await post('assign-agent', { agentId: anna })).status).toBe(200)
    expect(await stateOf()).toMatchObject({ status: 'open', assignee_id: anna })
  })

  test('refusals', async () => {
    const path = (id: string) => `/conversation/${id}/assign-agent`
    const to = (place: string, body?: object) => house.blingerWidget.post(place, body)
    expectError(await post('assign-agent'), 400, 'agentId is empty')
    expectError(await post('assign-agent', { agentId: '' }), 400, 'agentId is empty')
    expectError(await post('assign-agent', { agentId: null }), 400, 'agentId is empty')
    expectError(await post('assign-agent', { agentId: [anna] }), 400, 'agentId is invalid')
    expectError(await post('assign-agent', { agentId: 'anna' }), 404, 'Agent not found')
    expectError(await post('assign-agent', { agentId: NOWHERE }), 404, 'Agent not found')
    const foreign = house.other.account
    expectError(await post('assign-agent', { agentId: foreign.operators[0]?.id }), 404, 'Agent not found')
    expectError(await to(path(NOWHERE), { agentId: anna }), 404, 'Conversation not found')
    expectError(await to(path('12'), { agentId: anna }), 404, 'Conversation not found')
    expectError(await to(path('%00'), { agentId: anna }), 404, 'Conversation not found')
    const id = foreign.conversations[0]?.id ?? ''
    expectError(await to(path(id), { agentId: anna }), 404, 'Conversation not found')
    expectError(await to(path(NOWHERE)), 400, 'agentId is empty')
  })
})

describe('send-text-message', () => {
  test('is the end user’s, as documented', async () => {
    const before = await stateOf()
    const uuid = randomUUID()
    const { status, body } = await post('send-text-message', { uuid, text: 'Do you gift-wrap?' })
    expect(status).toBe(200)
    expect(keysOf(body.data)).toEqual(MESSAGE)
    expect(body.data).toMatchObject({
      id: uuid,
      status: 'delivered',
      type: 'text',
      body: 'Do you gift-wrap?',
      file: null,
      review: null,
      bot: null,
      agent: null,
    })
    const { endUser, microseconds, createdAt } = body.data
    expect(keysOf(endUser)).toEqual(['id', 'websocketToken', 'createdAt', 'updatedAt'])
    expect(createdAt).toBe(Math.floor(microseconds / 1e6))
    expect(String(microseconds)).toMatch(/^\d{16}$/)
    const [header, payload] = endUser.websocketToken
      .split('.')
      .slice(0, 2)
      .map((part: string) => atob(part))
    expect([header, payload]).toEqual(['{"typ":"JWT","alg":"HS256"}', JSON.stringify({ sub: endUser.id })])
    expect(await stateOf()).toMatchObject({ unread_count: before.unread_count + 1, is_waiting: true })
  })

  test('agentId makes it the agent’s', async () => {
    const { body } = await post('send-text-message', { text: 'Of course.', agentId: boris })
    expect(body.data).toMatchObject({ endUser: null, bot: null, agent: { id: boris, name: 'Boris Vale' } })
    expect(keysOf(body.data.agent)).toEqual(AGENT)
    expect(await stateOf()).toMatchObject({ unread_count: 0, is_waiting: false })
    await house.settle()
    // It is there for whoever looks; that it was read is for the visitor to say.
    const [row] = await house.sql('select status from message where id = $1', [body.data.id])
    expect(row).toEqual({ status: 'sent' })
  })

  test('without a uuid one is made', async () => {
    for (const extra of [{}, { uuid: null }, { uuid: '' }]) {
      const { body } = await post('send-text-message', { text: 'One more thing.', ...extra })
      expect(body.data.id).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test('microseconds strictly increase', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => post('send-text-message', { text: `Line ${index}` })),
    )
    const stamps = replies.map(({ body }) => body.data.microseconds as number)
    expect(new Set(stamps).size).toBe(20)
  })

  test('the same uuid again is the same message, also at once and in capitals', async () => {
    const uuid = randomUUID()
    const count = await messageCount()
    const send = (name: string) => post('send-text-message', { uuid: name, text: 'Only once' })
    const replies = await Promise.all([send(uuid), send(uuid.toUpperCase()), send(uuid), send(uuid)])
    replies.push(await send(uuid))
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(replies[0]?.body.data.id).toBe(uuid)
    expect(await messageCount()).toBe(count + 1)
  })

  test('the same uuid with other words, another author or elsewhere is refused', async () => {
    const uuid = randomUUID()
    const taken = 'uuid has already been taken'
    expect((await post('send-text-message', { uuid, text: 'First' })).status).toBe(200)
    expectError(await post('send-text-message', { uuid, text: 'Second' }), 400, taken)
    expectError(await post('send-text-message', { uuid, text: 'First', agentId: anna }), 400, taken)
    expectError(await post('send-file-message', { uuid, file: `${desk.files}/picture.png` }), 400, taken)
    const elsewhere = house.fixture.conversations.find(({ id }) => id !== conversation)?.id ?? ''
    expectError(
      await house.blingerWidget.post(`/conversation/${elsewhere}/send-text-message`, { uuid, text: 'First' }),
      400,
      taken,
    )
    const foreign = house.other.account.conversations[0]?.id ?? ''
    const other = await house.other.blingerWidget.post(`/conversation/${foreign}/send-text-message`, {
      uuid,
      text: 'First',
    })
    expect(other.status).toBe(200)
  })

  test('one uuid in two conversations at once: one of them has it', async () => {
    const uuid = randomUUID()
    const replies = await Promise.all(
      house.fixture.conversations.map(({ id }) =>
        house.blingerWidget.post(`/conversation/${id}/send-text-message`, { uuid, text: 'Mine' }),
      ),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const reply of replies.filter(({ status }) => status !== 200))
      expectError(reply, 400, 'uuid has already been taken')
  })

  test('refusals', async () => {
    expectError(await post('send-text-message'), 400, 'text is empty')
    expectError(await post('send-text-message', { text: ' \n' }), 400, 'text is empty')
    for (const text of [5, true, ['Hello'], { de: 'Hallo' }])
      expectError(await post('send-text-message', { text }), 400, 'text is invalid')
    for (const uuid of ['12', 5, ['a'], `{${NOWHERE}}`])
      expectError(await post('send-text-message', { text: 'Hello', uuid }), 400, 'uuid is invalid')
    expectError(await post('send-text-message', { text: 'Hello', agentId: NOWHERE }), 404, 'Agent not found')
    expectError(await post('send-text-message', { text: 'Hello', agentId: 'anna' }), 404, 'Agent not found')
    expectError(
      await house.blingerWidget.post(`/conversation/${NOWHERE}/send-text-message`, { text: 'Hello' }),
      404,
      'Conversation not found',
    )
  })

  test('a locked conversation: the end user is refused, the agent is not', async () => {
    const uuid = randomUUID()
    expect((await post('send-text-message', { uuid, text: 'Before' })).status).toBe(200)
    await house.sql('update conversation set is_locked = true where id = $1', [conversation])
    try {
      const file = `${desk.files}/picture.png`
      expectError(await post('send-text-message', { text: 'After' }), 400, 'Conversation is locked')
      expectError(await post('send-file-message', { file }), 400, 'Conversation is locked')
      expect((await post('send-text-message', { uuid, text: 'Before' })).status).toBe(200)
      expect((await post('send-text-message', { text: 'Goodbye', agentId: anna })).status).toBe(200)
      expect((await post('assign-agent', { agentId: anna })).body.data.locked).toBe(true)
    } finally {
      await house.sql('update conversation set is_locked = false where id = $1', [conversation])
    }
  })
})

describe('send-file-message', () => {
  test('a picture, as documented', async () => {
    const uuid = randomUUID()
    const { status, body } = await post('send-file-message', { uuid, file: `${desk.files}/picture.png` })
    expect(status).toBe(200)
    expect(keysOf(body.data)).toEqual(MESSAGE)
    expect(body.data).toMatchObject({
      id: uuid,
      type: 'file',
      body: null,
      review: null,
      bot: null,
      agent: null,
    })
    expect(body.data.endUser).not.toBeNull()
    const { file } = body.data
    expect(keysOf(file)).toEqual(FILE)
    expect(file).toMatchObject({ type: 'image', meta: { width: 60, height: 40 } })
    expect(keysOf(file.info)).toEqual(['name', 'ext', 'mimeType', 'size', 'path'])
    expect(file.info).toMatchObject({ ext: 'png', mimeType: 'image/png' })
    expect(file.info.path).toMatch(/^(\/[0-9a-f]{2}){3}\/[0-9a-f]{64}\.png$/)
    expect(file.info.name).toBe(file.info.path.slice(10, 19))
    expect(keysOf(file.url).sort()).toEqual(['120x120', '520x400', 'default'])
    for (const url of Object.values<string>(file.url)) {
      const picture = await house.request({ method: 'GET', url: new URL(url).pathname })
      expect(picture.status).toBe(200)
      expect(picture.headers['content-type']).toMatch(/^image\//)
    }
  })

  test('another file has no picture URLs', async () => {
    const { body } = await post('send-file-message', { file: `${desk.files}/notes.txt`, agentId: anna })
    expect(body.data).toMatchObject({ type: 'file', endUser: null, agent: { id: anna } })
    expect(body.data.file).toMatchObject({ type: 'file', meta: {}, info: { ext: 'txt', size: 21 } })
    expect(keysOf(body.data.file.url)).toEqual(['default'])
  })

  test('the same uuid again is the same message and the same file', async () => {
    const send = (path: string, uuid: string) => post('send-file-message', { uuid, file: desk.files + path })
    const uuid = randomUUID()
    const [first, second] = await Promise.all([send('/picture.png', uuid), send('/picture.png', uuid)])
    const third = await send('/picture.png', uuid)
    expect(first?.status).toBe(200)
    expect([second?.text, third.text]).toEqual([first?.text, first?.text])
    expectError(await send('/notes.txt', uuid), 400, 'uuid has already been taken')
  })

  test('refusals', async () => {
    expectError(await post('send-file-message'), 400, 'file is empty')
    expectError(await post('send-file-message', { file: ' ' }), 400, 'file is empty')
    expectError(await post('send-file-message', { file: ['x'] }), 400, 'file is invalid')
    for (const file of ['picture.png', 'ftp://example.com/a.png', 'javascript:alert(1)', 'http://10.0.0.1/a'])
      expect([file, (await post('send-file-message', { file })).body]).toEqual([
        file,
        { error: expect.stringMatching(/^(file is invalid|Could not download the file)$/), status: 400 },
      ])
    expectError(await post('send-file-message', { file: 'picture.png' }), 400, 'file is invalid')
    expectError(
      await post('send-file-message', { file: `${desk.files}/missing.png` }),
      400,
      'Could not download the file',
    )
  })
})

describe('request-review', () => {
  const REVIEW = 'id agent endUser mark confirmed text createdAt updatedAt'.split(' ')

  test('is the bot’s, about the assigned agent', async () => {
    await post('assign-agent', { agentId: boris })
    const { status, body } = await post('request-review')
    expect(status).toBe(200)
    expect(keysOf(body.data)).toEqual(MESSAGE)
    expect(body.data).toMatchObject({
      status: 'delivered',
      type: 'review',
      body: null,
      file: null,
      agent: null,
      endUser: null,
      bot: { id: house.fixture.bots[0]?.id, name: house.fixture.bots[0]?.name },
    })
    expect(keysOf(body.data.bot)).toEqual(['id', 'name', 'createdAt', 'updatedAt'])
    expect(keysOf(body.data.review)).toEqual(REVIEW)
    expect(body.data.review).toMatchObject({ agent: { id: boris }, mark: 0, confirmed: false, text: '' })
    expect(keysOf(body.data.review.endUser)).toEqual(['id', 'websocketToken', 'createdAt', 'updatedAt'])
  })

  test('every request is a new review', async () => {
    const [first, second] = [await post('request-review', {}), await post('request-review', {})]
    expect(second.body.data.review.id).not.toBe(first.body.data.review.id)
  })

  test('nobody assigned: agent is null', async () => {
    await house.sql('update conversation set assignee_id = null where id = $1', [conversation])
    const { status, body } = await post('request-review')
    expect(status).toBe(200)
    expect(body.data.review.agent).toBeNull()
  })

  test('refusals', async () => {
    expectError(
      await house.blingerWidget.post(`/conversation/${NOWHERE}/request-review`),
      404,
      'Conversation not found',
    )
  })
})
