import { describe, expect, test } from 'vitest'
import type { Client } from '../house.ts'
import {
  USER_KEYS,
  MESSAGE_KEYS,
  UNASSIGNED_KEYS,
  TAKEN_KEYS,
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
  get,
  look,
  useHouse,
} from './blinger-app-desk.ts'

useHouse()

describe('lists', () => {
  const list = async (name: string, query?: Record<string, unknown>) =>
    (await house.blingerApp.get(`/conversations/${name}`, query)).body.data
  const idsOf = (rows: { id: number }[]) => rows.map(({ id }) => id)

  test('unassigned: 9 keys, newest change first, by group', async () => {
    const [first, second] = [await newConversation(), await newConversation()]
    await act('assign-group', { conversation_id: first.id, group_id: group(1) })
    const rows = await list('unassigned')
    expect(keysOf(rows[0])).toBe(UNASSIGNED_KEYS)
    expect(idsOf(rows).slice(0, 2)).toEqual([first.id, second.id])
    expect(rows[0]).toMatchObject({ status: 'unassigned', is_new_conversation: true, group_id: group(1) })
    expect(idsOf(await list('unassigned', { group_id: group(1) }))).toContain(first.id)
    expect(idsOf(await list('unassigned', { group_id: group(1) }))).not.toContain(second.id)
    for (const nobody of [999_999, 'x', '9'.repeat(30), -1, 1.5])
      expect(await list('unassigned', { group_id: nobody })).toEqual([])
    expect(idsOf(await list('unassigned', { group_id: '' }))).toContain(second.id)
  })

  test('unread and not answered: 12 keys, in hand only, by operator and group', async () => {
    const { id, client, user } = await newConversation()
    await act('start', { conversation_id: id, operator_id: operator(2) })
    expect(idsOf(await list('unread'))).not.toContain(id)
    expect(idsOf(await list('not-answered', { operator_id: operator(2) }))).toContain(id)
    await house.customApp.post(
      '/message',
      clientSays('Well?', { client_id: client, client_name: 'Ada Brook' }),
    )
    await house.blingerApp.post('/users/update', { id: user, custom_name: 'Ada (wholesale)' })
    const [row] = await list('unread', { operator_id: operator(2), group_id: group(0) })
    expect(keysOf(row)).toBe(TAKEN_KEYS)
    expect(row).toMatchObject({
      id,
      operator_user_id: operator(2),
      status: 'inbox',
      application: 'custom_app',
      from_user_name: 'Ada Brook',
      custom_name: 'Ada (wholesale)',
      is_new_conversation: false,
      unread_count: 1,
      operator_email: 'boris@harbour.example',
    })
    expect(await list('unread', { operator_id: 999_999 })).toEqual([])
    expect(await list('not-answered', { operator_id: 'x' })).toEqual([])
    await act('send-message', { conversation_id: id, text: 'Well.' })
    expect(idsOf(await list('unread'))).not.toContain(id)
    expect(idsOf(await list('not-answered'))).not.toContain(id)
  })

  test('not more than 1000 rows', async () => {
    const token = house.other.blingerApp
    const { conversations } = house.other.account
    const copy = `
      with copied as (select n, gen_random_uuid() as contact, gen_random_uuid() as identity from generate_series(1, 1005) n),
      original as (select * from conversation where number = ${conversations[0]!.number}),
      contacts as (insert into contact (account_id, id, name, metadata, created_at, updated_at)
        select account_id, contact, 'Guest ' || n, '{}', created_at, updated_at from copied, original returning id),
      identities as (insert into contact_identity (account_id, id, contact_id, channel_id, external_id, secret_key, created_at, updated_at)
        select account_id, identity, contact, channel_id, 'guest-' || n, 'k', created_at, updated_at from copied, original returning id)
      insert into conversation select (jsonb_populate_record(null::conversation, to_jsonb(o)
        || jsonb_build_object('id', gen_random_uuid(), 'number', 100000 + n, 'contact_id', contact, 'identity_id', identity))).*
        from copied, original o`
    await house.sql(
      copy.replace(
        'insert into conversation select',
        'insert into conversation overriding system value select',
      ),
    )
    const { body } = await token.get('/conversations/unassigned')
    expect(body.data).toHaveLength(1000)
  })
})

describe('operators', () => {
  const post = async (path: string, body: object) => house.blingerApp.post(`/operators/${path}`, body)

  test('create, once', async () => {
    const body = { operator_email: 'clara@harbour.example', operator_password: 'eight words are better' }
    const created = await post('create', body)
    const { id } = created.body.data
    expect(created.text).toBe(
      `{"status":200,"data":{"invite_email":"clara@harbour.example","owner_user_id":${operator(0)},"id":${id},"user_id":${id}}}`,
    )
    expect(shown(await post('create', body))).toEqual(
      refused({ invite_email: 'Email "clara@harbour.example" has already been taken.' }),
    )
    const all = await house.blingerApp.get('/operators/all')
    expect(all.body.data.at(-1)).toMatchObject({ id, invite_email: 'clara@harbour.example' })
  })

  test.each([
    [{ operator_password: 'x' }, 'operator_email is empty'],
    [{ operator_email: 'dora@harbour.example' }, 'operator_password is empty'],
    [
      { operator_email: 'dora', operator_password: 'x' },
      { invite_email: 'Email is not a valid email address.' },
    ],
    [
      { operator_email: 'dora@harbour.example', operator_password: 'x'.repeat(257) },
      { operator_password: 'Password is longer than 256 characters.' },
    ],
    [{ operator_email: ['a'], operator_password: 'x' }, 'operator_email is invalid'],
  ])('create %j: %j', async (body, error) => {
    expect(shown(await post('create', body))).toEqual(refused(error))
  })

  test('delete frees what it had; never the owner, never twice', async () => {
    const body = { operator_email: 'ivo@harbour.example', operator_password: 'for a short time' }
    const { id } = (await post('create', body)).body.data
    const held = await newConversation()
    await act('start', { conversation_id: held.id, operator_id: id })
    expect((await post('delete', { operator_id: id })).text).toBe('{"status":200,"data":{"success":true}}')
    expect(await get(held.id)).toMatchObject({ status: 'unassigned', operator_id: null })
    for (const gone of [id, operator(0), 999_999, house.other.account.operators[1]!.number])
      expect(shown(await post('delete', { operator_id: gone }))).toEqual(refused('Operator not found'))
    expect(shown(await post('delete', {}))).toEqual(refused('operator_id is empty'))
  })
})

describe('users', () => {
  const update = (body: object) => house.blingerApp.post('/users/update', body)

  test('get: a client or a channel, by three names', async () => {
    const { user } = await newConversation()
    for (const name of ['blinger_user_id', 'user_id', 'id']) {
      const { body } = await house.blingerApp.get('/users/get', { [name]: user })
      expect(keysOf(body.data)).toBe(USER_KEYS)
      expect(body.data).toMatchObject({ id: user, blinger_user_id: user, role: 'default' })
    }
    const channel = await house.blingerApp.get('/users/get', { id: channelOf('whatsapp').number })
    expect(channel.body.data).toMatchObject({ role: 'customer', application: 'whatsapp' })
    expect(shown(await house.blingerApp.get('/users/get', { id: 999_999 }))).toEqual(
      refused('User not found'),
    )
    expect(shown(await house.blingerApp.get('/users/get'))).toEqual(refused('blinger_user_id is empty'))
  })

  test('updates of different facts at once are all kept', async () => {
    const { user, client } = await newConversation()
    await Promise.all([
      update({ id: user, custom_name: 'Both' }),
      update({ id: user, phone: '+4790000505' }),
      update({ id: user, tags: ['x'] }),
      house.customApp.post('/message', clientSays('Hi', { client_id: client, client_name: 'Own name' })),
    ])
    const { body } = await house.blingerApp.get('/users/get', { id: user })
    expect(body.data).toMatchObject({
      custom_name: 'Both',
      phone: '+4790000505',
      tags: ['x'],
      name: 'Own name',
    })
  })

  test('update: absent stays, null clears, nothing else is writable', async () => {
    const { user, id } = await newConversation()
    const filled = await update({
      blinger_user_id: user,
      custom_name: 'The captain',
      phone: '+47 900 00 303',
      tags: ['sea', 'night'],
      extra_fields: { ship: { name: 'Aurora', masts: 3 } },
      role: 'customer',
      status: 'disabled',
    })
    expect(keysOf(filled.body.data)).toBe(USER_KEYS)
    expect(filled.body.data).toMatchObject({
      custom_name: 'The captain',
      phone: '+4790000303',
      tags: ['sea', 'night'],
      extra_fields: { ship: { name: 'Aurora', masts: 3 } },
      role: 'default',
      status: 'enabled',
    })
    expect(await look(id)).toMatchObject({ from_user_custom_name: 'The captain' })
    const cleared = await update({ user_id: String(user), custom_name: null, tags: null })
    expect(cleared.body.data).toMatchObject({ custom_name: null, tags: null, phone: '+4790000303' })
    const bad: [string, unknown][] = [
      ['phone', 'call me'],
      ['custom_name', 'a\0'],
      ['tags', [['x']]],
      ['extra_fields', 'x'],
      ['extra_fields', { a: '\ud800' }],
    ]
    for (const [field, value] of bad)
      expect(shown(await update({ id: user, [field]: value }))).toEqual(refused(`${field} is invalid`))
    const channel = channelOf('webchat').number
    expect(shown(await update({ id: channel, custom_name: 'x' }))).toEqual(refused('User not found'))
  })
})

describe('custom app', () => {
  const send = (body: object, client: Client = house.customApp) => client.post('/message', body)

  test('a client’s message, with what is known of the client', async () => {
    const reply = await send(
      clientSays('Ahoy', {
        client_id: 501,
        client_name: 'Edda Moss',
        client_phone: '+47 900 00 404',
        info: '{"plan":"gold"}',
      }),
    )
    expect(keysOf(reply.body.data)).toBe(MESSAGE_KEYS)
    expect(reply.body.data).toMatchObject({
      to_blinger_user_id: channelOf('custom_app').number,
      application: 'custom_app',
      type: 'text',
      message: 'Ahoy',
      is_outgoing: false,
      echo: false,
      echo_outgoing: false,
    })
    const user = await house.blingerApp.get('/users/get', { id: reply.body.data.from_blinger_user_id })
    expect(user.body.data).toMatchObject({
      name: 'Edda Moss',
      phone: '+4790000404',
      service_user_id: '501',
      extra_fields: { plan: 'gold' },
    })
  })

  test('what is no phone number is left out, and no message lost', async () => {
    const reply = await send(clientSays('Hi', { client_id: 'phoneless', client_phone: 'ask my wife' }))
    const user = await house.blingerApp.get('/users/get', { id: reply.body.data.from_blinger_user_id })
    expect(user.body.data.phone).toBeNull()
  })

  test('the same message_id is the same message; with another body it is refused', async () => {
    const body = clientSays('Once', { client_id: 'repeater', message_id: 'app-1' })
    const [first, ...repeats] = await Promise.all([send(body), send(body), send(body)])
    expect(first?.status).toBe(200)
    expect(repeats.map(shown)).toEqual(repeats.map(() => shown(first)))
    const conflict = refused('message_id has already been taken')
    expect(shown(await send({ ...body, data: 'Twice' }))).toEqual(conflict)
    expect(shown(await send({ ...body, client_id: 'somebody else' }))).toEqual(conflict)
    expect(shown(await send({ ...body, echo_outgoing: true }))).toEqual(conflict)
    expect(shown(await send({ ...body, type: 'file', data: site.url('/terms.txt') }))).toEqual(conflict)
  })

  test('a picture is fetched once', async () => {
    const asked = site.asked.length
    const body = clientSays(site.url('/pixel.png'), {
      client_id: 'painter',
      type: 'image',
      message_id: 'app-2',
    })
    const first = await send(body)
    expect(first.body.data).toMatchObject({ type: 'image', is_outgoing: false })
    expect(first.body.data.message).not.toContain(site.host)
    expect(shown(await send(body))).toEqual(shown(first))
    expect(site.asked.length - asked).toBe(1)
    expect(shown(await send({ ...body, data: site.url('/terms.txt') }))).toEqual(
      refused('message_id has already been taken'),
    )
  })

  test('echoes: mirrored, never sent again', async () => {
    const { id, client } = await newConversation()
    const incoming = await send(clientSays('To the bot', { client_id: client, echo: true }))
    expect(incoming.body.data).toMatchObject({ is_outgoing: false, echo: true, echo_outgoing: false })
    const outgoing = await send(
      clientSays('From the bot', { client_id: client, echo: 1, echo_outgoing: 'true' }),
    )
    expect(outgoing.body.data).toMatchObject({
      is_outgoing: true,
      echo: true,
      echo_outgoing: true,
      status: 'sent',
    })
    expect(await look(id)).toMatchObject({ waiting_operator_response: false, last_message: 'From the bot' })
    const [jobs] = await house.sql(`select count(*)::int as n from graphile_worker._private_jobs`)
    await house.settle()
    expect(jobs).toBeDefined()
  })

  test.each([
    [{ custom_channel_id: '' }, 'custom_channel_id is empty'],
    [{ custom_channel_id: 'another-app' }, 'Custom channel not found'],
    [{ client_id: undefined }, 'client_id is empty'],
    [{ client_id: 'x'.repeat(256) }, 'client_id is invalid'],
    [{ type: undefined }, 'type is empty'],
    [{ type: 'video' }, 'type is invalid'],
    [{ data: ' ' }, 'data is empty'],
    [{ data: 'a\ud800' }, 'data is invalid'],
    [{ type: 'image', data: 'no url' }, 'data is invalid'],
    [{ type: 'image', data: 'http://127.0.0.1:1/x' }, 'data is invalid'],
    [{ info: '[]' }, 'info is invalid'],
    [{ echo: 'perhaps' }, 'echo is invalid'],
    [{ message_id: 'x'.repeat(256) }, 'message_id is invalid'],
  ])('%j: %s', async (change, error) => {
    expect(shown(await send(clientSays('Hi', change)))).toEqual(refused(error))
  })

  test('the account’s token opens another door', async () => {
    const { tokens } = house.fixture
    const bare = { method: 'POST', url: '/api/custom-app/message', payload: clientSays('Hi') } as const
    expect(shown(await house.request({ ...bare }))).toEqual(refused('Empty token', 401))
    expect(shown(await house.request({ ...bare, headers: { authorization: tokens.blingerApp } }))).toEqual(
      refused('Invalid token', 401),
    )
    const theirs = await send(clientSays('Hi'), house.other.customApp)
    expect(shown(theirs)).toEqual(refused('Custom channel not found'))
  })
})
