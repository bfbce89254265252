import type { UpdateContact } from '../../application/contacts/get-party.ts'
import type { AssignConversation } from '../../application/conversations/assign-conversation.ts'
import type { AssignGroup } from '../../application/conversations/assign-group.ts'
import type { CloseConversation } from '../../application/conversations/close-conversation.ts'
import type { StartConversation } from '../../application/conversations/start-conversation.ts'
import type { UnassignConversation } from '../../application/conversations/unassign-conversation.ts'
import type { Append } from '../../application/messages/append.ts'
import type { SendFile } from '../../application/messages/send-file.ts'
import type { CreateOperator } from '../../application/operators/create-operator.ts'
import type { DeleteOperator } from '../../application/operators/delete-operator.ts'
import type { QueueQuery } from '../../application/ports/reader.ts'
import { refuse } from '../../domain/errors.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Params } from './params.ts'
import {
  filterRef,
  flagParam,
  has,
  integerParam,
  neededRef,
  neededText,
  objectParam,
  optionalRef,
  textParam,
  textsParam,
} from './params.ts'

/** The vendor's lists end here. */
const MOST_ROWS = 1000
/** What the vendor's pages call varchar. */
export const VARCHAR = 255

const conversationOf = (params: Params) => neededRef(params, 'conversation_id')
/** "Default - Admin": nobody named is left to the core, which takes the token's operator, the owner. */
const operatorOf = (params: Params) => optionalRef(params, 'operator_id')
const isSilent = (params: Params) => flagParam(params, 'disable_webhook')

export function acceptStart(params: Params): StartConversation {
  return { conversation: conversationOf(params), as: operatorOf(params), isSilent: isSilent(params) }
}

export function acceptClose(params: Params): CloseConversation {
  return { ...acceptStart(params), whenClosed: 'refuse' }
}

export function acceptUnassign(params: Params): UnassignConversation {
  return { ...acceptStart(params), manner: 'put_back' }
}

export function acceptAssignOperator(params: Params): AssignConversation {
  const conversation = conversationOf(params)
  const operator = neededRef(params, 'operator_id')
  return { conversation, to: { operator }, manner: 'take_over', isSilent: isSilent(params) }
}

export function acceptAssignGroup(params: Params): AssignGroup {
  const conversation = conversationOf(params)
  return { conversation, group: neededRef(params, 'group_id'), isSilent: isSilent(params) }
}

function acceptSaying(params: Params): Pick<Append, 'conversation' | 'speaker' | 'isSilent'> {
  const conversation = conversationOf(params)
  return { conversation, speaker: { operator: operatorOf(params) ?? 'actor' }, isSilent: isSilent(params) }
}

export function acceptText(params: Params, kind: 'text' | 'note'): Append {
  return { ...acceptSaying(params), content: { kind, text: neededText(params, 'text') } }
}

export function acceptFile(params: Params): SendFile {
  return { ...acceptSaying(params), url: neededText(params, 'file_url').trim() }
}

export function acceptQueue(params: Params, queue: QueueQuery['queue']): QueueQuery {
  const operator = queue === 'unassigned' ? null : filterRef(params, 'operator_id')
  return { queue, operator, group: filterRef(params, 'group_id'), limit: MOST_ROWS }
}

export function acceptGet(params: Params): { conversation: Ref; last: null } {
  return { conversation: conversationOf(params), last: null }
}

export function acceptCreateOperator(params: Params): CreateOperator {
  const email = neededText(params, 'operator_email')
  return { email, password: neededText(params, 'operator_password'), isSilent: isSilent(params) }
}

export function acceptDeleteOperator(params: Params): DeleteOperator {
  const operator = neededRef(params, 'operator_id')
  return { operator, whenOwner: 'not_found', isSilent: isSilent(params) }
}

/** The parameter's name was never published: three are understood. */
export function acceptUser(params: Params): { party: Ref } {
  for (const name of ['blinger_user_id', 'user_id', 'id']) {
    const number = integerParam(params, name)
    if (number !== undefined) return { party: { number } }
  }
  return refuse('missing', { field: 'blinger_user_id' })
}

export function acceptUpdateUser(params: Params): UpdateContact {
  return {
    ...acceptUser(params),
    isSilent: isSilent(params),
    customName: clearable(params, 'custom_name', (name) => textParam(params, name, VARCHAR)),
    phone: clearable(params, 'phone', (name) => textParam(params, name, VARCHAR)),
    tags: clearable(params, 'tags', (name) => textsParam(params, name, VARCHAR)),
    extraFields: clearable(params, 'extra_fields', (name) => objectParam(params, name)),
  }
}

/** Absent stays; null, and a form's empty field, clears. */
function clearable<Value>(
  params: Params,
  name: string,
  read: (name: string) => Value | undefined,
): Value | null | undefined {
  return has(params, name) ? (read(name) ?? null) : undefined
}
