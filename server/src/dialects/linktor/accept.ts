import type { Assignee } from '../../application/conversations/assign-conversation.ts'
import type { AssignConversation } from '../../application/conversations/assign-conversation.ts'
import type { CloseConversation } from '../../application/conversations/close-conversation.ts'
import type { CreateConversation } from '../../application/conversations/create-conversation.ts'
import type { TransferConversation } from '../../application/conversations/transfer-conversation.ts'
import type { UpdateConversation } from '../../application/conversations/update-conversation.ts'
import { DomainError } from '../../domain/errors.ts'
import { normalizeEmail } from '../../domain/operator.ts'
import type { JsonObject, Ref } from '../../domain/ref.ts'
import type { Fault } from './faults.ts'
import { checked, isObject, readBody } from './faults.ts'
import { NOBODY, readAssigneeId, refOf } from './ids.ts'
import * as bodies from './schema/requests.ts'
import { readTime } from './time.ts'

const LARGEST_METADATA = 65_536

/** Metadata is kept whole and shown in every list, so its size is bounded. */
export function metadataFaults(metadata: unknown): Fault[] {
  const isTooLarge = isObject(metadata) && Buffer.byteLength(JSON.stringify(metadata)) > LARGEST_METADATA
  return isTooLarge ? [{ field: 'metadata', message: 'must not be larger than 64 kB' }] : []
}

/** Checked JSON is JSON: what the schema calls an open object came from a JSON parser. */
export function asJson(object: object | undefined): JsonObject | undefined {
  return object as JsonObject | undefined
}

export function acceptConversation(id: string): Ref {
  return refOf('conversation', id)
}

/** An account's operator or bot by id alone; an id of neither names nobody. */
function acceptAssignee(id: string): Assignee {
  const found = readAssigneeId(id)
  if (!found) return { either: { id: NOBODY } }
  return found.kind === 'bot' ? { bot: { id: found.id } } : { operator: { id: found.id } }
}

const eitherOf = (id: string): Ref => ({ id: readAssigneeId(id)?.id ?? NOBODY })

export function acceptCreate(raw: unknown): CreateConversation {
  const given = readBody(raw)
  const body = checked(bodies.CreateConversationBody, given, [
    ...metadataFaults(given.metadata),
    ...correspondentFaults(given),
  ])
  const { contactId, contact = {}, assigneeId, botId, metadata, tags } = body
  return {
    channel: refOf('channel', body.channelId),
    with: contactId === undefined ? contact : { contact: refOf('contact', contactId) },
    whenActive: 'refuse',
    ...(assigneeId !== undefined && { assignee: eitherOf(assigneeId) }),
    ...(botId !== undefined && { bot: refOf('bot', botId) }),
    metadata: asJson(metadata),
    tags,
  }
}

function correspondentFaults({ contactId, contact }: Record<string, unknown>): Fault[] {
  if (contactId !== undefined) return []
  if (contact === undefined) return [{ field: 'contact', message: 'is required without contactId' }]
  if (!isObject(contact)) return []
  const { phone, email } = contact
  if (phone === undefined && email === undefined)
    return [{ field: 'contact', message: 'must have a phone or an email' }]
  return typeof email === 'string' && !isEmail(email)
    ? [{ field: 'contact.email', message: 'must be an email address' }]
    : []
}

function isEmail(text: string): boolean {
  try {
    return normalizeEmail(text) !== ''
  } catch (error) {
    if (error instanceof DomainError) return false
    throw error
  }
}

export function acceptUpdate(id: string, raw: unknown): UpdateConversation {
  const given = readBody(raw)
  const body = checked(bodies.UpdateConversationBody, given, [
    ...metadataFaults(given.metadata),
    ...snoozeFaults(given),
  ])
  const { status, snoozedUntil, priority, metadata, tags } = body
  return {
    conversation: acceptConversation(id),
    status,
    snoozedUntil: snoozedUntil === undefined ? undefined : readTime(snoozedUntil)?.at,
    priority: priority === 'medium' ? 'normal' : priority,
    metadata: asJson(metadata),
    tags,
  }
}

function snoozeFaults({ status, snoozedUntil }: Record<string, unknown>): Fault[] {
  if (typeof snoozedUntil !== 'string') return []
  const field = 'snoozedUntil'
  if (!readTime(snoozedUntil)) return [{ field, message: 'must be an ISO 8601 date or time' }]
  return status === 'snoozed' ? [] : [{ field, message: 'needs the status snoozed' }]
}

export function acceptClose(id: string, raw: unknown): CloseConversation {
  const { reason, resolution, notes } = checked(bodies.CloseConversationBody, readBody(raw))
  return { conversation: acceptConversation(id), reason, resolution, notes, whenClosed: 'accept' }
}

/** There is nothing to say, yet what is said must be a request. */
export function acceptReopen(id: string, raw: unknown): Ref {
  readBody(raw)
  return acceptConversation(id)
}

export function acceptAssign(id: string, raw: unknown): AssignConversation {
  const given = readBody(raw)
  const body = checked(bodies.AssignConversationBody, given, assigneeTypeFaults(given))
  const to = acceptAssignee(body.assigneeId)
  return { conversation: acceptConversation(id), to, manner: 'set', note: body.note }
}

function assigneeTypeFaults({ assigneeId, assigneeType }: Record<string, unknown>): Fault[] {
  const found = typeof assigneeId === 'string' ? readAssigneeId(assigneeId) : null
  const isContradiction = found && typeof assigneeType === 'string' && found.kind !== assigneeType
  return isContradiction
    ? [{ field: 'assigneeType', message: `assigneeId is the id of a ${found.kind}` }]
    : []
}

export function acceptTransfer(id: string, raw: unknown): TransferConversation {
  const body = checked(bodies.TransferConversationBody, readBody(raw))
  const { toAssigneeId, reason, summary, notifyContact } = body
  return {
    conversation: acceptConversation(id),
    to: eitherOf(toAssigneeId),
    reason,
    summary,
    isContactNotified: notifyContact ?? false,
  }
}
