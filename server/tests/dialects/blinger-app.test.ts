import { describe, expect, test } from 'vitest'
import {
  CONVERSATION_KEYS,
  CHANNEL_KEYS,
  USER_KEYS,
  MESSAGE_KEYS,
  CORRESPONDENCE_KEYS,
  site,
  house,
  keysOf,
  refused,
  shown,
  operator,
  group,
  channelOf,
  newConversation,
  clientSays,
  act,
  refusal,
  get,
  look,
  useHouse,
} from './blinger-app-desk.ts'

useHouse()

describe('shapes', () => {
  test('a conversation has its 32 keys in order, its channel 20', async () => {
    const { id, user } = await newConversation()
    for (const path of ['start', 'close', 'unassign', 'assign-operator', 'assign-group']) {
      const data = await act(path, { conversation_id: id, operator_id: operator(1), group_id: group(2) })
      expect(keysOf(data)).toBe(CONVERSATION_KEYS)
      expect(keysOf(data.toBlingerUser)).toBe(CHANNEL_KEYS)
      expect(data).toMatchObject({
        id,
        user_id: operator(0),
        from_blinger_user_id: user,
        to_blinger_user_id: channelOf('custom_app').number,
        to_user_name: 'Reader app',
        application: 'custom_app',
        last_message: 'Hello, is anybody there?',
        type: 'message',
        is_group_closed: false,
        close_group: null,
        from_user_custom_name: null,
        is_inner_message: null,
      })
      expect(data.token).toMatch(/^[\w-]{64}$/)
      expect(data.toBlingerUser).toMatchObject({
        id: channelOf('custom_app').number,
        blinger_user_id: channelOf('custom_app').number,
        service_blinger_id: house.fixture.number,
        role: 'customer',
        is_active: true,
        status: 'enabled',
      })
      expect(data.toBlingerUser.extra_field_secret_key).toMatch(/^[\w-]{32}$/)
    }
  })

  test('a message has its 18 keys in order, from the channel to the client', async () => {
    const { id, user } = await newConversation()
    const data = await act('send-message', {
      conversation_id: id,
      text: 'We are here',
      operator_id: operator(1),
    })
    expect(keysOf(data)).toBe(MESSAGE_KEYS)
    expect(data).toMatchObject({
      from_blinger_user_id: channelOf('custom_app').number,
      to_blinger_user_id: user,
      blinger_message_id: data.id,
      type: 'text',
      message: 'We are here',
      is_outgoing: true,
      status: 'sent',
      is_inner_message: false,
      date_read: null,
      error: null,
      is_history: false,
      echo: false,
      echo_outgoing: false,
    })
    expect(Math.floor(data.date_real / 10_000)).toBe(data.date_created)
    const note = await act('send-note', { conversation_id: id, text: 'Careful' })
    expect(keysOf(note)).toBe(MESSAGE_KEYS)
    expect(note).toMatchObject({
      blinger_message_id: null,
      is_inner_message: true,
      is_outgoing: true,
      status: 'sent',
    })
  })

  test('get: both sides in the long form, messages oldest first, notes left out', async () => {
    const { id, user, client } = await newConversation('First')
    await act('send-message', { conversation_id: id, text: 'Second', operator_id: operator(2) })
    await act('send-note', { conversation_id: id, text: 'Not for them' })
    await house.customApp.post('/message', clientSays('Third', { client_id: client }))
    const data = await get(id)
    expect(keysOf(data)).toBe(CORRESPONDENCE_KEYS)
    expect(keysOf(data.from_user)).toBe(USER_KEYS)
    expect(keysOf(data.to_user)).toBe(USER_KEYS)
    expect(data).toMatchObject({ conversation_id: id, operator_id: null, status: 'unassigned' })
    expect(data.from_user).toMatchObject({ role: 'default', blinger_user_id: user, service_user_id: client })
    expect(data.to_user).toMatchObject({ role: 'customer', service_user_id: null })
    expect(data.messages.map(keysOf)).toEqual([
      'id message type date_created',
      'id message type date_created operator_id',
      'id message type date_created',
    ])
    expect(data.messages.map((row: { message: string }) => row.message)).toEqual(['First', 'Second', 'Third'])
    expect(data.messages[1].operator_id).toBe(operator(2))
  })

  test('operators and groups', async () => {
    const all = await house.blingerApp.get('/operators/all')
    expect(all.body.data.map(keysOf)).toEqual(
      all.body.data.map(() => 'id user_id owner_user_id invite_email conversations_token'),
    )
    expect(all.body.data[0]).toMatchObject({
      id: operator(0),
      user_id: operator(0),
      owner_user_id: operator(0),
      invite_email: 'owner@harbour.example',
    })
    expect(all.body.data[0].conversations_token).toMatch(/^[0-9a-f]{13}$/)
    const groups = await house.blingerApp.get('/operators/groups')
    expect(keysOf(groups.body.data[0])).toBe('id user_id title priority color is_default')
    expect(groups.body.data[0]).toEqual({
      id: group(0),
      user_id: operator(0),
      title: 'Default',
      priority: 1,
      color: '#22539c',
      is_default: true,
    })
  })
})

describe('refusals', () => {
  test.each([
    ['start', {}, 'conversation_id is empty'],
    ['close', { conversation_id: null }, 'conversation_id is empty'],
    ['unassign', { conversation_id: [3] }, 'conversation_id is invalid'],
    ['start', { conversation_id: 1.5 }, 'conversation_id is invalid'],
    ['start', { conversation_id: { $gt: 0 } }, 'conversation_id is invalid'],
    ['start', { conversation_id: '99999999999999999999' }, 'conversation_id is invalid'],
    ['start', { conversation_id: 999_999 }, 'Conversation not found'],
    ['start', { conversation_id: 1, operator_id: 999_999 }, 'Operator not found'],
    ['close', { conversation_id: 1, operator_id: 'x' }, 'operator_id is invalid'],
    ['assign-operator', { conversation_id: 1 }, 'operator_id is empty'],
    ['assign-operator', { conversation_id: 1, operator_id: 999_999 }, 'Operator not found'],
    ['assign-group', { conversation_id: 1 }, 'group_id is empty'],
    ['assign-group', { conversation_id: 1, group_id: 999_999 }, 'Group not found'],
    ['send-message', { conversation_id: 1 }, 'text is empty'],
    ['send-message', { conversation_id: 1, text: ' ' }, 'text is empty'],
    ['send-message', { conversation_id: 1, text: 'a\0' }, 'text is invalid'],
    ['send-message', { conversation_id: 999_999, text: 'a' }, 'Conversation not found'],
    ['send-message', { conversation_id: 1, text: 'a', operator_id: 999_999 }, 'Operator not found'],
    ['send-note', { conversation_id: 1 }, 'text is empty'],
    ['send-file-message', { conversation_id: 1 }, 'file_url is empty'],
    ['send-file-message', { conversation_id: 1, file_url: 'no url' }, 'file_url is invalid'],
    ['send-file-message', { conversation_id: 1, file_url: 'file:///etc/passwd' }, 'file_url is invalid'],
    ['send-file-message', { conversation_id: 1, file_url: 'http://127.0.0.1:1/' }, 'file_url is invalid'],
    ['send-file-message', { conversation_id: 999_999, file_url: 'no url' }, 'Conversation not found'],
    ['start', { conversation_id: 1, disable_webhook: 'maybe' }, 'disable_webhook is invalid'],
  ])('%s %j: %s', async (path, body, error) => {
    expect(await refusal(path, body)).toEqual(refused(error))
  })

  test('another account’s rows are not there', async () => {
    const { account, blingerApp } = house.other
    const foreign = { conversation_id: account.conversations[0]!.number }
    expect(await refusal('start', foreign)).toEqual(refused('Conversation not found'))
    expect(await refusal('send-message', { ...foreign, text: 'Hi' })).toEqual(
      refused('Conversation not found'),
    )
    const { id } = await newConversation()
    const theirs = { conversation_id: id, operator_id: account.operators[0]!.number }
    expect(await refusal('assign-operator', theirs)).toEqual(refused('Operator not found'))
    expect(shown(await blingerApp.get('/conversations/get', { conversation_id: id }))).toEqual(
      refused('Conversation not found'),
    )
  })

  test('tokens: every way of writing them, and none', async () => {
    const { blingerApp: token, pact } = house.fixture.tokens
    const ask = (headers: Record<string, string>) => house.request({ url: '/api/operators/all', headers })
    const ways: Record<string, string>[] = [
      { authentication: token },
      { authentication: `Bearer ${token}` },
      { authorization: token },
      { authorization: `bearer ${token}` },
      { authentication: '', authorization: token },
    ]
    for (const headers of ways) expect((await ask(headers)).status).toBe(200)
    const none: Record<string, string>[] = [{}, { authentication: '' }, { authorization: 'Bearer ' }]
    for (const headers of none) expect(shown(await ask(headers))).toEqual(refused('Empty token', 401))
    for (const wrong of ['nobody', pact])
      expect(shown(await ask({ authentication: wrong }))).toEqual(refused('Invalid token', 401))
  })

  test('the token comes first, then parameters, then rows', async () => {
    const bare = { method: 'POST', url: '/api/conversations/start', headers: {} } as const
    expect(shown(await house.request({ ...bare, payload: '{"broken' }))).toEqual(refused('Empty token', 401))
    expect(await refusal('send-message', { conversation_id: 999_999 })).toEqual(refused('text is empty'))
  })

  test('unknown paths and methods, in shape, inside these prefixes only', async () => {
    const { blingerApp } = house
    expect(shown(await blingerApp.get('/conversations/nope'))).toEqual(refused('Not found', 404))
    expect(shown(await blingerApp.get('/users'))).toEqual(refused('Not found', 404))
    expect(shown(await blingerApp.put('/conversations/start', '{"broken'))).toEqual(
      refused('Method not allowed', 405),
    )
    const wrong = await blingerApp.get('/custom-app/message/')
    expect(shown(wrong)).toEqual(refused('Method not allowed', 405))
    expect(wrong.headers.allow).toBe('POST')
    expect((await house.request({ url: '/api/else' })).body).not.toHaveProperty('status')
  })

  test('bodies that are none', async () => {
    const send = (type: string, payload: string) =>
      house.blingerApp.post('/conversations/start', payload, { 'content-type': type })
    expect(shown(await send('application/json', '{"conversation_id":'))).toEqual(refused('JSON is invalid'))
    expect(shown(await send('application/json', ''))).toEqual(refused('conversation_id is empty'))
    expect(shown(await send('application/json', '[1]'))).toEqual(refused('conversation_id is empty'))
    expect(shown(await send('image/png', 'x'))).toEqual(refused('The content type is not supported', 415))
    expect(shown(await send('application/json', `{"text":"${'x'.repeat(2_000_000)}"}`))).toEqual(
      refused('The request body is too large', 413),
    )
    expect(shown(await send('multipart/form-data; boundary=x', '--x\r\nbroken'))).toEqual(
      refused('form is invalid'),
    )
  })
})

test('JSON, form, multipart and the query string say the same', async () => {
  const { id } = await newConversation()
  const fields = { conversation_id: String(id), text: 'Æther & 1=1 ☕', operator_id: String(operator(1)) }
  const path = '/conversations/send-message'
  const multipart = Object.entries(fields)
    .map(([name, value]) => `--edge\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('')
  const form = new URLSearchParams(fields).toString()
  const replies = [
    await house.blingerApp.post(path, { ...fields, conversation_id: id, operator_id: operator(1) }),
    await house.blingerApp.post(path, fields),
    await house.blingerApp.post(`${path}/`, form, { 'content-type': 'application/x-www-form-urlencoded' }),
    await house.blingerApp.post(path, `${multipart}--edge--\r\n`, {
      'content-type': 'multipart/form-data; boundary=edge',
    }),
    await house.blingerApp.post(`${path}?${form}`),
  ]
  expect(replies.map(({ body }) => body.data?.message)).toEqual(replies.map(() => fields.text))
  const { messages } = await get(id)
  expect(messages.slice(1).map((row: { operator_id: number }) => row.operator_id)).toEqual(
    replies.map(() => operator(1)),
  )
})

describe('files', () => {
  test('a picture is fetched, hosted here and shown as an image', async () => {
    const { id } = await newConversation()
    const data = await act('send-file-message', { conversation_id: id, file_url: site.url('/pixel.png') })
    expect(keysOf(data)).toBe(MESSAGE_KEYS)
    expect(data).toMatchObject({ type: 'image', is_outgoing: true })
    expect(data.message).toMatch(/^http:\/\/[^/]+(\/[0-9a-f]{2}){3}\/[0-9a-f]{64}\.png$/)
    expect(await look(id)).toMatchObject({ last_message: data.message, is_operator_last_message: true })
    const text = await act('send-file-message', { conversation_id: id, file_url: site.url('/terms.txt') })
    expect(text.type).toBe('file')
    expect(await refusal('send-file-message', { conversation_id: id, file_url: site.url('/gone') })).toEqual(
      refused('Could not download the file'),
    )
  })
})
