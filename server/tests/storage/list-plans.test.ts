import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  ContactListing,
  ConversationListing,
  ConversationSearch,
  QueueQuery,
} from '../../src/application/ports/reader.ts'
import { EVERYWHERE, type Reach } from '../../src/domain/permissions.ts'
import { createAttachments } from '../../src/storage/attachments.ts'
import { createContactReader } from '../../src/storage/contacts.ts'
import { eventsAbout } from '../../src/storage/event-erasure.ts'
import { createChannelReader } from '../../src/storage/channels.ts'
import { createConversationReader } from '../../src/storage/conversations.ts'
import { PLANNED_ANEW } from '../../src/storage/database.ts'
import { createGroups } from '../../src/storage/groups.ts'
import { createKnown } from '../../src/storage/known.ts'
import { createMessageReader } from '../../src/storage/messages.ts'
import { createOperatorReader } from '../../src/storage/operators.ts'
import { BEGINNING } from '../compose.ts'
import type { TestHouse } from '../house.ts'
import { openLargeHouse } from '../large-account.ts'
import { watchDatabase, type Asked, type Step, type WatchedDatabase } from '../watched-database.ts'

/** These are never read from end to end, whoever asks for what. */
const LARGE = [
  ...['conversation', 'message', 'contact', 'contact_identity', 'event', 'episode'],
  'conversation_tag',
]

let house: TestHouse
let database: WatchedDatabase
beforeAll(async () => {
  house = await openLargeHouse()
  // Two of three have one tag, and every thousandth another.
  await house.sql(
    `insert into conversation_tag select account_id, 'frequent', id from conversation where number % 3 > 0`,
  )
  await house.sql(
    `insert into conversation_tag select account_id, 'rare', id from conversation where number % 1000 = 0`,
  )
  await house.sql(`vacuum (analyze) conversation_tag`)
  database = watchDatabase(house.databaseUrl)
}, 120_000)
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await house[Symbol.asyncDispose]()
})

const conversations = () => createConversationReader(database.db, house.fixture.id, EVERYWHERE)
const messages = () => createMessageReader(database.db, house.fixture.id)
const channels = () => createChannelReader(database.db, house.fixture.id, createKnown(null))

const PLACE = { updatedAt: new Date(BEGINNING - 86_400_000), id: '0198c0de-0000-7000-8000-000000000001' }
const inbox = (more: Partial<ConversationListing> = {}, reach: Reach = EVERYWHERE) =>
  createConversationReader(database.db, house.fixture.id, reach).list({ after: null, limit: 26, ...more })
const people = (more: Partial<ContactListing> = {}, reach: Reach = EVERYWHERE) =>
  createContactReader(database.db, { accountId: house.fixture.id, reach }).list({
    ...{ after: null, limit: 26, ...more },
  })
const ofOwn = (): Reach => ({ kind: 'own', operatorId: operator().id })
const ofGroups = (): Reach => ({
  ...{ kind: 'groups', operatorId: operator().id, groupIds: [group().id], isDefaultIncluded: false },
})

const search = (more: Partial<ConversationSearch> = {}) =>
  conversations().search({ sort: 'updatedAt', order: 'desc', limit: 20, offset: 0, ...more })
const queue = (name: QueueQuery['queue'], more: Partial<QueueQuery> = {}) =>
  conversations().queue({ queue: name, operator: null, group: null, limit: 1000, ...more })

async function someConversation(): Promise<{ id: string; contactId: string; number: number }> {
  const [row] = await house.sql<{ id: string; contact_id: string; number: string }>(
    `select id, contact_id, number from conversation where account_id = $1 and message_count = 9 order by number limit 1`,
    [house.fixture.id],
  )
  return { id: row!.id, contactId: row!.contact_id, number: Number(row!.number) }
}

const operator = () => house.fixture.operators[1]!
const group = () => house.fixture.groups[0]!
const channel = () => house.fixture.channels[2]!
const DAY_MS = 86_400_000
const filters: Record<string, () => Promise<Partial<ConversationSearch>>> = {
  'a channel': async () => ({ channelId: channel().id }),
  'a channel type': async () => ({ channelKinds: ['telegram', 'telegram_personal'] }),
  'a channel and a status': async () => ({ channelId: channel().id, status: 'snoozed' }),
  'who has it': async () => ({ assignee: { kind: 'operator', id: operator().id } }),
  'which bot has it': async () => ({ assignee: { kind: 'bot', id: house.fixture.bots[0]!.id } }),
  'its bot': async () => ({ botId: house.fixture.bots[0]!.id }),
  'its contact': async () => ({ contactId: (await someConversation()).contactId }),
  'its birth': async () => ({
    createdFrom: new Date(BEGINNING - 9 * DAY_MS),
    createdBefore: new Date(BEGINNING - 8 * DAY_MS),
  }),
  'who has it, a channel and a status': async () => ({
    assignee: { kind: 'operator', id: operator().id },
    channelId: channel().id,
    status: 'open',
  }),
}

/** Every list that a door has, and what it asks for. */
const LISTS: Record<string, () => Promise<unknown>> = {
  'Blinger: unassigned': () => queue('unassigned'),
  'Blinger: unassigned of a group': () => queue('unassigned', { group: { number: group().number } }),
  'Blinger: unread': () => queue('unread'),
  'Blinger: unread of an operator': () => queue('unread', { operator: { number: operator().number } }),
  'Blinger: not answered': () => queue('unanswered'),
  'Blinger: not answered of an operator and a group': () =>
    queue('unanswered', { operator: { number: operator().number }, group: { number: group().number } }),
  'Blinger: get': async () => {
    const { id, number } = await someConversation()
    await conversations().view({ number })
    return messages().list({ conversationId: id, order: 'desc', limit: null })
  },
  'Pact: conversations': () => conversations().page({ after: null, order: 'asc', limit: 51 }),
  'Pact: conversations, next page': () => conversations().page({ after: 15_000, order: 'asc', limit: 51 }),
  'Pact: messages, next page': async () =>
    messages().list({
      ...{ conversationId: (await someConversation()).id, order: 'asc', limit: 51, afterSeq: 4 },
      isAcceptedOnly: true,
    }),
  'Pact: channels': () => channels().page({ after: null, order: 'asc', limit: 51 }),
  'Linktor: conversations': () => search(),
  'Linktor: conversations, a page far back': () => search({ offset: 15_000 }),
  'Linktor: conversations of a status': () => search({ status: 'open' }),
  ...Object.fromEntries(
    (['createdAt', 'lastMessageAt', 'status', 'priority', 'unreadCount'] as const).flatMap((sort) => [
      [`Linktor: conversations by ${sort}`, () => search({ sort })],
      [`Linktor: conversations of a status by ${sort}`, () => search({ sort, status: 'pending' })],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(filters).flatMap(([name, filter]) => [
      [`Linktor: conversations by ${name}`, async () => search(await filter())],
      [
        `Linktor: conversations by ${name}, first born first`,
        async () => search({ ...(await filter()), sort: 'createdAt', order: 'asc' }),
      ],
    ]),
  ),
  'Linktor: search': () => search({ text: 'delivery address' }),
  'Linktor: search for two letters': () => search({ text: 'no' }),
  'Linktor: search in a status': () => search({ text: 'the', status: 'closed' }),
  'Linktor: search among few': async () =>
    search({ text: 'the', contactId: (await someConversation()).contactId }),
  'Linktor: messages, next page': async () =>
    messages().list({
      conversationId: (await someConversation()).id,
      order: 'desc',
      limit: 51,
      beforeSeq: 7,
    }),
  'Linktor: channels': async () => {
    const { channels: listed } = await channels().list({ limit: 20, offset: 0 })
    return channels().traffic(
      listed.map(({ id }) => id),
      new Date(BEGINNING - DAY_MS),
    )
  },
  'Linktor: participants': async () => conversations().participants((await someConversation()).id),
  'Native: conversations': () => inbox(),
  'Native: conversations, next page': () => inbox({ after: PLACE }),
  'Native: conversations of a status': () => inbox({ status: 'open', after: PLACE }),
  'Native: conversations of a channel and a group': () =>
    inbox({ channelId: channel().id, groupId: group().id, after: PLACE }),
  'Native: conversations of an operator': () =>
    inbox({ assignee: { kind: 'operator', id: operator().id }, after: PLACE }),
  'Native: conversations of a bot': () =>
    inbox({ assignee: { kind: 'bot', id: house.fixture.bots[0]!.id }, after: PLACE }),
  'Native: conversations of nobody': () => inbox({ assignee: 'none', after: PLACE }),
  'Native: conversations of a contact': async () =>
    inbox({ contactId: (await someConversation()).contactId }),
  'Native: conversations that are unassigned, of a group': () =>
    inbox({ queue: 'unassigned', groupId: group().id, after: PLACE }),
  'Native: conversations that are unread, of an operator': () =>
    inbox({ queue: 'unread', assignee: { kind: 'operator', id: operator().id } }),
  'Native: conversations with a rare tag': () => inbox({ tag: 'rare', after: PLACE }),
  'Native: conversations with a frequent tag': () => inbox({ tag: 'frequent', status: 'open', after: PLACE }),
  'Native: conversations before an operator of groups': () => inbox({ after: PLACE }, ofGroups()),
  'Native: conversations before an operator of its own': () => inbox({ after: PLACE }, ofOwn()),
  'Native: tags': () => conversations().tags({ prefix: '', after: null, limit: 26 }),
  'Native: tags, next page': () => conversations().tags({ prefix: 'f', after: 'fa', limit: 26 }),
  'Native: conversations of one contact': async () =>
    conversations().ofContact((await someConversation()).contactId),
  'Native: contacts': () => people(),
  'Native: contacts, next page': () => people({ after: 9000 }),
  'Native: contacts by name': () => people({ name: 'anna' }),
  'Native: contacts by two letters': () => people({ name: 'an' }),
  'Native: contacts by phone': () => people({ phone: '4790000101' }),
  'Native: contacts by e-mail': () => people({ email: 'maja@example.com' }),
  'Native: contacts before an operator of groups': () => people({}, ofGroups()),
  'Native: contacts before an operator of its own': () => people({}, ofOwn()),
  'Native: events about a conversation': async () => {
    const { id: conversationId } = await someConversation()
    return eventsAbout(database.db, house.fixture.id, { about: { conversationId }, after: 0, limit: 500 })
  },
  'Native: events about a contact': async () => {
    const { contactId } = await someConversation()
    return eventsAbout(database.db, house.fixture.id, { about: { contactId }, after: 0, limit: 500 })
  },
  'Native: files of a conversation': async () =>
    createAttachments(database.db, house.fixture.id).ofConversation((await someConversation()).id, 0, 500),
  operators: () => createOperatorReader(database.db, house.fixture.id, createKnown(null)).list(),
  groups: () => createGroups(database.db, house.fixture.id).list(),
}

async function statementsOf(list: () => Promise<unknown>): Promise<Asked[]> {
  database.take()
  await list()
  return database.take()
}

/** One line a step that reads a table; how a small one is read is left to the planner. */
function described(steps: Step[]): string[] {
  const tables = new Map(steps.flatMap(({ table, index }) => (table && index ? [[index, table]] : [])))
  const lines = steps.flatMap(({ node, table, index }) => {
    if (!table && !index) return node === 'Sort' || node === 'Incremental Sort' ? [node] : []
    const read = table ?? tables.get(index ?? '') ?? null
    if (read !== null && !LARGE.includes(read)) return []
    return [`${node}${index ? ` using ${index}` : ''}${table ? ` on ${table}` : ''}`]
  })
  return [...new Set(lines)]
}

const indented = (text: string) => text.trim().replace(/\s*\n\s*/g, '\n  ')

describe('every list', () => {
  test('asks what it asked before, and reads by the same indexes', async () => {
    const known = new Map<string, string>()
    const lines: string[] = []
    for (const [name, list] of Object.entries(LISTS)) {
      lines.push(`\n-- ${name}`)
      for (const asked of await statementsOf(list)) {
        const steps = described(await database.planOf(asked)).map((line) => `  -> ${line}`)
        const statement = [indented(asked.text), ...steps].join('\n')
        const before = known.get(statement)
        known.set(statement, before ?? name)
        lines.push(
          before === undefined
            ? statement
            : `  (as in ${before}: ${asked.text.trim().slice(0, 60).replace(/\s+/g, ' ')} …)`,
        )
      }
    }
    await expect(`${lines.join('\n').trim()}\n`).toMatchFileSnapshot('./list-plans.sql')
  })

  test.each(Object.keys(LISTS))('%s: no large table is read from end to end', async (name) => {
    for (const asked of await statementsOf(LISTS[name]!)) {
      const isAnew = asked.text.startsWith(PLANNED_ANEW) || asked.values.length === 0
      const plans = [await database.planOf(asked), ...(isAnew ? [] : [await database.planOf(asked, true)])]
      for (const plan of plans) {
        const whole = plan.filter(
          ({ node, table }) => node.endsWith('Seq Scan') && LARGE.includes(table ?? ''),
        )
        expect(whole, asked.text).toEqual([])
      }
    }
  })
})

describe('no query per item', () => {
  const counted = async (list: () => Promise<unknown>) => (await statementsOf(list)).length

  const held = () => ({ assignee: { kind: 'operator' as const, id: operator().id } })
  const PAGES: Record<string, (limit: number, offset: number) => Promise<unknown>> = {
    'Linktor: conversations': (limit, offset) => search({ ...held(), limit, offset }),
    'Linktor: search': (limit, offset) => search({ ...held(), text: 'the', limit, offset }),
    'Blinger: unread': (limit) => queue('unread', { limit }),
    'Blinger: unassigned': (limit) => queue('unassigned', { limit }),
    'Pact: conversations': (limit, offset) =>
      conversations().page({ after: 100 + offset, order: 'asc', limit }),
    'Linktor: messages': async (limit, offset) =>
      messages().list({
        conversationId: (await someConversation()).id,
        order: 'asc',
        limit,
        afterSeq: offset % 9,
      }),
    'Linktor: channels': async (limit, offset) => {
      const { channels: listed } = await channels().list({ limit, offset: offset % 5 })
      return channels().traffic(
        listed.map(({ id }) => id),
        new Date(BEGINNING - DAY_MS),
      )
    },
  }

  test.each(Object.keys(PAGES))('%s: fifty ask as often as one', async (name) => {
    const page = PAGES[name]!
    const many = await counted(() => page(50, 0))
    const ones = []
    for (let offset = 0; offset < 50; offset += 1) ones.push(await counted(() => page(1, offset)))
    expect(many).toBe(Math.max(...ones))
  })
})
