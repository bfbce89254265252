import type { AssignConversation } from '../../application/conversations/assign-conversation.ts'
import type { CloseConversation } from '../../application/conversations/close-conversation.ts'
import type {
  Correspondent,
  CreateConversation,
} from '../../application/conversations/create-conversation.ts'
import type { TransferConversation } from '../../application/conversations/transfer-conversation.ts'
import type { UpdateConversation } from '../../application/conversations/update-conversation.ts'
import { refuse } from '../../domain/errors.ts'
import type { Ref } from '../../domain/ref.ts'
import {
  acceptAssignee,
  acceptJson,
  acceptTags,
  acceptTime,
  mustBeShort,
  mustBeStorable,
  mustSay,
} from './accept-values.ts'
import { acceptSaying } from './accept-messages.ts'
import { refOf } from './ids.ts'
import type * as bodies from './schema/conversations.ts'

/** `clientId` is that of the request, for whatever is said by it. */
interface Asked {
  id: string
  clientId: string | undefined
}

export function acceptCreate(
  body: bodies.CreateConversationBody,
  clientId: string | undefined,
): CreateConversation {
  mustBeStorable(body)
  const { message, assigneeId, botId, tags, metadata } = body
  const first = message && acceptSaying(message)
  return {
    channel: refOf('channel', body.channelId),
    with: correspondentOf(body),
    whenActive: 'join',
    assignee: assigneeId === undefined ? undefined : someoneOf(assigneeId),
    bot: botId === undefined ? undefined : refOf('bot', botId),
    tags: acceptTags(tags),
    metadata: metadata && acceptJson(metadata, 'metadata'),
    first: first?.content,
    firstMetadata: first?.metadata,
    firstClientId: first?.clientId ?? clientId,
  }
}

function correspondentOf({ contactId, contact, address }: bodies.CreateConversationBody): Correspondent {
  const given = [contactId, contact, address].filter((one) => one !== undefined)
  if (given.length !== 1)
    refuse('invalid', { field: 'contact', reason: 'One of contactId, contact and address says with whom.' })
  if (contactId !== undefined) return { contact: refOf('contact', contactId) }
  if (address !== undefined) return { address: mustBeShort(mustSay(address, 'address').trim(), 'address') }
  const { phone, email, username, name } = contact ?? {}
  return {
    ...{ phone, email, name: name?.trim() || undefined },
    username:
      username === undefined
        ? undefined
        : mustBeShort(mustSay(username, 'contact.username').trim(), 'contact.username'),
  }
}

export function acceptUpdate(id: string, body: bodies.UpdateConversationBody): UpdateConversation {
  mustBeStorable(body)
  const { status, priority, tags, metadata, note } = body
  return {
    conversation: refOf('conversation', id),
    ...{ status, priority, note },
    tags: acceptTags(tags),
    metadata: metadata && acceptJson(metadata, 'metadata'),
  }
}

export function acceptAssign({ id, clientId }: Asked, body: bodies.AssignBody): AssignConversation {
  mustBeStorable(body)
  const { assigneeId, note } = body
  return {
    conversation: refOf('conversation', id),
    to: acceptAssignee(assigneeId),
    manner: 'set',
    note,
    clientId,
  }
}

export function acceptTransfer({ id, clientId }: Asked, body: bodies.TransferBody): TransferConversation {
  mustBeStorable(body)
  const { assigneeId, reason, summary, notifyContact } = body
  return {
    conversation: refOf('conversation', id),
    to: someoneOf(assigneeId),
    ...{ reason, summary, clientId },
    isContactNotified: notifyContact ?? false,
  }
}

export function acceptSnooze(id: string, body: bodies.SnoozeBody): UpdateConversation {
  const { until } = body ?? {}
  return {
    conversation: refOf('conversation', id),
    status: 'snoozed',
    snoozedUntil: until === undefined ? undefined : acceptTime(until, 'until'),
  }
}

export function acceptClose({ id, clientId }: Asked, body: bodies.CloseBody): CloseConversation {
  mustBeStorable(body)
  const { reason, resolution, note: notes } = body ?? {}
  return {
    conversation: refOf('conversation', id),
    ...{ reason, resolution, notes, clientId },
    whenClosed: 'refuse',
  }
}

/** Whoever has that id: operator or bot. */
function someoneOf(text: string): Ref {
  return refOf(/^bot_/i.test(text) ? 'bot' : 'operator', text)
}
