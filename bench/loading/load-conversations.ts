import type { Client } from 'pg'
import { copyRows, type Value } from './copy-rows.ts'
import { correspond, type Correspondence, type Furniture, type LoadedState } from './correspondence.ts'
import { chance, hash, uuidAt } from './seeded.ts'
import { nameOf, textOf } from './words.ts'

/** The tables whose search and list indexes are made after their rows. */
const TABLES = ['contact', 'conversation', 'message']

export interface Loading {
  accountId: string
  conversations: number
  /** The moment the year of correspondence ends. */
  now: Date
}

/** Fills an account with conversations, on average five messages each, by COPY. The same settings give the same rows. */
export async function loadConversations(client: Client, loading: Loading): Promise<void> {
  const furniture = await readFurniture(client, loading.accountId)
  const said = correspond(loading.conversations, furniture, loading.now)
  const numbers = await reserveNumbers(client, loading.conversations)
  const indexes = await dropIndexes(client)
  const load = { ...loading, furniture, said, numbers }
  await copyRows(client, { table: 'contact', columns: CONTACT }, contactRows(load))
  await copyRows(client, { table: 'contact_identity', columns: IDENTITY }, identityRows(load))
  await copyRows(client, { table: 'conversation', columns: CONVERSATION }, conversationRows(load))
  await copyRows(client, { table: 'message', columns: MESSAGE }, messageRows(load))
  await client.query(`set maintenance_work_mem = '512MB'`)
  for (const index of indexes) await client.query(index)
  await client.query('vacuum (analyze)')
}

interface Load extends Loading {
  furniture: Furniture
  said: Correspondence
  /** The integer name before the first contact's. */
  numbers: number
}

async function readFurniture(client: Client, accountId: string): Promise<Furniture> {
  const idsOf = async (table: string) => {
    const found = await client.query<{ id: string }>(
      `select id from ${table} where account_id = $1 order by number`,
      [accountId],
    )
    return found.rows.map(({ id }) => id)
  }
  return {
    channelIds: await idsOf('channel'),
    groupIds: await idsOf('operator_group'),
    operatorIds: await idsOf('operator'),
  }
}

async function reserveNumbers(client: Client, count: number): Promise<number> {
  const { rows } = await client.query<{ before: string }>(
    `select before, setval('party_number', before + $1) from (select nextval('party_number') as before) as now`,
    [count],
  )
  return Number(rows[0]?.before)
}

/** Building an index once is several times faster than growing it; answers the statements that make them again. */
async function dropIndexes(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select i.indexname as name, i.indexdef as definition from pg_indexes i
      where i.schemaname = 'public' and i.tablename = any($1) and i.indexdef not like 'CREATE UNIQUE%'`,
    [TABLES],
  )
  for (const { name } of rows) await client.query(`drop index ${name}`)
  return rows.map(({ definition }) => definition)
}

const idOf = {
  contact: ({ said }: Load, position: number) => uuidAt(said.createdAt(position), position, 100),
  identity: ({ said }: Load, position: number) => uuidAt(said.createdAt(position), position, 101),
  conversation: ({ said }: Load, position: number) => uuidAt(said.createdAt(position), position, 102),
  message: (position: number, seq: number, at: number) => uuidAt(at, position, 200 + seq),
}

const phoneOf = (position: number) => `49${String(position).padStart(9, '0')}`
const secretOf = (position: number) => hash(position, 61).toString(16).padStart(32, '0')

const CONTACT = [
  'account_id',
  'id',
  'number',
  'name',
  'custom_name',
  'phone',
  'metadata',
  'created_at',
  'updated_at',
]

function* contactRows(load: Load): Iterable<Value[]> {
  for (let position = 0; position < load.conversations; position += 1) {
    const at = new Date(load.said.createdAt(position))
    const customName = chance(position, 62) < 0.05 ? `${nameOf(position + 1)} (regular)` : null
    yield [
      load.accountId,
      idOf.contact(load, position),
      load.numbers + 1 + position,
      nameOf(position),
      customName,
      phoneOf(position),
      '{}',
      at,
      at,
    ]
  }
}

const IDENTITY =
  'account_id id number contact_id channel_id external_id secret_key created_at updated_at'.split(' ')

function* identityRows(load: Load): Iterable<Value[]> {
  for (let position = 0; position < load.conversations; position += 1) {
    const at = new Date(load.said.createdAt(position))
    yield [
      load.accountId,
      idOf.identity(load, position),
      load.numbers + 1 + position,
      idOf.contact(load, position),
      load.furniture.channelIds[load.said.stateOf(position).channel] ?? null,
      phoneOf(position),
      secretOf(position),
      at,
      at,
    ]
  }
}

const CONVERSATION =
  `account_id id channel_id contact_id identity_id status assignee_id is_bot_active group_id priority tags
 metadata unread_count message_count last_seq last_micros last_message_id first_message_at last_message_at is_waiting is_new
 is_operator_last is_note_last is_outgoing is_locked unassigned_at snoozed_until flags token created_at updated_at`
    .split(/\s+/)
    .filter(Boolean)

function* conversationRows(load: Load): Iterable<Value[]> {
  for (let position = 0; position < load.conversations; position += 1)
    yield conversationRow(load, position, load.said.stateOf(position))
}

function conversationRow(load: Load, position: number, state: LoadedState): Value[] {
  const { furniture, said } = load
  const createdAt = new Date(said.createdAt(position))
  const { messageCount, lastMessageAt } = state
  return [
    load.accountId,
    idOf.conversation(load, position),
    furniture.channelIds[state.channel] ?? null,
    idOf.contact(load, position),
    idOf.identity(load, position),
    state.status,
    state.operator === null ? null : (furniture.operatorIds[state.operator] ?? null),
    false,
    furniture.groupIds[state.group] ?? null,
    state.priority,
    '{}',
    '{}',
    state.unreadCount,
    messageCount,
    messageCount,
    lastMessageAt * 1000,
    idOf.message(position, messageCount, lastMessageAt),
    createdAt,
    new Date(lastMessageAt),
    ...[state.isWaiting, state.operator === null, !state.isWaiting, false, false, false],
    state.operator === null ? createdAt : null,
    state.status === 'snoozed' ? new Date(load.now.getTime() + 86_400_000) : null,
    '{}',
    secretOf(position),
    createdAt,
    new Date(state.updatedAt),
  ]
}

const MESSAGE =
  `account_id id conversation_id channel_id seq kind direction author_kind author_id text status is_echo
 is_echo_outgoing is_history send_to_crm metadata micros occurred_at created_at updated_at sent_at delivered_at`
    .split(/\s+/)
    .filter(Boolean)

function* messageRows(load: Load): Iterable<Value[]> {
  const { furniture, said } = load
  for (const { conversation, seq, at, isInbound } of said.messages()) {
    const moment = new Date(at)
    const { channel, operator } = said.stateOf(conversation)
    yield [
      load.accountId,
      idOf.message(conversation, seq, at),
      idOf.conversation(load, conversation),
      furniture.channelIds[channel] ?? null,
      seq,
      'text',
      isInbound ? 'inbound' : 'outbound',
      isInbound ? 'contact' : 'operator',
      isInbound ? idOf.contact(load, conversation) : (furniture.operatorIds[operator ?? 0] ?? null),
      textOf(conversation, seq),
      'delivered',
      ...[false, false, false, true],
      '{}',
      at * 1000 + seq,
      ...[moment, moment, moment],
      isInbound ? null : moment,
      moment,
    ]
  }
}
