import { expect, test, vi } from 'vitest'
import { nativeId } from '../dialects/native-desk.ts'
import { hasNothingOf } from '../remains.ts'
import { openWebhookDesk, type WebhookDesk } from './webhook-desk.ts'

/** What a contact is, told by any dialect: none of it may stand anywhere once the contact is gone. */
const FACTS = {
  name: 'Peculiarius',
  customName: 'Oddname-of-ours',
  phone: '4790012399',
  email: 'peculiar@nowhere.example',
}
const WORDS = Object.values(FACTS)
const DIALECTS = ['native', 'blinger', 'pact', 'linktor'] as const

/** Everything told twice: to one that takes it, and to one that fails. */
async function openTold() {
  const desk = await openWebhookDesk()
  for (const dialect of DIALECTS)
    for (const path of ['/takes', '/fails'])
      await desk.subscribe({ dialect, url: desk.sink.url(`${path}/${dialect}`), events: ['*'] })
  desk.sink.behave(
    ({ path }, response) => void response.writeHead(path.startsWith('/fails') ? 500 : 200).end(),
  )
  return desk
}

/** Deliveries in which one of the words stands: how they stand, and what they tell of. */
async function tellingOf({ house }: WebhookDesk, words: string[]) {
  return house.sql<{ dialect: string; status: string; event: string; isOfConversation: boolean }>(
    `select distinct w.dialect, d.status, d.event, d.conversation_id is not null as "isOfConversation"
       from webhook_delivery d join webhook w on w.account_id = d.account_id and w.id = d.webhook_id
      where exists (select from unnest($1::text[]) word where d.body ilike '%' || word || '%')`,
    [words],
  )
}

async function remove({ house }: WebhookDesk, contactId: string): Promise<void> {
  const deleted = await house.native.delete(`/contacts/${contactId}`)
  expect(deleted.status, deleted.text).toBeLessThan(300)
}

test('nothing of a contact that was deleted stays in what was told of it alone', async () => {
  await using desk = await openTold()
  const { house, say } = desk
  const [talk] = await house.sql<{ contactId: string }>(
    `select contact_id as "contactId" from conversation where id = $1`,
    [house.fixture.conversations[0]?.id],
  )
  const talking = nativeId('contact', talk?.contactId)
  const changed = await house.native.patch(`/contacts/${talking}`, FACTS)
  expect(changed.status, changed.text).toBe(200)
  await say('hello')
  await house.settle()
  const told = await tellingOf(desk, WORDS)
  for (const dialect of DIALECTS)
    for (const status of ['succeeded', 'pending'])
      expect(told, `${dialect} ${status}`).toContainEqual(expect.objectContaining({ dialect, status }))
  // Blinger has no words for a contact alone.
  expect([...new Set(told.flatMap((row) => (row.isOfConversation ? [] : row.dialect)))].toSorted()).toEqual([
    'linktor',
    'native',
    'pact',
  ])
  await remove(desk, talking)
  expect(await hasNothingOf(house, WORDS)).toEqual([])
  await house.settle()
  house.clock.advance(86_400_000)
  await house.settle()
  expect(await hasNothingOf(house, WORDS)).toEqual([])
  // That it is gone is told all the same.
  const goodbyes = await house.sql<{ contactId: string | null }>(
    `select contact_id as "contactId" from webhook_delivery where event = 'contact.deleted'`,
  )
  expect(goodbyes).toEqual([{ contactId: null }, { contactId: null }])
})

test('nor of one that was never talked to; what is told of others stays', async () => {
  await using desk = await openTold()
  const { house } = desk
  const made = await house.native.post('/contacts', FACTS)
  expect(made.status, made.text).toBe(201)
  expect((await house.native.post('/contacts', { name: 'Somebody-else' })).status).toBe(201)
  await house.settle()
  const told = await tellingOf(desk, WORDS)
  expect(told.map(({ dialect, status }) => `${dialect} ${status}`).toSorted()).toEqual([
    ...['linktor pending', 'linktor succeeded', 'native pending', 'native succeeded'],
  ])
  await remove(desk, String(made.body.id))
  expect(await hasNothingOf(house, WORDS)).toEqual([])
  expect(await hasNothingOf(house, ['Somebody-else'])).toContain('webhook_delivery')
})

test('what comes back of a contact that went meanwhile is not kept', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink } = desk
  const { id } = await desk.subscribe({ events: ['contact.created'] })
  const made = await house.native.post('/contacts', FACTS)
  sink.behave((_received, response) => {
    void remove(desk, String(made.body.id)).finally(() => response.writeHead(500).end())
  })
  await house.settle()
  expect(sink.received.map(({ body }) => body.type)).toEqual(['contact.created'])
  expect(await hasNothingOf(house, WORDS)).toEqual([])

  // Nor by a retry that somebody asked for.
  const other = await house.native.post('/contacts', FACTS)
  sink.behave((_received, response) => void response.writeHead(500).end())
  await house.settle()
  const [delivery] = await desk.deliveries(id)
  sink.behave((_received, response) => {
    void remove(desk, String(other.body.id)).finally(() => response.writeHead(500).end())
  })
  await house.native.post(`/webhooks/${id}/replay`, { deliveryId: delivery?.id })
  await house.settle()
  expect(sink.received).toHaveLength(3)
  expect(await hasNothingOf(house, WORDS)).toEqual([])
})

test('what waits for its turn is not sent once its contact is gone', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, say } = desk
  await desk.subscribe({ events: ['contact.created', 'message.queued'] })
  const held: (() => void)[] = []
  sink.behave((_received, response) => {
    if (sink.received.length === 1) held.push(() => void response.writeHead(200).end())
    else response.writeHead(200).end()
  })
  const told = (): string[] =>
    sink.received.map(({ body }) => String(body.contact?.name ?? body.message?.text))
  const create = async (contact: object) => (await house.native.post('/contacts', contact)).body.id as string
  const hear = (word: string) => vi.waitFor(() => expect(told()).toContain(word), 5000)
  house.composed.teller.start()
  await create({ name: 'First' })
  await hear('First')
  // Contacts are told one after the other, so this one waits; that it was read is seen by what happened after it.
  const waiting = await create(FACTS)
  await say('read on')
  await hear('read on')
  await remove(desk, waiting)
  await say('read beyond')
  await hear('read beyond')
  held.forEach((release) => release())
  await create({ name: 'Last' })
  await hear('Last')
  expect(told()).toEqual(['First', 'read on', 'read beyond', 'Last'])
  await house.composed.teller.stop()
  expect(await hasNothingOf(house, WORDS)).toEqual([])
})
