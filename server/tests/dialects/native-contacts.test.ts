import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { limitReach, nativeDesk, type NativeDesk } from './native-talk.ts'

let house: TestHouse
let desk: NativeDesk

beforeAll(async () => {
  house = await openHouse()
  desk = nativeDesk(house)
})
afterAll(() => house[Symbol.asyncDispose]())

const expectProblem = (reply: Reply, status: number, code: string) =>
  expect({ status: reply.status, body: reply.body }).toMatchObject({ status, body: { status, code } })
const idsOf = ({ body }: Reply): string[] => body.items.map(({ id }: { id: string }) => id)

describe('GET /contacts', () => {
  test('the newest first, in pages, each once', async () => {
    for (let guest = 0; guest < 4; guest += 1) await desk.guest(`listed-${guest}`)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Reply = await house.native.get('/contacts', { limit: 3, ...(cursor && { cursor }) })
      expect(page.status, page.text).toBe(200)
      seen.push(...idsOf(page))
      cursor = page.body.nextCursor
    } while (cursor)
    const rows = await house.sql<{ id: string }>(
      `select id from contact where account_id = $1 order by number desc`,
      [house.fixture.id],
    )
    expect(seen).toEqual(rows.map(({ id }) => desk.publicId('contact', id)))
  })

  test('by name, phone and e-mail, however they are spelt', async () => {
    const talk = await desk.guest('searched')
    await house.native.patch(`/contacts/${talk.contactId}`, {
      ...{ customName: 'Wilhelmina Öst', phone: '+47 900 77 001', email: 'Mina@Example.com' },
    })
    const finds = async (query: Record<string, string>) => idsOf(await house.native.get('/contacts', query))
    for (const search of ['wilhelm', 'ELMINA', 'öst', 'guest searched', 'Ös'])
      expect(await finds({ search }), search).toEqual([talk.contactId])
    for (const phone of ['4790077001', '+47 (900) 77-001'])
      expect(await finds({ phone })).toEqual([talk.contactId])
    expect(await finds({ email: 'mina@EXAMPLE.com' })).toEqual([talk.contactId])
    expect(await finds({ email: 'mina@example.com', phone: '4790077001', search: 'mina' })).toEqual([
      talk.contactId,
    ])
    expect(await finds({ email: 'mina@example.com', phone: '4790077002' })).toEqual([])
    for (const search of ['wilhelm_na', '%', 'wilhelmina x'])
      expect(await finds({ search }), search).toEqual([])
    expect(idsOf(await house.other.native.get('/contacts', { search: 'wilhelmina' }))).toEqual([])
    const bad = [
      { phone: 'x' },
      { email: 'x' },
      { search: ' ' },
      { limit: 0 },
      { cursor: 'x' },
      { name: 'x' },
      { search: '\0' },
    ]
    for (const query of bad) expect((await house.native.get('/contacts', query as never)).status).toBe(400)
    const { body } = await house.native.get('/contacts', { limit: 1 })
    expectProblem(await house.native.get('/conversations', { cursor: body.nextCursor }), 400, 'invalid')
    expectProblem(await house.other.native.get('/contacts', { cursor: body.nextCursor }), 400, 'invalid')
  })
})

describe('one contact', () => {
  test('is made, shown and changed', async () => {
    const made = await house.native.post('/contacts', {
      ...{ name: 'Kim', customName: 'Kim of the maps', phone: '+47 900 88 001', email: 'Kim@Example.com' },
      ...{ tags: ['a', 'a', 'b'], extraFields: { shoe: 40 }, metadata: { x: 1, y: 2 } },
    })
    expect(made.status, made.text).toBe(201)
    expect(made.body).toMatchObject({
      ...{ name: 'Kim', customName: 'Kim of the maps', phone: '4790088001', email: 'kim@example.com' },
      ...{ tags: ['a', 'b'], extraFields: { shoe: 40 }, metadata: { x: 1, y: 2 }, avatarUrl: null },
      ...{ identities: [], conversations: [] },
    })
    const path = `/contacts/${made.body.id}`
    expect((await house.native.get(path)).text).toBe(made.text)
    const changed = await house.native.patch(path, {
      ...{ customName: null, phone: '4790088002', tags: null, metadata: { x: null, z: 3 } },
    })
    expect(changed.body).toMatchObject({
      ...{ name: 'Kim', customName: null, phone: '4790088002', email: 'kim@example.com', tags: [] },
      ...{ extraFields: { shoe: 40 } },
    })
    expect(changed.body.metadata).toEqual({ y: 2, z: 3 })
    const told = await house.sql<{ type: string; data: object }>(
      `select type, data from event where data ->> 'contactId' = $1 order by id`,
      [desk.uuid(made.body.id)],
    )
    expect(told).toEqual([
      { type: 'contact.created', data: { contactId: desk.uuid(made.body.id), channelId: null } },
      {
        type: 'contact.updated',
        data: expect.objectContaining({ changed: ['customName', 'tags', 'phone', 'metadata'] }),
      },
    ])
    // The events of the native API tell the same, as soon as no other database's transaction holds them back.
    const eventsNow = async () => (await house.native.get('/events', { limit: 1000 })).body.events
    await expect.poll(eventsNow, { timeout: 20_000 }).toContainEqual(
      expect.objectContaining({
        type: 'contact.created',
        data: { contactId: made.body.id, channelId: null },
      }),
    )
  })

  test('is met again where it has its phone, and is shown with what it has', async () => {
    const made = await house.native.post('/contacts', { name: 'Ida', phone: '4790088010' })
    const channelId = desk.channel('whatsapp')
    const begun = await house.native.post('/conversations', { channelId, contactId: made.body.id })
    expect(begun.status, begun.text).toBe(201)
    const { body } = await house.native.get(`/contacts/${made.body.id}`)
    expect(body.identities).toMatchObject([
      { channelId: desk.publicId('ch', channelId), externalId: '4790088010' },
    ])
    expect(body.conversations).toMatchObject([{ id: begun.body.id, status: 'open', messageCount: 0 }])
  })

  test('one person is one contact', async () => {
    const phone = '4790088020'
    const both = await Promise.all([1, 2].map(() => house.native.post('/contacts', { name: 'Two', phone })))
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409])
    expectProblem(await house.native.post('/contacts', { phone: '+47 900 88 020' }), 409, 'conflict')
    await house.native.post('/contacts', { email: 'one@example.com' })
    expectProblem(await house.native.post('/contacts', { email: 'ONE@example.com' }), 409, 'conflict')
    // What another account has is nobody's here.
    expect((await house.other.native.post('/contacts', { phone })).status).toBe(201)
  })

  test('nonsense', async () => {
    const bad: object[] = [
      ...[{}, { tags: ['x'] }, { name: ' ' }, { name: 5 }, { phone: 'x' }, { email: 'x' }, { name: 'a\0b' }],
      ...[
        { name: 'x', tags: 'x' },
        { name: 'x', metadata: [] },
        { name: 'x', extraFields: { a: '\0' } },
      ],
      ...[
        { name: 'x', id: 'y' },
        { name: 'x', accountId: 'y' },
        { name: 'x', secretKey: 'y' },
      ],
    ]
    for (const body of bad)
      expect((await house.native.post('/contacts', body)).status, JSON.stringify(body)).toBe(400)
    const { contactId } = await desk.guest('nonsense')
    for (const body of [{ phone: 'x' }, { email: 'x' }, { name: ' ' }, { number: 1 }, { avatarUrl: 'x' }])
      expect((await house.native.patch(`/contacts/${contactId}`, body)).status, JSON.stringify(body)).toBe(
        400,
      )
    const unknown = await house.native.get('/contacts/contact_00000000000000000000000000000000')
    expectProblem(unknown, 404, 'not_found')
    const foreign = house.other.account.contacts[0]!.id
    expect((await house.native.get(`/contacts/${foreign}`)).text).toBe(unknown.text)
    expect((await house.native.patch(`/contacts/${foreign}`, { name: 'x' })).text).toBe(unknown.text)
    expectProblem(await house.native.get('/contacts/x'), 404, 'not_found')
  })
})

test('an operator of limited scope finds whom it talks to, and nobody else', async () => {
  await using apart = await openHouse()
  const there = nativeDesk(apart)
  const [owner] = apart.fixture.operators
  const [held, hidden] = [await there.guest('held'), await there.guest('hidden')]
  await apart.sql(`update conversation set assignee_id = null`)
  await there.deed(held, 'assign', { assigneeId: owner!.id })
  // The same person, in a conversation that is not before the operator.
  await apart.native.patch(`/contacts/${held.contactId}`, { phone: '4790099001' })
  const second = await apart.native.post('/conversations', {
    ...{ channelId: there.channel('whatsapp'), contact: { phone: '4790099001' } },
  })
  expect(second.body.contact.id).toBe(held.contactId)
  await limitReach(apart, owner!.id, 'own')
  expect(idsOf(await apart.native.get('/contacts', { limit: 100 }))).toEqual([held.contactId])
  expect(idsOf(await apart.native.get('/contacts', { search: 'guest' }))).toEqual([held.contactId])
  const shown = await apart.native.get(`/contacts/${held.contactId}`)
  expect(shown.body.conversations.map(({ id }: { id: string }) => id)).toEqual([held.conversationId])
  const unknown = await apart.native.get('/contacts/contact_00000000000000000000000000000000')
  const tries = [
    await apart.native.get(`/contacts/${hidden.contactId}`),
    await apart.native.patch(`/contacts/${hidden.contactId}`, { name: 'x' }),
    await apart.native.post('/conversations', {
      channelId: there.channel('webchat'),
      contactId: hidden.contactId,
    }),
  ]
  for (const { status, text } of tries) expect({ status, text }).toEqual({ status: 404, text: unknown.text })
  expect((await apart.native.patch(`/contacts/${held.contactId}`, { name: 'Mine' })).body.name).toBe('Mine')
  expectProblem(await apart.native.post('/contacts', { name: 'x' }), 403, 'forbidden')
  const [row] = await apart.sql<{ name: string }>(`select name from contact where id = $1`, [
    there.uuid(hidden.contactId),
  ])
  expect(row!.name).toBe('Guest hidden')
})
