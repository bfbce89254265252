import { describe, expect, test } from 'vitest'
import { openDesk, PIXEL, pythonUpload, refused } from './pact-desk.ts'
import type { Desk } from './pact-desk.ts'

const upload = async (desk: Desk, bytes = PIXEL, name = 'map.png'): Promise<number> =>
  (await desk.ask('POST', `${desk.talk}/messages/attachments`, pythonUpload(bytes, name))).body.data
    .external_id

describe('messages and jobs', () => {
  test('a message is a job until its transport has accepted it', async () => {
    await using desk = await openDesk()
    const sent = await desk.post(`${desk.talk}/messages`, { message: 'The atlas is here' })
    const job = {
      id: expect.any(Number),
      company_id: desk.house.fixture.number,
      channel: { id: desk.channel('whatsapp'), type: 'whatsapp' },
      conversation_id: desk.conversation('whatsapp'),
      state: 'trying_deliver',
      message_id: null,
      details: null,
      created_at: expect.any(Number),
    }
    expect(sent.body).toEqual({ status: 'ok', data: job })
    expect((await desk.get(`${desk.talk}/messages`)).body.data.messages).toHaveLength(1)
    const { id } = sent.body.data
    const path = `${desk.company}/channels/${desk.channel('whatsapp')}/jobs/${id}`
    expect((await desk.get(path)).body.data).toEqual({ ...job, id })
    await desk.house.settle()
    const { messages } = (await desk.get(`${desk.talk}/messages`)).body.data
    expect(messages.map((row: { income: boolean; message: string }) => [row.income, row.message])).toEqual([
      [true, 'Is the atlas in stock?'],
      [false, 'The atlas is here'],
    ])
    expect((await desk.get(path)).body.data).toEqual({
      ...job,
      id,
      state: 'delivered',
      message_id: messages[1].external_id,
      details: { result: 'DELIVERED' },
    })
    refused(await desk.get(`${desk.company}/channels/${desk.channel('telegram')}/jobs/${id}`), 404)
    for (const other of [987_654, 'x'])
      refused(await desk.get(`${desk.company}/channels/${desk.channel('whatsapp')}/jobs/${other}`), 404)
    const { other } = desk.house
    refused(
      await desk.get(`/p1/companies/${other.account.number}/channels/${desk.channel('whatsapp')}/jobs/${id}`),
      404,
    )
  })

  test('accepted but not delivered, and failed', async () => {
    await using desk = await openDesk()
    const { id } = (await desk.post(`${desk.talk}/messages`, { message: 'Hello' })).body.data
    const path = `${desk.company}/channels/${desk.channel('whatsapp')}/jobs/${id}`
    await desk.house.sql(`update message set status = 'sent' where dispatch_number = $1`, [id])
    expect((await desk.get(path)).body.data).toMatchObject({
      state: 'trying_deliver',
      message_id: expect.any(Number),
      details: null,
    })
    await desk.house.sql(
      `update message set status = 'failed', error = 'no such number' where dispatch_number = $1`,
      [id],
    )
    expect((await desk.get(path)).body.data).toMatchObject({
      state: 'not_delivered',
      message_id: null,
      details: { result: 'NOT DELIVERED', reason: 'no such number' },
    })
    expect((await desk.get(`${desk.talk}/messages`)).body.data.messages).toHaveLength(1)
  })

  test('text and several files become several messages in order, the job is the last one’s', async () => {
    await using desk = await openDesk()
    const ids = [await upload(desk), await upload(desk, Buffer.from('a plain text'), 'list.txt')]
    const sent = await desk.post(`${desk.talk}/messages`, {
      message: 'Two files',
      'attachments_ids[0]': ids[0],
      'attachments_ids[1]': ids[1],
    })
    await desk.house.settle()
    const { messages } = (await desk.get(`${desk.talk}/messages`)).body.data
    expect(messages.slice(1).map((row: { message: string }) => row.message)).toEqual(['Two files', ''])
    expect(messages[1].attachments).toEqual([
      {
        external_id: ids[0],
        url: expect.stringMatching(/^https?:\/\/.+\.png$/),
        file_name: 'map.png',
        mime_type: 'image/png',
        size: PIXEL.length,
      },
    ])
    expect(messages[2].attachments[0]).toMatchObject({ external_id: ids[1], file_name: 'list.txt', size: 12 })
    const job = await desk.get(
      `${desk.company}/channels/${desk.channel('whatsapp')}/jobs/${sent.body.data.id}`,
    )
    expect(job.body.data.message_id).toBe(messages[2].external_id)
  })

  test('all files or none: a refused one leaves nothing behind', async () => {
    await using desk = await openDesk()
    const good = await upload(desk)
    const count = async () => (await desk.house.sql('select count(*)::int as n from message'))[0]?.n
    const before = await count()
    const lists = [
      [good, 987_654],
      [good, good],
      ['x'],
      [[1]],
      [1.5],
      Array.from({ length: 101 }, () => good),
    ]
    for (const attachments_ids of lists) {
      const payload = { message: 'Hi', attachments_ids }
      refused(await desk.ask('POST', `${desk.talk}/messages`, { payload }), 400, /^attachments_ids: /)
    }
    expect(await count()).toBe(before)
    const telegram = `${desk.company}/conversations/${desk.conversation('telegram')}/messages`
    const elsewhere = { payload: { attachments_ids: good } }
    refused(await desk.ask('POST', telegram, elsewhere), 400, /^attachments_ids: /)
    expect((await desk.ask('POST', `${desk.talk}/messages`, elsewhere)).status).toBe(200)
    refused(await desk.ask('POST', `${desk.talk}/messages`, elsewhere), 400, /^attachments_ids: /)
  })

  test('buttons', async () => {
    await using desk = await openDesk()
    const payload = { message: 'How are you?', interactive: { type: 'button', buttons: ['fine', 'awesome'] } }
    expect((await desk.ask('POST', `${desk.talk}/message`, { payload })).body.data.state).toBe(
      'trying_deliver',
    )
    const rows = await desk.house.sql(`select kind, details from message where text = 'How are you?'`)
    const buttons = ['fine', 'awesome'].map((title) => ({ type: 'reply', title }))
    expect(rows).toEqual([{ kind: 'buttons', details: { buttons } }])
    for (const interactive of [
      {},
      'x',
      { type: 'list' },
      { type: 'button' },
      { type: 'button', buttons: [{}] },
    ])
      refused(
        await desk.ask('POST', `${desk.talk}/messages`, { payload: { message: 'Hi', interactive } }),
        400,
        /^interactive: /,
      )
    const wordless = { payload: { interactive: payload.interactive } }
    refused(await desk.ask('POST', `${desk.talk}/messages`, wordless), 400, /^message: /)
  })

  test('nothing to say is refused', async () => {
    await using desk = await openDesk()
    for (const payload of [undefined, {}, { message: '  ' }, { message: null }, { attachments_ids: [] }])
      refused(await desk.ask('POST', `${desk.talk}/messages`, { payload }), 400, /^message: /)
    refused(
      await desk.ask('POST', `${desk.talk}/messages`, { payload: { message: 5 } }),
      400,
      /^message: must be/,
    )
  })

  test('notes never show in a message list', async () => {
    await using desk = await openDesk()
    await desk.house.blingerApp.post('/conversations/send-note', {
      conversation_id: desk.conversation('whatsapp'),
      text: 'for us only',
    })
    expect((await desk.get(`${desk.talk}/messages`)).text).not.toContain('for us only')
  })

  test('write first through a channel, by both paths and both names of the text', async () => {
    await using desk = await openDesk()
    const channel = `${desk.company}/channels/${desk.channel('whatsapp')}`
    const first = await desk.post(`${channel}/conversations`, { phone: '4790000888', message: 'Hello' })
    const second = await desk.post(channel, { phone: '4790000888', text: 'Hello again' })
    expect(first.body.data).toMatchObject({ state: 'trying_deliver', channel: { type: 'whatsapp' } })
    expect(second.body.data.conversation_id).toBe(first.body.data.conversation_id)
    expect(second.body.data.id).not.toBe(first.body.data.id)
    refused(await desk.post(channel, { message: 'Hi' }), 400, /^phone: is required/)
    refused(await desk.post(channel, { phone: '4790000888' }), 400, /^message: is required/)
    const template = { payload: { phone: '4790000888', template: { id: 'greeting', language_code: 'en' } } }
    refused(await desk.ask('POST', channel, template), 400, /^template: /)
    const webchat = `${desk.company}/channels/${desk.channel('webchat')}`
    refused(await desk.post(webchat, { phone: '4790000888', message: 'Hi' }), 400)
    refused(await desk.post(`${desk.company}/channels/987654`, { phone: '4790000888', message: 'Hi' }), 404)
  })
})
