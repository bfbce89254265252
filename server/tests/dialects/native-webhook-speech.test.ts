import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Telling } from '../../src/application/ports/webhook-dialect.ts'
import type { DomainEvent } from '../../src/domain/events.ts'
import { EventList } from '../../src/dialects/native/schema/events.ts'
import type { ToldBody } from '../../src/dialects/native/schema/webhooks.ts'
import { nativeSpeech } from '../../src/dialects/native/webhook-speech.ts'
import { doEverything } from '../delivery/everything.ts'
import { tellingsOf } from '../delivery/tellings.ts'
import { follow } from '../event-reader.ts'
import { openHouse, type Client, type TestHouse } from '../house.ts'
import { actingAs, nativeId } from './native-desk.ts'

let house: TestHouse
let viewer: Client
let tellings: Telling[]
beforeAll(async () => {
  house = await openHouse()
  await house.sql(
    `update channel set webhook_url = 'https://93.184.216.34/in?key=between-us' where kind = 'custom_app'`,
  )
  const [channel] = house.account.channels
  await house.native.patch(`/channels/${nativeId('ch', channel?.id)}`, { name: 'Another name' })
  await house.native.post('/bots', { name: 'Greeter' })
  await doEverything(house)
  viewer = await actingAs(house, house.account.operators[1]?.id)
  tellings = await tellingsOf(house)
})
afterAll(() => house[Symbol.asyncDispose]())

const told = (): ToldBody[] =>
  tellings.flatMap((telling) => nativeSpeech.render(telling).map(({ body }) => body as ToldBody))

describe('every event', () => {
  test('is told once, as the log has it', async () => {
    const { events } = await follow(house.native, { count: tellings.length })
    const bodies = told()
    expect(bodies).toHaveLength(events.length)
    for (const [index, { occurredAt, ...event }] of events.entries()) {
      const {
        message: _,
        conversation: __,
        contact: ___,
        channel: ____,
        bot: _____,
        ...body
      } = bodies[index]!
      expect(body).toEqual({ ...event, timestamp: occurredAt, accountId: nativeId('acc', house.account.id) })
    }
  })

  test('has a name that can be asked for, and there is no other', () => {
    const kinds = EventList.properties.events.items.anyOf.map(({ properties }) => properties.type)
    expect([...nativeSpeech.events].sort()).toEqual(
      kinds.map((kind) => (kind as { const: string }).const).sort(),
    )
    for (const telling of tellings)
      expect(nativeSpeech.render(telling).map(({ event }) => event)).toEqual([telling.recorded.event.type])
    expect(new Set(told().map(({ type }) => type))).toEqual(new Set(nativeSpeech.events))
  })

  test('comes with what it is about, as the API shows it; of a channel, as whoever only reads is shown it', async () => {
    const shown = { message: 0, conversation: 0, contact: 0, channel: 0, bot: 0 }
    for (const { message, conversation, contact, channel, bot } of told()) {
      if (message) expect(message).toEqual((await house.native.get(`/messages/${message.id}`)).body)
      if (conversation) {
        const { lastMessage, ...rest } = (await house.native.get(`/conversations/${conversation.id}`)).body
        expect(lastMessage).toBeDefined()
        expect(conversation).toEqual(rest)
      }
      if (contact) {
        const {
          identities: _,
          conversations: __,
          ...rest
        } = (await house.native.get(`/contacts/${contact.id}`)).body
        expect(contact).toEqual(rest)
      }
      // What was taken away is told as it was.
      const things = { [`/channels/${channel?.id}`]: channel, [`/bots/${bot?.id}`]: bot }
      for (const [path, thing] of Object.entries(things)) {
        const { status, body } = await viewer.get(path)
        if (status === 200) expect(thing).toEqual(body)
        else expect(status, path).toBe(404)
        if (status === 200) shown[path.startsWith('/bots') ? 'bot' : 'channel'] += 1
      }
      for (const [name, thing] of Object.entries({ message, conversation, contact }))
        if (thing) shown[name as keyof typeof shown] += 1
    }
    for (const [name, count] of Object.entries(shown)) expect(count, name).toBeGreaterThan(0)
  })

  test('says no other message’s words than its own, and no secret', () => {
    const texts = tellings.flatMap(({ message }) =>
      message && message.text.length > 5 ? [message.text] : [],
    )
    expect(texts.length).toBeGreaterThan(10)
    for (const { message, ...rest } of told()) {
      const text = JSON.stringify(rest)
      for (const words of texts) expect(text).not.toContain(JSON.stringify(words).slice(1, -1))
      expect(text).not.toContain('between-us')
      expect(message === undefined || texts.includes(message.text) || message.text.length <= 5).toBe(true)
    }
  })
})

describe('what is gone, or not known here', () => {
  test('is told without it', () => {
    const nothing = { message: null, view: null, contact: null, channel: null, bot: null }
    for (const telling of tellings) {
      const [payload] = nativeSpeech.render({ ...telling, ...nothing })
      const body = payload?.body as ToldBody
      const things = ['message', 'conversation', 'contact', 'channel', 'bot'].filter((name) => name in body)
      expect(things).toEqual([])
      expect(body.id).toBe(`evt_${telling.recorded.id}`)
    }
  })

  test('keeps its place, without data', () => {
    const [telling] = tellings
    const event = { type: 'galaxy.found', secret: 'x' } as unknown as DomainEvent
    const [payload] = nativeSpeech.render({ ...telling!, recorded: { ...telling!.recorded, event } })
    expect(payload).toMatchObject({ event: 'galaxy.found', body: { type: 'galaxy.found', data: {} } })
    expect(JSON.stringify(payload)).not.toContain('"x"')
  })
})

test('a test says which webhook it is for', () => {
  const id = '0198c0de-0000-7000-8000-000000000001'
  const at = new Date('2026-03-02T09:00:00Z')
  const { account } = tellings[0]!
  expect(nativeSpeech.test({ id }, { eventKey: 'test_1', at, account })).toEqual({
    event: 'webhook.test',
    body: {
      ...{ id: 'test_1', type: 'webhook.test', timestamp: '2026-03-02T09:00:00.000Z', silent: false },
      accountId: nativeId('acc', house.account.id),
      data: { webhookId: 'wh_0198c0de000070008000000000000001' },
    },
  })
})

test('patience: ten tries within 75 hours and a half, any 2xx is enough', () => {
  const { pauses, hasSucceeded } = nativeSpeech
  expect(pauses.map((seconds) => seconds / 60)).toEqual([...[5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440]])
  const statuses = [100, 199, 200, 201, 204, 299, 300, 301, 404, 410, 500]
  expect(statuses.filter(hasSucceeded)).toEqual([200, 201, 204, 299])
})
