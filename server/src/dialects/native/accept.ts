import type { ReadEvents } from '../../application/events/read-events.ts'
import type { SpeakAsCustomer } from '../../application/inbound/speak-as-customer.ts'
import { refuse } from '../../domain/errors.ts'
import { unstorablePath } from '../../platform/text.ts'
import { readCursor } from './cursor.ts'
import { refOf } from './ids.ts'
import type { ReadEventsQuery, SpeakAsCustomerBody } from './schema/requests.ts'

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

/** `signal` is the request's: whoever has gone waits for nothing. */
export function acceptReadEvents(
  { after, limit = 100, wait = 0 }: ReadEventsQuery,
  accountId: string,
  signal: AbortSignal,
): ReadEvents {
  return { after: positionIn(after, accountId), limit, waitMs: wait * 1000, signal }
}

function positionIn(after: string | undefined, accountId: string): ReadEvents['after'] {
  if (after === undefined) return 'oldest'
  if (after === 'latest') return after
  return (
    readCursor(accountId, after) ??
    refuse('invalid', { field: 'after', reason: 'after is no cursor of yours.' })
  )
}

function id(text: string, field: string): string {
  const trimmed = text.trim()
  if (trimmed === '') refuse('missing', { field, reason: `${field} is empty.` })
  if (trimmed.length > LONGEST_ID) refuse('invalid', { field, reason: `${field} is too long.` })
  return trimmed
}
