import type { Append, Speaker } from '../../application/messages/append.ts'
import type { SendFile } from '../../application/messages/send-file.ts'
import type { AssignConversation } from '../../application/conversations/assign-conversation.ts'
import type { OperatorFacts } from '../../application/operators/register-operator.ts'
import { refuse } from '../../domain/errors.ts'
import type { OperatorStatus } from '../../domain/operator.ts'
import type { Ref } from '../../domain/ref.ts'
import { unstorablePath } from '../../platform/text.ts'
import { agentRef, conversationRef, messageId } from './ids.ts'

/** The parts of a request that are read here; nothing of them is trusted. */
export interface WireRequest {
  params: unknown
  body?: unknown
}

type Fields = Record<string, unknown>

/** Names in the core's tables are indexed; longer ones would not fit there. */
const LONGEST_NAME = 255
const TRUTHS = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  [1, true],
  ['1', true],
  [false, false],
  ['false', false],
  [0, false],
  ['0', false],
])

export function acceptAssignAgent(request: WireRequest): AssignConversation {
  const agentId = required(fieldsOf(request), 'agentId')
  return { conversation: conversationOf(request), to: { operator: agentRef(agentId) }, manner: 'take' }
}

export function acceptText(request: WireRequest): Append {
  const fields = fieldsOf(request)
  const text = required(fields, 'text')
  const id = uuidOf(fields)
  return {
    conversation: conversationOf(request),
    speaker: speakerOf(fields),
    content: { kind: 'text', text },
    id,
  }
}

export function acceptFile(request: WireRequest): SendFile {
  const fields = fieldsOf(request)
  const url = required(fields, 'file')
  const id = uuidOf(fields)
  return { conversation: conversationOf(request), speaker: speakerOf(fields), url, id }
}

/** It has no fields, but what is sent all the same must be a body. */
export function acceptReviewRequest(request: WireRequest): { conversation: Ref } {
  fieldsOf(request)
  return { conversation: conversationOf(request) }
}

export function acceptAgent({ params }: WireRequest): { operator: Ref } {
  return { operator: agentRef(pathId(params)) }
}

export function acceptNewAgent(request: WireRequest): OperatorFacts & { externalId: string; name: string } {
  const fields = fieldsOf(request)
  const externalId = name(required(numbersAsText(fields), 'serviceUserId'), 'serviceUserId')
  return { ...factsOf(fields), externalId, name: name(required(fields, 'name'), 'name') }
}

export function acceptAgentUpdate(request: WireRequest): OperatorFacts & { operator: Ref } {
  const fields = numbersAsText(fieldsOf(request))
  const facts = factsOf(fields)
  const externalId =
    given(fields, 'serviceUserId') && name(required(fields, 'serviceUserId'), 'serviceUserId')
  const called = given(fields, 'name') && name(required(fields, 'name'), 'name')
  return { ...facts, externalId, name: called, ...acceptAgent(request) }
}

function factsOf(fields: Fields): Omit<OperatorFacts, 'externalId' | 'name'> {
  return {
    status: statusOf(text(fields, 'status')),
    isActive: truth(fields, 'active'),
    avatarUrl: fields.avatar === null || fields.avatar === '' ? null : text(fields, 'avatar'),
  }
}

/** The body's fields, as JSON, a form or multipart brought them; no body has none. */
function fieldsOf({ body }: WireRequest): Fields {
  if (body === undefined || body === null) return {}
  if (typeof body !== 'object' || Array.isArray(body)) refuse('invalid', { field: 'body' })
  const bad = unstorablePath(body)
  if (bad !== null) refuse('invalid', { field: bad.split('.', 1)[0] || 'body' })
  return Object.fromEntries(Object.entries(body))
}

function given(fields: Fields, field: string): true | undefined {
  return fields[field] === undefined || fields[field] === null ? undefined : true
}

/** A text; undefined when it is absent or null. */
function text(fields: Fields, field: string): string | undefined {
  const value = given(fields, field) && fields[field]
  if (value !== undefined && typeof value !== 'string') refuse('invalid', { field })
  return value
}

function required(fields: Fields, field: string): string {
  const value = text(fields, field)
  return value === undefined || value.trim() === '' ? refuse('missing', { field }) : value
}

function name(value: string, field: string): string {
  const trimmed = value.trim()
  return trimmed.length > LONGEST_NAME ? refuse('invalid', { field }) : trimmed
}

/** Services that number their users send the number as one. */
function numbersAsText(fields: Fields): Fields {
  const { serviceUserId } = fields
  return Number.isSafeInteger(serviceUserId) ? { ...fields, serviceUserId: String(serviceUserId) } : fields
}

function statusOf(value: string | undefined): OperatorStatus | undefined {
  if (value === undefined || value === 'online' || value === 'offline') return value
  return refuse('invalid', { field: 'status' })
}

function truth(fields: Fields, field: string): boolean | undefined {
  if (!given(fields, field)) return undefined
  return TRUTHS.get(fields[field]) ?? refuse('invalid', { field })
}

function uuidOf(fields: Fields): string | undefined {
  const uuid = text(fields, 'uuid')
  return uuid ? messageId(uuid) : undefined
}

/** The documented samples show the end user as author of what is sent here; `agentId` is our extension. */
function speakerOf(fields: Fields): Speaker {
  const agentId = text(fields, 'agentId')
  return agentId ? { operator: agentRef(agentId) } : { contact: true }
}

function conversationOf({ params }: WireRequest): Ref {
  return conversationRef(pathId(params))
}

function pathId(params: unknown): string {
  const id = typeof params === 'object' && params !== null && 'id' in params ? params.id : ''
  return typeof id === 'string' ? id : ''
}
