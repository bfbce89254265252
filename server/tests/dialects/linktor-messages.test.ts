import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { expectRefusal, idsOf, ISO, keys, keysOf } from './linktor-desk.ts'

const WORDS = Buffer.from('Opening hours: nine to five.\n')
let picture: Buffer
const web = createServer((request, response) => {
  if (request.url === '/gone.png') return void response.writeHead(404).end()
  const isPicture = request.url?.endsWith('.png')
  response.setHeader('content-type', isPicture ? 'image/png' : 'text/plain')
  return void response.end(isPicture ? picture : WORDS)
})
let origin = ''
let house: TestHouse
let ids: ReturnType<typeof idsOf>

beforeAll(async () => {
  picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#246' } })
    .png()
    .toBuffer()
  await new Promise<void>((resolve) => void web.listen(0, '127.0.0.1', resolve))
  const place = `127.0.0.1:${(web.address() as AddressInfo).port}`
  origin = `http://${place}`
  house = await openHouse({
    env: { PARLEY_FETCH_ALLOW: place, PARLEY_PUBLIC_ORIGIN: 'https://talk.example' },
  })
  ids = idsOf(house)
})
afterAll(async () => {
  web.close()
  await house[Symbol.asyncDispose]()
})

const SENT = 'conversationId,channelId,direction,from,to,content,status,metadata,createdAt'

const send = (body: object) => house.linktor.post('/messages', body)
const say = (content: unknown, more: object = {}) =>
  send({
    channelId: ids.channel('whatsapp'),
    conversationId: ids.conversation('whatsapp'),
    content,
    ...more,
  })

function sent(reply: Reply) {
  expect(reply.status, reply.text).toBe(201)
  expect(keysOf(reply.body)).toBe('data')
  expect(keysOf(reply.body.data)).toBe('attributes,id,type')
  expect(reply.body.data.type).toBe('message')
  // A custom app without a webhook fetches its messages: those are sent at once.
  const { sentAt: _sentAt, ...attributes } = reply.body.data.attributes
  expect(keysOf(attributes)).toBe(keys(SENT))
  return reply.body.data.attributes
}

describe('to a conversation', () => {
  test('a text, with everything a client is told', async () => {
    const attributes = sent(await say({ type: 'text', text: 'It is.' }, { metadata: { shelf: 4 } }))
    expect(attributes).toMatchObject({
      conversationId: ids.conversation('whatsapp'),
      channelId: ids.channel('whatsapp'),
      direction: 'outbound',
      from: ids.channel('whatsapp'),
      to: '+4790000101',
      content: { type: 'text', text: 'It is.' },
      status: 'pending',
      metadata: { shelf: 4 },
    })
    expect(attributes.createdAt).toMatch(ISO)
    const shown = await house.linktor.get(`/conversations/${ids.conversation('whatsapp')}`)
    expect(shown.body.data.attributes).toMatchObject({ messageCount: 2, unreadCount: 0 })
  })

  test('every kind without a file comes back as it was sent', async () => {
    const template = {
      name: 'order_ready',
      language: 'en',
      components: [{ type: 'body', parameters: [{ type: 'text', text: '4711' }] }],
    }
    for (const content of [
      { type: 'text', text: 'Which one?', quickReplies: [{ id: 'a', title: 'Atlas' }] },
      { type: 'location', latitude: 59.91, longitude: 10.75, name: 'Shop', address: 'Quay 1' },
      { type: 'location', latitude: 0, longitude: 0 },
      {
        type: 'buttons',
        text: 'Choose',
        buttons: [
          { type: 'reply', id: 'yes', title: 'Yes' },
          { type: 'url', title: 'Read', url: 'https://harbour.example/atlas' },
        ],
      },
      { type: 'template', template },
    ]) {
      expect(sent(await say(content)).content).toEqual(content)
      const listed = await house.linktor.get(`/conversations/${ids.conversation('whatsapp')}/messages`, {
        limit: 1,
      })
      expect(listed.body.data[0].attributes.content).toEqual(content)
    }
  })

  test('files are fetched, kept here and known by their content', async () => {
    const here = /^https:\/\/talk\.example\/[0-9a-f/]+\.\w+$/
    const image = sent(await say({ type: 'image', url: `${origin}/cover.png`, caption: 'The cover' })).content
    expect(image).toEqual({ type: 'image', url: expect.stringMatching(here), caption: 'The cover' })
    const kept = await house.request({ method: 'GET', url: new URL(image.url).pathname })
    expect(kept.status).toBe(200)
    const document = sent(
      await say({ type: 'document', url: `${origin}/hours`, filename: '../hours.txt' }),
    ).content
    expect(document).toEqual({ type: 'document', url: expect.stringMatching(here), filename: 'hours.txt' })
    const nested = sent(await say({ type: 'image', image: { url: `${origin}/b.png`, caption: 'B' } })).content
    expect(nested).toMatchObject({ type: 'image', caption: 'B' })
    expect(sent(await say({ type: 'video', url: `${origin}/c.png` })).content.type).toBe('image')
  })

  test('what cannot be fetched is the caller’s fault, and nothing is written', async () => {
    const count = async () =>
      (await house.linktor.get(`/conversations/${ids.conversation('whatsapp')}`)).body.data.attributes
        .messageCount
    const before = await count()
    for (const url of [
      `${origin}/gone.png`,
      'ftp://harbour.example/a',
      'nonsense',
      'http://169.254.169.254/x',
    ])
      expectRefusal(await say({ type: 'image', url }), 400, 'VALIDATION_ERROR', ['content.url'])
    expect(await count()).toBe(before)
  })

  test('on its own channel only, and only where we may look', async () => {
    const content = { type: 'text', text: 'x' }
    const elsewhere = await say(content, { channelId: ids.channel('telegram') })
    expectRefusal(elsewhere, 400, 'VALIDATION_ERROR', ['channelId'])
    expectRefusal(await say(content, { channelId: 'ch_1' }), 404, 'CHANNEL_NOT_FOUND')
    const foreign = idsOf(house.other).conversation('whatsapp')
    expectRefusal(await say(content, { conversationId: foreign }), 404, 'CONVERSATION_NOT_FOUND')
    expectRefusal(await say(content, { conversationId: 'conv_x' }), 404, 'CONVERSATION_NOT_FOUND')
  })
})

describe('to somebody', () => {
  const to = (kind: string, address: unknown, text = 'Hello') =>
    send({ channelId: ids.channel(kind), to: address, content: { type: 'text', text } })

  test('makes contact and conversation, and meets them again', async () => {
    const first = sent(await to('whatsapp', '+4790000777'))
    expect(first.to).toBe('+4790000777')
    const again = sent(await to('whatsapp', '4790000777'))
    expect(again.conversationId).toBe(first.conversationId)
    const shown = await house.linktor.get(`/conversations/${first.conversationId}`)
    expect(shown.body.data.attributes).toMatchObject({
      status: 'open',
      messageCount: 2,
      contact: { phone: '+4790000777' },
    })
    expect(sent(await to('telegram', '700100')).conversationId).toBe(ids.conversation('telegram'))
    expect(sent(await to('custom_app', 'reader-77')).conversationId).toBe(ids.conversation('custom_app'))
  })

  test('opens a closed conversation', async () => {
    const { conversationId } = sent(await to('whatsapp', '+4790000778'))
    await house.linktor.post(`/conversations/${conversationId}/close`)
    expect(sent(await to('whatsapp', '+4790000778')).conversationId).toBe(conversationId)
    const shown = await house.linktor.get(`/conversations/${conversationId}`)
    expect(shown.body.data.attributes.status).toBe('open')
  })

  test('many at once make one conversation', async () => {
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, n) => to('whatsapp', '+4790000779', `n${n}`)),
    )
    expect(new Set(replies.map((reply) => sent(reply).conversationId)).size).toBe(1)
  })

  test('with a file', async () => {
    const channelId = ids.channel('whatsapp')
    const content = { type: 'image', url: `${origin}/d.png` }
    const { conversationId } = sent(await send({ channelId, to: '+4790000780', content }))
    const listed = await house.linktor.get(`/conversations/${conversationId}/messages`)
    expect(listed.body.data).toHaveLength(1)
    const failed = { channelId, to: '+4790000781', content: { type: 'image', url: `${origin}/gone.png` } }
    expectRefusal(await send(failed), 400, 'VALIDATION_ERROR', ['content.url'])
    const found = await house.linktor.get('/conversations', { search: '4790000781' })
    expect(found.body.data).toEqual([])
  })

  test('nobody can be reached so', async () => {
    for (const address of ['nobody', 'a@b.example', '+47', '+4790000777x'])
      expectRefusal(await to('whatsapp', address), 400, 'INVALID_RECIPIENT', ['to'])
    for (const address of ['', '  ', 7, ['+4790000777'], null, 'x'.repeat(300), 'a\u0000b'])
      expectRefusal(await to('whatsapp', address), 400, 'VALIDATION_ERROR', ['to'])
  })
})

describe('faults', () => {
  test('all at once', async () => {
    expectRefusal(await send({}), 400, 'VALIDATION_ERROR', ['channelId', 'to', 'content'])
    const odd = {
      channelId: 1,
      to: '+4790000777',
      metadata: [],
      scheduledAt: 'soon',
      content: { type: 'buttons', buttons: [{ type: 'reply', title: 'A' }, { type: 'url', title: '' }, 3] },
    }
    expectRefusal(await send(odd), 400, 'VALIDATION_ERROR', [
      'channelId',
      'metadata',
      'scheduledAt',
      'content.text',
      'content.buttons.1.title',
      'content.buttons.2',
      'content.buttons.0.id',
      'content.buttons.1.url',
    ])
  })

  test('content', async () => {
    const cases: [unknown, string[]][] = [
      ['text', ['content']],
      [{}, ['content.type']],
      [{ type: 1 }, ['content.type']],
      [{ type: 'text' }, ['content.text']],
      [{ type: 'text', text: '' }, ['content.text']],
      [{ type: 'text', text: '   ' }, ['content.text']],
      [{ type: 'text', text: { $gt: 0 } }, ['content.text']],
      [{ type: 'text', text: 'a\u0000' }, ['content.text']],
      [{ type: 'text', text: 'a', quickReplies: [{ id: 'a' }] }, ['content.quickReplies.0.title']],
      [{ type: 'image' }, ['content.url']],
      [{ type: 'location', latitude: 91, longitude: '0' }, ['content.latitude', 'content.longitude']],
      [
        { type: 'template', template: { language: 3 } },
        ['content.template.name', 'content.template.language'],
      ],
    ]
    for (const [content, fields] of cases) {
      const error = expectRefusal(await say(content), 400, 'VALIDATION_ERROR')
      const told = new Set(error.details.map(({ field }: { field: string }) => field))
      expect([...told], JSON.stringify(content)).toEqual(fields)
    }
    for (const type of ['sticker', 'constructor', ''])
      expectRefusal(await say({ type }), 400, 'UNSUPPORTED_CONTENT_TYPE', ['content.type'])
  })

  test('what is scheduled ahead is refused, what was due is sent', async () => {
    const content = { type: 'text', text: 'On time' }
    const ahead = await say(content, { scheduledAt: '2031-01-01T09:00:00Z' })
    expectRefusal(ahead, 400, 'VALIDATION_ERROR', ['scheduledAt'])
    sent(await say(content, { scheduledAt: '2020-01-01T09:00:00+02:00' }))
  })
})
