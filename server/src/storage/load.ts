import { sql } from 'kysely'
import type { Account } from '../domain/account.ts'
import type { Attachment } from '../domain/attachment.ts'
import type { Channel } from '../domain/channel.ts'
import type { Contact, ContactIdentity } from '../domain/contact.ts'
import type { Conversation } from '../domain/conversation.ts'
import type { Message } from '../domain/message.ts'
import type { Operator } from '../domain/operator.ts'
import type { ConversationView } from '../domain/view.ts'
import { withDefaults } from '../domain/widget.ts'
import { PLANNED_ANEW, type Queries } from './database.ts'
import type { ChannelRow, ContactRow, MessageRow, OperatorRow } from './tables.ts'

/** Ids in one statement from which on planning it for them is cheaper than planning wrong. */
const MANY = 100

type Id = string | null | undefined
/** Rows by id, of one account or of several: ids are UUIDs, unique across accounts for all that matters here. */
type ById<Row> = Map<string, Row>

const distinct = (ids: Id[]): string[] => [
  ...new Set(ids.filter((id): id is string => id !== null && id !== undefined)),
]
const byId = <Row extends { id: string }>(rows: Row[]): ById<Row> => new Map(rows.map((row) => [row.id, row]))

/** Loads what a list of rows refers to in one statement each, whatever the list's length. */
export interface Loader {
  accounts(): Promise<ById<Account>>
  attachments(ids: Id[]): Promise<ById<Attachment>>
  channels(ids: Id[]): Promise<ById<Channel>>
  contacts(ids: Id[]): Promise<ById<Contact>>
  identities(ids: Id[]): Promise<ById<ContactIdentity>>
  operators(ids: Id[]): Promise<ById<Operator>>
  messages(ids: Id[]): Promise<ById<Message>>
  views(conversations: Conversation[]): Promise<ConversationView[]>
}

export function createLoader(db: Queries, accountIds: string[]): Loader {
  /** Rows of one table by id; nothing is asked when nothing is wanted. */
  async function rowsOf<Row extends { id: string }>(table: string, ids: Id[]): Promise<Row[]> {
    const wanted = distinct(ids)
    if (wanted.length === 0) return []
    // A plan made when the table was small, and kept, would read all of it.
    const planned = sql.raw(wanted.length > MANY ? PLANNED_ANEW : '')
    const { rows } = await sql<Row>`${planned}
      select * from ${sql.table(table)} where account_id = any(${accountIds}::uuid[]) and id = any(${wanted}::uuid[])
    `.execute(db)
    return rows
  }

  const loader: Loader = {
    accounts: async () => byId(await accountRows(db, accountIds)),
    attachments: async (ids) => byId(await rowsOf<Attachment>('attachment', ids)),
    channels: async (ids) => byId(await toChannels(db, await rowsOf<ChannelRow>('channel', ids))),
    contacts: async (ids) => byId(await toContacts(loader, await rowsOf<ContactRow>('contact', ids))),
    identities: async (ids) => byId(await rowsOf<ContactIdentity>('contact_identity', ids)),
    operators: async (ids) => byId(await toOperators(loader, await rowsOf<OperatorRow>('operator', ids))),
    messages: async (ids) => byId(await toMessages(loader, await rowsOf<MessageRow>('message', ids))),
    views: async (conversations) => {
      if (conversations.length === 0) return []
      const accounts = await loader.accounts()
      const channels = await loader.channels(conversations.map((row) => row.channelId))
      const contacts = await loader.contacts(conversations.map((row) => row.contactId))
      const identities = await loader.identities(conversations.map((row) => row.identityId))
      const operators = await loader.operators(conversations.map((row) => row.assigneeId))
      const bots = byId(
        await rowsOf<NonNullable<ConversationView['bot']>>(
          'bot',
          conversations.flatMap((row) => [row.botId, row.assigneeBotId]),
        ),
      )
      const groups = byId(
        await rowsOf<NonNullable<ConversationView['group']>>(
          'operator_group',
          conversations.map((row) => row.groupId),
        ),
      )
      const messages = await loader.messages(conversations.map((row) => row.lastMessageId))
      return conversations.map((conversation) => ({
        conversation,
        account: must(accounts, conversation.accountId),
        channel: must(channels, conversation.channelId),
        contact: must(contacts, conversation.contactId),
        identity: must(identities, conversation.identityId),
        assignee: operators.get(conversation.assigneeId ?? '') ?? null,
        bot: bots.get(conversation.assigneeBotId ?? conversation.botId ?? '') ?? null,
        group: groups.get(conversation.groupId ?? '') ?? null,
        lastMessage: messages.get(conversation.lastMessageId ?? '') ?? null,
      }))
    },
  }
  return loader
}

/** Accounts with their owner's integer name. */
export async function accountRows(db: Queries, accountIds: string[]): Promise<Account[]> {
  const { rows } = await sql<Account>`
    select a.id, a.number, a.name, a.phone, a.description, a.owner_id, a.created_at, a.updated_at,
           coalesce(o.number, 0) as owner_number from account a
      left join operator o on o.account_id = a.id and o.id = a.owner_id
     where a.id = any(${accountIds}::uuid[])
  `.execute(db)
  return rows
}

function must<Row>(rows: ById<Row>, id: string): Row {
  const row = rows.get(id)
  if (!row) throw new Error(`A row that a foreign key promises is missing: ${id}`)
  return row
}

export async function toChannels(db: Queries, rows: ChannelRow[]): Promise<Channel[]> {
  const groupIds = distinct(rows.map((row) => row.groupId))
  const groups =
    groupIds.length === 0
      ? []
      : await db
          .selectFrom('operatorGroup')
          .select(['id', 'number'])
          .where('accountId', 'in', distinct(rows.map((row) => row.accountId)))
          .where('id', 'in', groupIds)
          .execute()
  const numbers = new Map(groups.map((group) => [group.id, group.number]))
  return rows.map(({ sealedToken: _sealed, removedAt: _removed, ...row }) => ({
    ...row,
    widget: row.widget && withDefaults(row.widget),
    groupNumber: row.groupId ? (numbers.get(row.groupId) ?? null) : null,
  }))
}

export async function toContacts(loader: Loader, rows: ContactRow[]): Promise<Contact[]> {
  const avatars = await loader.attachments(rows.map((row) => row.avatarId))
  return rows.map(({ avatarId, ...row }) => ({ ...row, avatar: avatars.get(avatarId ?? '') ?? null }))
}

export async function toOperators(loader: Loader, rows: OperatorRow[]): Promise<Operator[]> {
  const avatars = await loader.attachments(rows.map((row) => row.avatarId))
  return rows.map(({ avatarId, personId: _person, removedAt: _removed, ...row }) => ({
    ...row,
    avatar: avatars.get(avatarId ?? '') ?? null,
  }))
}

export async function toMessages(loader: Loader, rows: MessageRow[]): Promise<Message[]> {
  const attachments = await loader.attachments(rows.map((row) => row.attachmentId))
  const authors = await loader.operators(
    rows.map((row) => (row.authorKind === 'operator' ? row.authorId : null)),
  )
  return rows.map((row) => {
    const { authorKind, authorId, attachmentId, sourceUrl: _s, ...kept } = row
    return {
      ...kept,
      author: { kind: authorKind, id: authorId },
      authorNumber: authors.get(authorId ?? '')?.number ?? null,
      attachment: attachments.get(attachmentId ?? '') ?? null,
    }
  })
}
