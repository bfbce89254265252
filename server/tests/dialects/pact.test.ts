import { describe, expect, test } from 'vitest'
import { CONVERSATION_KEYS, keysOf, openDesk, refused } from './pact-desk.ts'

describe('companies and channels', () => {
  test('a token sees its one company', async () => {
    await using desk = await openDesk()
    const { number, id, name } = desk.house.fixture
    const company = {
      external_id: number,
      external_uuid: id,
      name,
      phone: null,
      description: null,
      webhook_url: null,
    }
    const list = await desk.get('/p1/companies')
    expect(list.body).toEqual({ status: 'ok', data: { companies: [company] } })
    expect((await desk.get(desk.company)).body).toEqual({ status: 'ok', data: { company } })
  })

  test('another company is not found, whatever is asked of it', async () => {
    await using desk = await openDesk()
    const other = `/p1/companies/${desk.house.other.account.number}`
    for (const path of [other, `${other}/channels`, `${other}/conversations`, '/p1/companies/0'])
      refused(await desk.get(path), 404, /company not found/)
    refused(await desk.post(`${other}/conversations`, {}), 404)
  })

  test('channels come by number with their provider codes', async () => {
    await using desk = await openDesk()
    const { body } = await desk.get(`${desk.company}/channels`)
    const expected = desk.house.fixture.channels.map(({ number, kind }) => ({
      external_id: number,
      provider: ['webchat', 'custom_app'].includes(kind) ? 'custom' : kind,
    }))
    expect(body.data).toEqual({ channels: expected })
    const { body: back } = await desk.get(`${desk.company}/channels`, { sort_direction: 'desc', per: 2 })
    expect(back.data.channels).toEqual(expected.toReversed().slice(0, 2))
  })
})

describe('conversations', () => {
  test('a list and its details show the nine documented keys', async () => {
    await using desk = await openDesk()
    const { body } = await desk.get(`${desk.company}/conversations`)
    expect(body.data.conversations).toHaveLength(5)
    for (const row of body.data.conversations) {
      expect(keysOf(row)).toEqual(CONVERSATION_KEYS)
      const details = await desk.get(`${desk.company}/conversations/${row.external_id}`)
      expect(details.body).toEqual({ status: 'ok', data: { conversation: row } })
    }
    expect(body.data.conversations[2]).toMatchObject({
      external_id: desk.conversation('whatsapp'),
      name: 'Maja Strand',
      channel_id: desk.channel('whatsapp'),
      channel_type: 'whatsapp',
      avatar: '/avatars/original/missing.png',
      sender_external_id: '4790000101',
    })
  })

  test('unknown, foreign and unreadable conversations are not found', async () => {
    await using desk = await openDesk()
    const foreign = desk.house.other.account.conversations[0]?.number ?? 0
    for (const id of [foreign, 0, 987_654, 'x', '1e3', '-1', '9007199254740993', '99999999999999999999'])
      for (const rest of ['', '/messages'])
        refused(await desk.get(`${desk.company}/conversations/${id}${rest}`), 404, /conversation not found/)
  })

  test('create finds or makes the one conversation with a phone', async () => {
    await using desk = await openDesk()
    const create = (phone: string) =>
      desk.post(`${desk.company}/conversations`, { provider: 'whatsapp', phone })
    const made = await create('4790000777')
    expect(made.body.status).toBe('ok')
    expect(made.body.data.conversation).toMatchObject({
      name: '4790000777',
      sender_external_id: '4790000777',
      channel_id: desk.channel('whatsapp'),
    })
    expect((await create('+47 (9000) 07-77')).body).toEqual(made.body)
    const known = await create('4790000101')
    expect(known.body.data.conversation.external_id).toBe(desk.conversation('whatsapp'))
    expect((await desk.get(`${desk.talk}/messages`)).body.data.messages).toHaveLength(1)
    const national = await create('89250000001')
    expect(national.body.data.conversation.sender_external_id).toBe('79250000001')
  })

  test('a text is sent, to a new conversation and to one that is there', async () => {
    await using desk = await openDesk()
    for (const text of ['Good morning', 'Good evening']) {
      const { body } = await desk.post(`${desk.company}/conversations`, {
        provider: 'telegram_personal',
        username: '@kimlarsen',
        text,
        send_to_crm: 0,
      })
      expect(body.data.conversation).toMatchObject({
        name: 'kimlarsen',
        sender_external_id: 'kimlarsen',
        channel_type: 'telegram_personal',
      })
    }
    await desk.house.settle()
    const list = await desk.get(`${desk.company}/conversations`, { sort_direction: 'desc', per: 1 })
    const { external_id } = list.body.data.conversations[0]
    const { body } = await desk.get(`${desk.company}/conversations/${external_id}/messages`)
    expect(body.data.messages.map((row: { message: string }) => row.message)).toEqual([
      'Good morning',
      'Good evening',
    ])
    const rows = await desk.house.sql(`select send_to_crm from message where text like 'Good %'`)
    expect(rows).toEqual([{ send_to_crm: false }, { send_to_crm: false }])
  })

  test('create refuses what it cannot do, naming the parameter', async () => {
    await using desk = await openDesk()
    const cases: [Record<string, string>, RegExp][] = [
      [{}, /^provider: is required/],
      [{ provider: 'viber', phone: '4790000778' }, /^provider: must be/],
      [{ provider: 'whatsapp_business', phone: '4790000778' }, /^provider: .*template/],
      [{ provider: 'whatsapp' }, /^phone: is required/],
      [{ provider: 'whatsapp', phone: '12' }, /^phone: must be in format/],
      [{ provider: 'whatsapp', phone: 'abc' }, /^phone: must be in format/],
      [
        { provider: 'whatsapp', phone: '4790000778', send_to_crm: 'maybe' },
        /^send_to_crm: must be a boolean/,
      ],
      [{ provider: 'telegram_personal', text: 'Hi' }, /^phone: phone or username/],
      [{ provider: 'telegram_personal', text: 'Hi', phone: '4790000778', username: 'kim' }, /^username: /],
      [{ provider: 'telegram_personal', username: 'kim' }, /^text: is required/],
      [{ provider: 'telegram_personal', username: 'x'.repeat(256), text: 'Hi' }, /^username: /],
    ]
    for (const [fields, detail] of cases)
      refused(await desk.post(`${desk.company}/conversations`, fields), 400, detail)
    await desk.house.sql(`update channel set status = 'inactive' where kind = 'whatsapp'`)
    const fields = { provider: 'whatsapp', phone: '4790000778' }
    refused(await desk.post(`${desk.company}/conversations`, fields), 400, /^provider: no whatsapp channel/)
    expect((await desk.get(`${desk.company}/conversations`)).body.data.conversations).toHaveLength(5)
  })

  test('a setting takes the documents at their word: text is required for whatsapp', async () => {
    await using desk = await openDesk({ env: { PARLEY_PACT_TEXT_REQUIRED: 'true' } })
    const fields = { provider: 'whatsapp', phone: '4790000778' }
    refused(await desk.post(`${desk.company}/conversations`, fields), 400, /^text: is required/)
    expect((await desk.post(`${desk.company}/conversations`, { ...fields, text: 'Hi' })).status).toBe(200)
  })

  test('note: set, cleared by the empty string, required', async () => {
    await using desk = await openDesk()
    const stored = async () =>
      (
        await desk.house.sql(`select note from conversation where number = ${desk.conversation('whatsapp')}`)
      )[0]
    expect((await desk.put(`${desk.talk}/note`, { note: 'likes old maps' })).body).toEqual({
      status: 'updated',
    })
    expect(await stored()).toEqual({ note: 'likes old maps' })
    await desk.put(`${desk.talk}/note`, { note: '' })
    expect(await stored()).toEqual({ note: null })
    refused(await desk.put(`${desk.talk}/note`), 400, /^note: is required/)
    const array = { payload: { note: ['a'] } }
    refused(await desk.ask('PUT', `${desk.talk}/note`, array), 400, /^note: must be a string/)
  })

  test('assign: to an operator, in peace twice, and to nobody', async () => {
    await using desk = await openDesk()
    const operator = desk.house.fixture.operators[1]?.number
    const answer = { status: 'ok', data: { conversation: { external_id: desk.conversation('whatsapp') } } }
    const stored = async () =>
      (
        await desk.house.sql(
          `select o.number from conversation c left join operator o on o.id = c.assignee_id where c.number = ${desk.conversation('whatsapp')}`,
        )
      )[0]?.number
    for (const _ of [1, 2])
      expect((await desk.put(`${desk.talk}/assign`, { assignee_id: operator })).body).toEqual(answer)
    expect(Number(await stored())).toBe(operator)
    for (const body of [{ assignee_id: '' }, undefined])
      expect((await desk.put(`${desk.talk}/assign`, body)).body).toEqual(answer)
    expect(await stored()).toBeNull()
    const stranger = desk.house.other.account.operators[0]?.number
    for (const assignee_id of [stranger, 987_654, 'anna', '1.5', '9007199254740993'])
      refused(await desk.put(`${desk.talk}/assign`, { assignee_id }), 400, /^assignee_id: /)
  })

  test('assigning leaves a closed conversation closed', async () => {
    await using desk = await openDesk()
    await desk.house.blingerApp.post('/conversations/close', {
      conversation_id: desk.conversation('whatsapp'),
    })
    const closed = `select status from conversation where number = ${desk.conversation('whatsapp')}`
    expect(await desk.house.sql(closed)).toEqual([{ status: 'closed' }])
    await desk.put(`${desk.talk}/assign`, { assignee_id: desk.house.fixture.operators[1]?.number })
    expect(await desk.house.sql(closed)).toEqual([{ status: 'closed' }])
  })

  test('toggle: set, set again, flip', async () => {
    await using desk = await openDesk()
    const toggle = async (fields?: Record<string, unknown>) =>
      (await desk.put(`${desk.talk}/toggle_bitrix_block_openlines`, fields)).body.data.conversation
    const first = await toggle({ enabled: 'true' })
    expect(keysOf(first)).toEqual(
      [...CONVERSATION_KEYS, 'last_message_at', 'last_income_message_at', 'bitrix_block_openlines'].sort(),
    )
    expect(first.bitrix_block_openlines).toBe(true)
    expect(first.last_message_at).toBe(first.last_income_message_at)
    expect((await toggle({ enabled: 1 })).bitrix_block_openlines).toBe(true)
    expect((await toggle()).bitrix_block_openlines).toBe(false)
    expect((await toggle()).bitrix_block_openlines).toBe(true)
    expect((await toggle({ enabled: 'off' })).bitrix_block_openlines).toBe(false)
    const path = `${desk.talk}/toggle_bitrix_block_openlines`
    refused(await desk.put(path, { enabled: 'perhaps' }), 400, /^enabled: must be a boolean/)
    await desk.post(`${desk.company}/conversations`, { provider: 'whatsapp', phone: '4790000999' })
    const { body } = await desk.get(`${desk.company}/conversations`, { sort_direction: 'desc' })
    const quiet = `${desk.company}/conversations/${body.data.conversations[0].external_id}`
    const answer = await desk.put(`${quiet}/toggle_bitrix_block_openlines`)
    expect(answer.body.data.conversation).toMatchObject({ last_message_at: 0, last_income_message_at: 0 })
  })
})
