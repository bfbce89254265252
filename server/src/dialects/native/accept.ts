import type { SpeakAsCustomer } from '../../application/inbound/speak-as-customer.ts'
import { refuse } from '../../domain/errors.ts'
import { unstorablePath } from '../../platform/text.ts'
import { refOf } from './ids.ts'
import type { SpeakAsCustomerBody } from './schema/requests.ts'

/** What the database indexes must fit into a row of an index; the schema counts characters as people see them. */
const LONGEST_ID = 255

export function acceptSpeakAsCustomer(body: SpeakAsCustomerBody): SpeakAsCustomer {
  const { channelId, from, name, text, messageId } = body
  const bad = unstorablePath({ channelId, from, name, text, messageId })
  if (bad !== null) refuse('invalid', { field: bad, reason: `${bad} has characters that cannot be stored.` })
  const channel = refOf('channel', channelId)
  return {
    channel,
    from: id(from, 'from'),
    name: name?.trim() || undefined,
    text: text.trim() === '' ? refuse('missing', { field: 'text', reason: 'text is empty.' }) : text,
    providerMessageId: messageId && id(messageId, 'messageId'),
  }
}

function id(text: string, field: string): string {
  const trimmed = text.trim()
  if (trimmed === '') refuse('missing', { field, reason: `${field} is empty.` })
  if (trimmed.length > LONGEST_ID) refuse('invalid', { field, reason: `${field} is too long.` })
  return trimmed
}
