import type { Actor } from '../../domain/actor.ts'
import { mustBeActive, type Channel, type ChannelKind } from '../../domain/channel.ts'
import { normalizeEmail } from '../../domain/operator.ts'
import { phoneDigits } from '../../domain/contact.ts'
import type { Conversation } from '../../domain/conversation.ts'
import { assignToBot, assignToOperator, mergeMetadata, reopen } from '../../domain/conversation.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { JsonObject, Ref } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { ContactFacts } from '../contacts/resolve-contact.ts'
import { resolveContact } from '../contacts/resolve-contact.ts'
import type { Appended, Content } from '../messages/append.ts'
import { appendWithin } from '../messages/append-within.ts'
import type { Transaction } from '../ports/transaction.ts'
import { findAssignee } from './assign-conversation.ts'
import { actingOperator, asDoer } from './doer.ts'
import { openEpisodeIfReopened } from './episodes.ts'
import { viewConversation } from './load.ts'
import { openConversation } from './open-conversation.ts'

/**
 * Whom to write to: a known contact, what is known of somebody, or how the channel addresses them (a phone on WhatsApp,
 * an e-mail address, elsewhere the provider's own id, or a phone with its plus).
 */
export type Correspondent =
  | { contact: Ref }
  | { address: string }
  | { phone?: string; email?: string; username?: string; name?: string }

/**
 * `whenActive`: an active conversation of theirs is refused (`conversation_exists`) or handed back as it is;
 * a closed one is opened again where it is refused, and handed back as it is where it is accepted.
 * `join` hands back an active one and opens a closed one.
 */
export interface CreateConversation {
  channel: Ref | { firstOf: ChannelKind }
  /** The kinds a channel named by a ref may be; any by default. */
  kinds?: readonly ChannelKind[]
  with: Correspondent
  whenActive: 'refuse' | 'accept' | 'join'
  assignee?: Ref
  bot?: Ref
  metadata?: JsonObject
  tags?: string[]
  /** The first thing we say. */
  first?: Content
  firstMetadata?: JsonObject
  /** Its client key: when it was said before, nothing is said or opened again. */
  firstClientId?: string
  sendToCrm?: boolean
}

export interface CreatedConversation {
  view: ConversationView
  isNew: boolean
  said: Appended | null
}

/** Opens a conversation from our side. Refuses `not_found` for whatever the input names and is not there. */
export async function createConversation(
  tx: Transaction,
  actor: Actor,
  input: CreateConversation,
): Promise<CreatedConversation> {
  allow(actor, 'conversation.write')
  const channel = await findChannel(tx, input)
  mustBeActive(channel)
  const facts = await factsOf(tx, channel, input.with)
  const assignee = input.assignee && (await findAssignee(tx, { either: input.assignee }))
  const bot = input.bot && ((await tx.bots.find(input.bot)) ?? refuse('not_found', { what: 'bot' }))
  const by = asDoer(await actingOperator(tx, actor))
  const { identity } = await resolveContact(tx, channel, facts)
  const { conversation, isNew } = await openConversation(tx, channel, identity, by)
  if (!isNew && input.whenActive === 'refuse' && conversation.status !== 'closed')
    refuse('conversation_exists', { what: 'conversation', id: conversation.id })
  const isSaid = await wasSaid(tx, conversation, input.firstClientId)
  const isBegun = isNew || (!isSaid && input.whenActive !== 'accept' && conversation.status === 'closed')
  if (isBegun) {
    const opened = reopen(conversation, by, tx.now)
    const begun = begin(opened, { ...input, assignee, botId: bot?.id }, tx.now)
    const change = {
      before: conversation,
      after: begun,
      by,
      isSilent: false,
      isAlone: assignee?.kind !== 'operator',
    }
    await tx.conversations.save(await openEpisodeIfReopened(tx, change))
    const conversationId = conversation.id
    if (assignee)
      await tx.record({ type: 'conversation.assigned', conversationId, assignee, previous: null, by })
  }
  const said = input.first ? await say(tx, conversation, actor, { ...input, first: input.first }) : null
  return { view: await viewConversation(tx, { id: conversation.id }), isNew, said }
}

async function findChannel(
  tx: Transaction,
  { channel: wanted, kinds }: Pick<CreateConversation, 'channel' | 'kinds'>,
): Promise<Channel> {
  if ('firstOf' in wanted) {
    const reason = `no ${wanted.firstOf} channel is connected`
    const first = await tx.channels.firstOfKind(wanted.firstOf)
    return first ?? refuse('not_found', { what: 'channel', field: 'channel', reason })
  }
  const channel = (await tx.channels.find(wanted)) ?? refuse('not_found', { what: 'channel' })
  if (kinds && !kinds.includes(channel.kind))
    refuse('invalid', { field: 'channel', reason: `a ${channel.kind} channel cannot do this` })
  return channel
}

/** How the correspondent is called on this channel. A phone is digits wherever it goes. */
async function factsOf(tx: Transaction, channel: Channel, who: Correspondent): Promise<ContactFacts> {
  if ('contact' in who) return factsOfContact(tx, channel, who.contact)
  if ('address' in who) return factsOfAddress(channel.kind, who.address)
  const phone = who.phone === undefined ? undefined : phoneDigits(who.phone)
  const email = who.email === undefined ? undefined : normalizeEmail(who.email)
  const externalId = externalIdFor(channel.kind, { phone, email, username: who.username })
  if (!externalId) refuse('missing', { field: 'contact', reason: 'a phone or an email is required' })
  return { externalId, name: who.name, phone, email, nickname: who.username }
}

async function factsOfContact(tx: Transaction, channel: Channel, ref: Ref): Promise<ContactFacts> {
  const contact = (await tx.contacts.find(ref)) ?? refuse('not_found', { what: 'contact' })
  if (!(await tx.conversations.isContactWithin(contact.id))) refuse('not_found', { what: 'contact' })
  const identity = await tx.contacts.identityOfContact(channel.id, contact.id)
  if (identity) return { externalId: identity.externalId, contact }
  const known = { phone: contact.phone ?? undefined, email: contact.email ?? undefined }
  const externalId = externalIdFor(channel.kind, known) ?? contact.id
  return { externalId, contact }
}

/** Refuses `invalid` (recipient) for what cannot be an address on such a channel. */
function factsOfAddress(kind: ChannelKind, address: string): ContactFacts {
  const isPhone = kind === 'whatsapp' || (kind !== 'email' && address.startsWith('+'))
  if (!isPhone && kind !== 'email') return { externalId: address }
  try {
    if (!isPhone) {
      const email = normalizeEmail(address)
      return { externalId: email, email }
    }
    const phone = phoneDigits(address)
    return { externalId: phone, phone }
  } catch (cause) {
    const reason = `this channel reaches people by ${isPhone ? 'phone number' : 'email address'}`
    return refuse('invalid', { what: 'recipient', field: 'address', reason }, cause)
  }
}

function externalIdFor(
  kind: ChannelKind,
  known: { phone?: string; email?: string; username?: string },
): string | undefined {
  const { phone, email, username } = known
  return kind === 'email' ? (email ?? phone) : (username ?? phone ?? email)
}

interface Beginning {
  assignee?: { kind: string; id: string }
  botId?: string
  metadata?: JsonObject
  tags?: string[]
}

function begin(conversation: Conversation, input: Beginning, now: Date): Conversation {
  const handled = input.botId ? handledBy(conversation, input.botId, now) : conversation
  const { assignee } = input
  const given = !assignee
    ? handled
    : assignee.kind === 'bot'
      ? assignToBot(handled, assignee.id, now)
      : {
          ...assignToOperator(handled, assignee.id, now),
          unreadCount: 0,
          isBotActive: input.botId !== undefined,
        }
  return {
    ...given,
    metadata: mergeMetadata(conversation.metadata, input.metadata ?? {}),
    tags: input.tags ?? conversation.tags,
    updatedAt: now,
  }
}

/** Whichever bot had it before, one bot at a time handles a conversation. */
function handledBy(conversation: Conversation, botId: string, now: Date): Conversation {
  if (conversation.assigneeBotId !== null) return assignToBot(conversation, botId, now)
  return { ...conversation, botId, isBotActive: true }
}

async function wasSaid(tx: Transaction, conversation: Conversation, clientId = ''): Promise<boolean> {
  return clientId !== '' && (await tx.messages.findByClientId(conversation.id, clientId)) !== null
}

async function say(
  tx: Transaction,
  conversation: Conversation,
  actor: Actor,
  input: Pick<CreateConversation, 'sendToCrm' | 'firstMetadata' | 'firstClientId'> & { first: Content },
): Promise<Appended> {
  return appendWithin(
    tx,
    {
      conversation: { id: conversation.id },
      speaker: { operator: 'actor' },
      content: input.first,
      metadata: input.firstMetadata,
      clientId: input.firstClientId,
      sendToCrm: input.sendToCrm,
    },
    actor.operatorId,
  )
}
