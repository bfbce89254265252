import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import type { WidgetDesk } from './widget-desk.ts'
import { AGENT, expectError, keysOf, NOWHERE, openDesk } from './widget-desk.ts'

let desk: WidgetDesk
let house: TestHouse

beforeAll(async () => {
  desk = await openDesk()
  ;({ house } = desk)
})
afterAll(() => desk[Symbol.asyncDispose]())

const post: WidgetDesk['post'] = (...call) => desk.post(...call)

describe('agents', () => {
  const create = (body: object, path = '/agent') => house.blingerWidget.post(path, body)
  const newcomer = (more: object = {}) => ({
    serviceUserId: `crew-${randomUUID()}`,
    name: 'Mia Frost',
    ...more,
  })

  test('the list has everybody who answers, also those who sign in', async () => {
    const { status, body } = await house.blingerWidget.get('/agents')
    expect(status).toBe(200)
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(house.fixture.operators.map(({ id }) => id)),
    )
    for (const agent of body.data) expect(keysOf(agent)).toEqual(AGENT)
    const foreign = await house.other.blingerWidget.get('/agents')
    expect(foreign.body.data).toHaveLength(house.other.account.operators.length)
  })

  test.each(['/agent', '/agents'])('made, read and changed at %s', async (path) => {
    const facts = newcomer({ status: 'offline', active: false, avatar: `${desk.files}/picture.png` })
    const made = await create(facts, path)
    expect(made.status).toBe(200)
    expect(keysOf(made.body.data)).toEqual(AGENT)
    expect(made.body.data).toMatchObject({
      serviceUserId: facts.serviceUserId,
      name: 'Mia Frost',
      status: 'offline',
      active: false,
      avatar: { type: 'image', meta: { width: 60, height: 40 } },
    })
    const one = `${path}/${made.body.data.id}`
    expect((await house.blingerWidget.get(one)).body).toEqual(made.body)
    const put = await house.blingerWidget.put(one, { name: 'Mia Winter', status: 'online' })
    expect(put.body.data).toMatchObject({ name: 'Mia Winter', status: 'online', active: false })
    expect(put.body.data.avatar).toEqual(made.body.data.avatar)
    const patch = await house.blingerWidget.patch(one, { active: '1', avatar: null })
    expect(patch.body.data).toMatchObject({ name: 'Mia Winter', active: true, avatar: null })
    const again = await house.blingerWidget.post(one, { serviceUserId: 77_001 })
    expect(again.body.data).toMatchObject({ serviceUserId: '77001', name: 'Mia Winter' })
    await house.blingerWidget.post(one, { serviceUserId: randomUUID() })
    expect((await post('assign-agent', { agentId: made.body.data.id })).status).toBe(200)
  })

  test('refusals', async () => {
    expectError(await create({}), 400, 'serviceUserId is empty')
    expectError(await create({ serviceUserId: 'crew-1' }), 400, 'name is empty')
    expectError(await create(newcomer({ name: ' ' })), 400, 'name is empty')
    expectError(await create(newcomer({ name: 'x'.repeat(256) })), 400, 'name is invalid')
    expectError(await create(newcomer({ serviceUserId: 'x'.repeat(9000) })), 400, 'serviceUserId is invalid')
    expectError(await create(newcomer({ serviceUserId: { a: 1 } })), 400, 'serviceUserId is invalid')
    expectError(await create(newcomer({ status: 'busy' })), 400, 'status is invalid')
    expectError(await create(newcomer({ active: 'perhaps' })), 400, 'active is invalid')
    expectError(await create(newcomer({ avatar: { url: 'x' } })), 400, 'avatar is invalid')
    expectError(await create(newcomer({ avatar: 'face.png' })), 400, 'avatar is invalid')
    expectError(await create(newcomer({ avatar: `${desk.files}/notes.txt` })), 400, 'avatar is invalid')
    expectError(
      await create(newcomer({ avatar: `${desk.files}/missing` })),
      400,
      'Could not download the file',
    )
    for (const id of [NOWHERE, '7', house.other.account.operators[0]?.id]) {
      expectError(await house.blingerWidget.get(`/agent/${id}`), 404, 'Agent not found')
      expectError(await house.blingerWidget.put(`/agent/${id}`, { name: 'Mia' }), 404, 'Agent not found')
    }
  })

  test('a service’s id is one agent’s, also when two ask at once', async () => {
    const facts = newcomer()
    const replies = await Promise.all([create(facts), create(facts), create(facts)])
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    const taken = 'serviceUserId has already been taken'
    for (const reply of replies.filter(({ status }) => status !== 200)) expectError(reply, 400, taken)
    const crew = await Promise.all([create(newcomer()), create(newcomer())])
    const wanted = { serviceUserId: `crew-${randomUUID()}` }
    const changed = await Promise.all(
      crew.map(({ body }) => house.blingerWidget.put(`/agent/${body.data.id}`, wanted)),
    )
    expect(changed.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400])
  })
})

describe('bodies', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const multipart = { 'content-type': 'multipart/form-data; boundary=line' }
  const part = (name: string, value: string, more = '') =>
    `--line\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`

  test('forms and multipart say the same as JSON', async () => {
    const byForm = await post('send-text-message', `text=Caf%C3%A9+open%3F&uuid=${randomUUID()}`, form)
    expect(byForm.body.data.body).toBe('Café open?')
    const id = randomUUID()
    const body = `${part('text', 'Until when?')}${part('uuid', id)}--line--\r\n`
    const byMultipart = await post('send-text-message', body, multipart)
    expect(byMultipart.body.data).toMatchObject({ id, body: 'Until when?' })
  })

  test('a file’s bytes are not its URL', async () => {
    const body = `${part('file', 'bytes', '; filename="a.png"')}--line--\r\n`
    expectError(await post('send-file-message', body, multipart), 400, 'file is invalid')
    expect((await post('send-file-message', 'nonsense', multipart)).status).toBe(400)
  })

  test.each([
    ['broken JSON', '{"text":', 'body is invalid'],
    ['an array', '[1]', 'body is invalid'],
    ['a text', '"Hello"', 'body is invalid'],
    ['null', 'null', 'text is empty'],
    ['nothing', '', 'text is empty'],
    ['only a prototype', '{"__proto__":{"text":"Hello"}}', 'body is invalid'],
    ['a NUL', '{"text":"a\\u0000b"}', 'text is invalid'],
    ['half a surrogate pair', '{"text":"\\ud83d"}', 'text is invalid'],
    ['a NUL where nobody looks', '{"text":"Hello","more":[{"a":"\\u0000"}]}', 'more is invalid'],
    ['deep nesting', `{"text":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'body is invalid'],
  ])('%s', async (_title, body, error) => {
    expectError(await post('send-text-message', body, { 'content-type': 'application/json' }), 400, error)
  })

  test('forms with brackets, prototypes and NULs', async () => {
    expectError(await post('send-text-message', 'text[]=a', form), 400, 'text is invalid')
    expectError(await post('send-text-message', `text${'[a]'.repeat(100)}=b`, form), 400, 'text is invalid')
    expectError(await post('send-text-message', '__proto__[text]=a', form), 400, 'text is empty')
    expectError(await post('send-text-message', 'text=a%00b', form), 400, 'text is invalid')
  })

  test('a type nobody reads, and too much', async () => {
    expectError(
      await post('send-text-message', 'Hello', { 'content-type': 'text/plain' }),
      400,
      'body is invalid',
    )
    expect((await post('request-review', '', { 'content-type': 'text/plain' })).status).toBe(200)
    const long = await post('send-text-message', { text: 'x'.repeat(1_100_000) })
    expect([long.status, keysOf(long.body), long.body.status]).toEqual([413, ['error', 'status'], 413])
  })
})

describe('paths and methods', () => {
  test('an unknown path is 404 in shape, a wrong method 405 with Allow', async () => {
    expectError(await house.blingerWidget.get('/nothing'), 404, 'Not found')
    expectError(await house.blingerWidget.get('/'), 404, 'Not found')
    const wrong = await house.blingerWidget.get(`/conversation/${desk.conversation}/request-review`)
    expectError(wrong, 405, 'Method not allowed')
    expect(wrong.headers.allow).toBe('POST')
    const agent = await house.blingerWidget.delete(`/agent/${desk.anna}?force=1`)
    expectError(agent, 405, 'Method not allowed')
    expect(agent.headers.allow).toBe('GET, HEAD, PATCH, POST, PUT')
  })

  test('a slash at the end is forgiven', async () => {
    expect((await house.blingerWidget.get('/agents/')).status).toBe(200)
  })
})
