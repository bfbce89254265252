import { createHash } from 'node:crypto'
import { readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import type { PictureServer } from '../picture-server.ts'
import { openPictureServer } from '../picture-server.ts'
import { expectCountersRight, hasNothingOf } from '../remains.ts'
import { limitReach, nativeDesk, type Guest, type NativeDesk } from './native-talk.ts'

let provider: PictureServer
beforeAll(async () => {
  provider = await openPictureServer()
})
afterAll(() => provider[Symbol.asyncDispose]())

const open = () => openHouse({ env: { PARLEY_FETCH_ALLOW: provider.place } })
const expectProblem = (reply: Reply, status: number, code: string) =>
  expect({ status: reply.status, body: reply.body }).toMatchObject({ status, body: { status, code } })

/** A contact of whom there is something in every place where something can be. */
async function livedIn(
  house: TestHouse,
  desk: NativeDesk,
): Promise<Guest & { needles: string[]; conversations: string[] }> {
  const talk = await desk.guest('quimby-1', 'The xylophone is broken')
  const path = `/conversations/${talk.conversationId}`
  const anna = house.fixture.operators[1]!.id
  const phone = '4790055501'
  await house.native.patch(`/contacts/${talk.contactId}`, {
    ...{ customName: 'Quimby Custom', phone, email: 'quimby@example.com', tags: ['quimby-tag'] },
    ...{ extraFields: { street: 'Quimby Lane' }, metadata: { plan: 'quimby-plan' } },
  })
  // The same person on another channel: by the phone they are known by.
  const other = await house.native.post('/conversations', {
    ...{ channelId: desk.channel('whatsapp'), contact: { phone }, message: { text: 'quimby on WhatsApp' } },
  })
  expect(other.body.contact.id).toBe(talk.contactId)
  await house.settle()
  await desk.deed(talk, 'assign', { assigneeId: anna, note: 'quimby is impatient' })
  await house.native.patch(path, {
    note: 'quimby note',
    tags: ['quimby-talk'],
    metadata: { a: 'quimby-meta' },
  })
  await desk.deed(talk, 'review')
  const upload = await house.native.post(`${path}/files`, { url: provider.url })
  await house.native.post(`${path}/messages`, {
    ...{
      file: { id: upload.body.id },
      text: 'a picture for quimby',
      clientId: 'quimby-key',
      metadata: { m: 'quimby-m' },
    },
  })
  await house.native.post(`${path}/files`, { url: `${provider.url}?unused` })
  await house.native.post(
    `${path}/messages`,
    { location: { latitude: 1, longitude: 2, name: 'Quimby House' } },
    { 'idempotency-key': 'quimby' },
  )
  await house.settle()
  await house.native.post(`${path}/messages`, { text: 'this one waits for quimby' })
  await desk.deed(talk, 'close', { reason: 'quimby moved', note: 'quimby said bye' })
  // Coming back is an opening of theirs: their name is in the event, the episode and the conversation.
  await desk.guest('quimby-1', 'quimby is back')
  const until = new Date(house.clock.now().getTime() + 3_600_000).toISOString()
  await desk.deed(talk, 'snooze', { until })
  await house.sql(`update review set text = 'quimby rated', mark = 5 where contact_id = $1`, [
    desk.uuid(talk.contactId),
  ])
  return {
    ...talk,
    needles: ['quimby', 'xylophone', phone, provider.url],
    conversations: [talk.conversationId, other.body.id],
  }
}

const digestOf = async (url: string) =>
  createHash('sha256')
    .update(Buffer.from(await (await fetch(url)).arrayBuffer()))
    .digest('hex')

/** What the server keeps of files, by name. */
async function storedNames(house: TestHouse): Promise<string[]> {
  const found = []
  for (const folder of ['files', 'variants']) {
    const entries = await readdir(join(house.dataDir, folder), {
      recursive: true,
      withFileTypes: true,
    }).catch(() => [])
    found.push(...entries.filter((entry) => entry.isFile()).map(({ name }) => name))
  }
  return found
}

/** As if all that is stored had been stored long ago. */
async function age(house: TestHouse): Promise<void> {
  const long = new Date(Date.now() - 3_600_000)
  const folder = join(house.dataDir, 'files')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries)
    if (entry.isFile()) await utimes(join(entry.parentPath, entry.name), long, long)
}

describe('DELETE /contacts/:id', () => {
  test('nothing of the contact is left, anywhere', async () => {
    await using house = await open()
    const desk = nativeDesk(house)
    const bystander = await desk.guest('bystander', 'I stay')
    const { contactId, conversations, needles } = await livedIn(house, desk)
    const digest = await digestOf(provider.url)
    const [picture] = await house.sql<{ path: string }>(
      `select path from attachment where digest = $1 and message_id is not null`,
      [digest],
    )
    const small = await house.request({ method: 'GET', url: `/120x120${picture!.path}` })
    expect(small.status).toBe(200)
    expect((await storedNames(house)).filter((name) => name.startsWith(digest)).length).toBeGreaterThan(1)
    const before = await hasNothingOf(house, needles)
    for (const table of [
      'contact',
      'contact_identity',
      'conversation',
      'message',
      'event',
      'episode',
      'review',
      'conversation_tag',
    ])
      expect(before, table).toContain(table)
    await age(house)

    const gone = await house.native.delete(`/contacts/${contactId}`)
    expect({ status: gone.status, text: gone.text }).toEqual({ status: 204, text: '' })
    expect(await hasNothingOf(house, needles)).toEqual([])
    expect(await house.sql(`select 1 from kept_answer where status is not null`)).toEqual([])
    await expectCountersRight(house)

    // What was to be sent at once finds nothing to send.
    await house.settle()
    // The ids are in the two logs that say that they are gone, and nowhere else.
    const ids = [contactId, ...conversations].map(desk.uuid)
    expect(await hasNothingOf(house, ids)).toEqual(['audit_entry', 'event'])
    expect((await storedNames(house)).filter((name) => name.startsWith(digest))).toEqual([])
    expect((await house.request({ method: 'GET', url: picture!.path })).status).toBe(404)
    expect(await hasNothingOf(house, [...needles, digest])).toEqual([])

    const told = await house.sql<{ data: object }>(`select data from event where type = 'contact.deleted'`)
    expect(told.map(({ data }) => data)).toEqual([
      { contactId: ids[0], conversationIds: expect.arrayContaining(ids.slice(1)) },
    ])
    const kept = await house.sql(`select action, target_id from audit_entry where action = 'contact.deleted'`)
    expect(kept).toEqual([{ action: 'contact.deleted', target_id: ids[0] }])
    for (const search of ['xylophone', 'quimby'])
      expect((await house.native.get('/conversations', { search })).body.items).toEqual([])
    expect((await house.native.get('/contacts', { search: 'quimby' })).body.items).toEqual([])
    expect((await house.native.get('/tags', { prefix: 'quimby' })).body.items).toEqual([])
    for (const id of conversations)
      expectProblem(await house.native.get(`/conversations/${id}`), 404, 'not_found')
    const unknown = await house.native.delete('/contacts/0198c0de-0000-7000-8000-00000000dead')
    const again = await house.native.delete(`/contacts/${contactId}`)
    expect({ status: again.status, text: again.text }).toEqual({ status: 404, text: unknown.text })
    expect((await house.native.get(`/conversations/${bystander.conversationId}`)).body.messageCount).toBe(1)
  })

  test('a reader of events goes on from where it stood, and is told what goes', async () => {
    await using house = await open()
    const desk = nativeDesk(house)
    const { body: start } = await house.native.get('/events', { after: 'latest' })
    const talk = await desk.guest('follow')
    const { body: midst } = await house.native.get('/events', { after: start.cursor, wait: 20 })
    expect(midst.events.length).toBeGreaterThan(0)
    await house.native.delete(`/contacts/${talk.contactId}`)
    const next = await house.native.get('/events', { after: midst.cursor, wait: 20 })
    expect(next.status, next.text).toBe(200)
    expect(next.body.events).toMatchObject([
      {
        type: 'contact.deleted',
        data: { contactId: talk.contactId, conversationIds: [talk.conversationId] },
      },
    ])
    const whole = await house.native.get('/events', { after: start.cursor })
    expect(whole.body.events).toEqual(next.body.events)
  })

  test('bytes that somebody else has too stay, for whichever account', async () => {
    await using house = await open()
    const desk = nativeDesk(house)
    const digest = await digestOf(provider.url)
    const goes = await desk.guest('goes')
    await house.native.post(`/conversations/${goes.conversationId}/messages`, { file: { url: provider.url } })
    const theirs = house.other.account.conversations[0]!.id
    const stays = await house.other.native.post(`/conversations/${theirs}/messages`, {
      file: { url: provider.url },
    })
    expect(stays.status, stays.text).toBe(201)
    await age(house)
    await house.native.delete(`/contacts/${goes.contactId}`)
    await house.settle()
    expect(await storedNames(house)).toContain(digest)
    const { pathname } = new URL(stays.body.file.url)
    expect((await house.request({ method: 'GET', url: pathname })).status).toBe(200)
  })

  test('bytes stored a moment ago stay until whoever stored them has had time to name them', async () => {
    await using house = await open()
    const desk = nativeDesk(house)
    const digest = await digestOf(provider.url)
    const goes = await desk.guest('goes')
    await house.native.post(`/conversations/${goes.conversationId}/messages`, { file: { url: provider.url } })
    await house.native.delete(`/contacts/${goes.contactId}`)
    await house.settle()
    expect(await storedNames(house)).toContain(digest)
    await age(house)
    await house.hurry()
    await house.settle()
    expect(await storedNames(house)).not.toContain(digest)
  })

  test('whoever writes at the same moment is deleted too, or somebody new', async () => {
    await using house = await open()
    const desk = nativeDesk(house)
    for (let round = 0; round < 8; round += 1) {
      const from = `racer-${round}`
      const { contactId, conversationId } = await desk.guest(from)
      const say = (text: string) =>
        house.native.post('/sandbox/messages', {
          channelId: desk.channel('telegram'),
          from,
          name: `Guest ${text}`,
          text,
        })
      const answer = (text: string) =>
        house.native.post(`/conversations/${conversationId}/messages`, { text })
      const replies = await Promise.all([
        say('a'),
        answer('b'),
        house.native.delete(`/contacts/${contactId}`),
        say('c'),
        answer('d'),
        house.native.patch(`/contacts/${contactId}`, { name: 'Renamed' }),
        desk.deed({ conversationId }, 'close'),
        house.settle().then(() => ({ status: 200, text: '' })),
        say('e'),
      ])
      for (const { status, text } of replies) expect([200, 201, 204, 404, 409], text).toContain(status)
      expect(replies[2].status).toBe(204)
      for (const told of [0, 3, 8]) expect(replies[told]!.status).toBeLessThan(300)
      await house.settle()
      expect(await hasNothingOf(house, [desk.uuid(conversationId)])).toEqual(['audit_entry', 'event'])
      const left = await house.sql(
        `select type from event where (data ->> 'contactId' = $1 or conversation_id = $2) and type <> 'contact.deleted'`,
        [desk.uuid(contactId), desk.uuid(conversationId)],
      )
      expect(left).toEqual([])
    }
    await house.settle()
    await expectCountersRight(house)
    const orphans = await house.sql(
      `select 1 from outbox o where not exists (select from message m where m.account_id = o.account_id and m.id = o.message_id)`,
    )
    expect(orphans).toEqual([])
  })

  test('a message that is out when its contact goes is let go of', async () => {
    await using house = await open()
    const desk = nativeDesk(house)
    const talk = await desk.guest('out')
    const sent = await house.native.post(`/conversations/${talk.conversationId}/messages`, {
      text: 'on its way',
    })
    const turn = { accountId: house.fixture.id, conversationId: desk.uuid(talk.conversationId) }
    await house.sql(
      `update outbox set holder = 'somebody', leased_until = now() + interval '1 minute' where conversation_id = $1`,
      [turn.conversationId],
    )
    expect((await house.native.delete(`/contacts/${talk.contactId}`)).status).toBe(204)
    await house.settle()
    expect(await house.sql(`select 1 from outbox where conversation_id = $1`, [turn.conversationId])).toEqual(
      [],
    )
    expect(sent.status).toBe(201)
  })

  test('is for those who may, and see all', async () => {
    await using house = await open()
    const desk = nativeDesk(house)
    const [owner] = house.fixture.operators
    const held = await desk.guest('held')
    const hidden = await desk.guest('hidden')
    await desk.deed(held, 'assign', { assigneeId: owner!.id })
    const tries = async ({ contactId }: Guest) => [
      await house.native.delete(`/contacts/${contactId}`),
      await house.native.get(`/contacts/${contactId}/export`),
    ]
    await limitReach(house, owner!.id, 'own')
    for (const reply of await tries(hidden)) expectProblem(reply, 404, 'not_found')
    for (const reply of await tries(held)) expectProblem(reply, 403, 'forbidden')
    await limitReach(house, owner!.id, null)
    await house.sql(
      `update token set permissions = array_remove(array_remove(permissions, 'contact.delete'), 'contact.export')`,
    )
    for (const reply of [...(await tries(held)), ...(await tries(hidden))])
      expectProblem(reply, 403, 'forbidden')
    await house.sql(`update token set permissions = permissions || array['contact.delete', 'contact.export']`)
    const foreign = house.other.account.contacts[0]!.id
    expectProblem(await house.native.delete(`/contacts/${foreign}`), 404, 'not_found')
    expect(await house.sql(`select 1 from contact where id = $1`, [foreign])).toHaveLength(1)
    expectProblem(await house.native.delete(`/contacts/${held.contactId}`, { why: 1 }), 400, 'invalid')
  })
})

describe('GET /contacts/:id/export', () => {
  test('tells everything, in one document', async () => {
    await using house = await open()
    const desk = nativeDesk(house)
    const { contactId, conversations, needles } = await livedIn(house, desk)
    const reply = await house.native.get(`/contacts/${contactId}/export`)
    expect(reply.status).toBe(200)
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(reply.headers['content-disposition']).toBe(`attachment; filename="contact-${contactId}.json"`)
    const { body } = reply
    expect(Object.keys(body)).toEqual(['exportedAt', 'contact', 'conversations', 'events'])
    expect(body.contact).toMatchObject({ id: contactId, customName: 'Quimby Custom', phone: '4790055501' })
    expect(body.contact.identities).toHaveLength(2)
    expect(body.conversations.map((one: { conversation: { id: string } }) => one.conversation.id)).toEqual(
      conversations,
    )
    const [talk] = body.conversations
    const texts = talk.messages.map(({ text }: { text: string }) => text)
    expect(texts).toEqual([
      'The xylophone is broken',
      'quimby is impatient',
      'How did we do? Rate our help from 1 to 5.',
      'a picture for quimby',
      '',
      'this one waits for quimby',
      'quimby said bye',
      'quimby is back',
    ])
    expect(talk.reviews).toMatchObject([{ mark: 5, text: 'quimby rated' }])
    expect(talk.episodes.length).toBeGreaterThan(1)
    expect(talk.files).toHaveLength(2)
    for (const { url } of talk.files)
      expect((await house.request({ method: 'GET', url: new URL(url).pathname })).status).toBe(200)
    for (const needle of needles.slice(0, 3)) expect(reply.text.toLowerCase()).toContain(needle)
    const events = await house.sql<{ id: string; type: string }>(
      `select id, type from event where conversation_id = any($1::uuid[]) order by id`,
      [[desk.uuid(conversations[0]!)]],
    )
    expect(talk.events.map(({ id, type }: { id: string; type: string }) => ({ id, type }))).toEqual(
      events.map(({ id, type }) => ({ id: `evt_${id}`, type })),
    )
    expect(body.events.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(['contact.created', 'contact.updated']),
    )
    const kept = await house.sql(
      `select actor_kind, target_id, facts from audit_entry where action = 'contact.exported'`,
    )
    expect(kept).toEqual([{ actor_kind: 'token', target_id: desk.uuid(contactId), facts: {} }])
  })

  test('a contact of whom there is little, and one of whom there is much', async () => {
    await using house = await open()
    const desk = nativeDesk(house)
    const made = await house.native.post('/contacts', { name: 'Alone' })
    const little = await house.native.get(`/contacts/${made.body.id}/export`)
    expect(little.body).toMatchObject({ conversations: [], events: [{ type: 'contact.created' }] })
    const talk = await desk.guest('talker')
    // More than two pieces, and exactly two.
    await house.sql(
      `insert into message (account_id, id, conversation_id, channel_id, seq, kind, direction, author_kind, text, status, is_echo,
         is_echo_outgoing, is_history, send_to_crm, metadata, micros, occurred_at, created_at, updated_at)
       select account_id, gen_random_uuid(), conversation_id, channel_id, n, kind, direction, author_kind, 'n' || n, status, is_echo,
         is_echo_outgoing, is_history, send_to_crm, metadata, micros + n, occurred_at, created_at, updated_at
         from message, generate_series(2, 1000) n where id = $1`,
      [desk.uuid(talk.messageId)],
    )
    const much = await house.native.get(`/contacts/${talk.contactId}/export`)
    const seqs = much.body.conversations[0].messages.map(({ seq }: { seq: number }) => seq)
    expect(seqs).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1))
    for (const id of ['x', 'contact_1', house.other.account.contacts[0]!.id])
      expectProblem(await house.native.get(`/contacts/${id}/export`), 404, 'not_found')
  })
})
