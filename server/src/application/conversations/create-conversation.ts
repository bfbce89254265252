import type { Actor } from '../../domain/actor.ts'
import type { Channel, ChannelKind } from '../../domain/channel.ts'
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

/** Whom to write to: a known contact, or what is known of somebody. */
export type Correspondent =
  { contact: Ref } | { phone?: string; email?: string; username?: string; name?: string }

/**
 * `whenActive`: an active conversation of theirs is refused (`conversation_exists`) or handed back as it is;
 * a closed one is opened again where it is refused, and handed back as it is where it is accepted.
 */
export interface CreateConversation {
  channel: Ref | { firstOf: ChannelKind }
  with: Correspondent
  whenActive: 'refuse' | 'accept'
  assignee?: Ref
  bot?: Ref
  metadata?: JsonObject
  tags?: string[]
  /** The first thing we say. */
  first?: Content
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
  const channel = await findChannel(tx, input.channel)
  const facts = await factsOf(tx, channel, input.with)
  const assignee = input.assignee && (await findAssignee(tx, { either: input.assignee }))
  const bot = input.bot && ((await tx.bots.find(input.bot)) ?? refuse('not_found', { what: 'bot' }))
  const by = asDoer(await actingOperator(tx, actor))
  const { identity } = await resolveContact(tx, channel, facts)
  const { conversation, isNew } = await openConversation(tx, channel, identity, by)
  if (!isNew && input.whenActive === 'refuse' && conversation.status !== 'closed')
    refuse('conversation_exists', { what: 'conversation', id: conversation.id })
  const isBegun = isNew || input.whenActive === 'refuse'
  if (isBegun) {
    const opened = reopen(conversation, by, tx.now)
    const begun = begin(opened, { ...input, assignee, botId: bot?.id }, tx.now)
    await tx.conversations.save(
      await openEpisodeIfReopened(tx, { before: conversation, after: begun, by, isSilent: false }),
    )
    const conversationId = conversation.id
    if (assignee)
      await tx.record({ type: 'conversation.assigned', conversationId, assignee, previous: null, by })
  }
  const said = input.first ? await say(tx, conversation, actor, { ...input, first: input.first }) : null
  return { view: await viewConversation(tx, { id: conversation.id }), isNew, said }
}

async function findChannel(tx: Transaction, wanted: CreateConversation['channel']): Promise<Channel> {
  const channel =
    'firstOf' in wanted ? await tx.channels.firstOfKind(wanted.firstOf) : await tx.channels.find(wanted)
  return channel ?? refuse('not_found', { what: 'channel' })
}

/** How the correspondent is called on this channel. A phone is digits wherever it goes. */
async function factsOf(tx: Transaction, channel: Channel, who: Correspondent): Promise<ContactFacts> {
  if ('contact' in who) return factsOfContact(tx, channel, who.contact)
  const phone = who.phone === undefined ? undefined : phoneDigits(who.phone)
  const email = who.email === undefined ? undefined : normalizeEmail(who.email)
  const externalId = externalIdFor(channel.kind, { phone, email, username: who.username })
  if (!externalId) refuse('missing', { field: 'contact', reason: 'a phone or an email is required' })
  return { externalId, name: who.name, phone, email, nickname: who.username }
}

async function factsOfContact(tx: Transaction, channel: Channel, ref: Ref): Promise<ContactFacts> {
  const contact = (await tx.contacts.find(ref)) ?? refuse('not_found', { what: 'contact' })
  const identity = await tx.contacts.identityOfContact(channel.id, contact.id)
  if (identity) return { externalId: identity.externalId, contact }
  const known = { phone: contact.phone ?? undefined, email: contact.email ?? undefined }
  const externalId = externalIdFor(channel.kind, known) ?? contact.id
  return { externalId, contact }
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
  const handled = input.botId ? { ...conversation, botId: input.botId, isBotActive: true } : conversation
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

async function say(
  tx: Transaction,
  conversation: Conversation,
  actor: Actor,
  input: Pick<CreateConversation, 'sendToCrm'> & { first: Content },
): Promise<Appended> {
  return appendWithin(
    tx,
    {
      conversation: { id: conversation.id },
      speaker: { operator: 'actor' },
      content: input.first,
      sendToCrm: input.sendToCrm,
    },
    actor.operatorId,
  )
}
