import type { Payload, Telling } from '../../application/ports/webhook-dialect.ts'
import { displayName } from '../../domain/contact.ts'
import type { Message } from '../../domain/message.ts'
import type { ConversationView } from '../../domain/view.ts'
import { NO_AVATAR, presentAttachment, PROVIDERS, seconds } from './present.ts'

/** How far an outgoing message has come. */
export const ACKS = { sent: 1, delivered: 2, read: 3 } as const

/** A conversation with where files are served. */
export type Viewed = Pick<Telling, 'origin'> & { view: ConversationView }

/** `type/event` is what subscriptions ask for. */
function payload(type: string, event: string, data: object): Payload {
  return { event: `${type}/${event}`, body: { type, event, data } }
}

/** Webhooks write times unlike the rest of v1. */
const utc = (time: Date): string => `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`
const utcOrNull = (time: Date | null): string | null => time && utc(time)
const presentBirth = (time: Date) => ({ created_at: utc(time), created_at_timestamp: seconds(time) })

const channelOf = ({ channel }: ConversationView) => ({ id: channel.number, type: PROVIDERS[channel.kind] })

/** When it is new nothing was said in it yet. */
export const tellNewConversation = (telling: Viewed): Payload =>
  payload('conversation', 'new', presentConversation(telling, { lastMessageAt: null, lastInboundAt: null }))

export const tellUpdate = (telling: Viewed): Payload =>
  payload('conversation', 'update', presentConversation(telling, telling.view.conversation))

function presentConversation(
  { view, origin }: Viewed,
  last: { lastMessageAt: Date | null; lastInboundAt: Date | null },
) {
  const { conversation, channel, contact, identity } = view
  return {
    external_id: conversation.number,
    name: displayName(contact, identity, channel.kind),
    avatar_url: origin + (contact.avatar?.path ?? NO_AVATAR),
    channel_id: channel.number,
    channel_type: PROVIDERS[channel.kind],
    ...presentBirth(conversation.createdAt),
    last_message_at: utcOrNull(last.lastMessageAt),
    last_income_message_at: utcOrNull(last.lastInboundAt),
    ...(channel.kind === 'whatsapp' && { sender_external_id: identity.externalId }),
  }
}

/** `jobId` of what was sent by a job. */
export function tellNewMessage(message: Message, { view, origin }: Viewed, jobId: number | null): Payload {
  return payload('message', 'new', {
    external_id: message.number,
    external_public_id: message.number,
    channel_id: view.channel.number,
    channel_type: PROVIDERS[view.channel.kind],
    channel: channelOf(view),
    conversation_id: view.conversation.number,
    message: message.text,
    location: {},
    income: message.direction === 'inbound',
    ...presentBirth(message.createdAt),
    ack: ACKS.sent,
    attachments: message.attachment ? [presentAttachment(message.attachment, origin)] : [],
    ...(jobId !== null && { job_id: jobId }),
  })
}

export const tellAck = (message: Message, { view }: Viewed, reached: keyof typeof ACKS): Payload =>
  payload('message', 'ack', {
    external_id: message.number,
    channel: channelOf(view),
    conversation_id: view.conversation.number,
    ack: ACKS[reached],
  })

/** What came of a job: of one that failed there is no message, and a reason. */
export function tellJob(
  jobId: number,
  outcome: { message: Message } | { reason: string },
  at: Date,
): Payload {
  const isDelivered = 'message' in outcome
  return payload('job', 'executed', {
    id: jobId,
    result: isDelivered ? 'DELIVERED' : 'NOT DELIVERED',
    message_id: isDelivered ? outcome.message.number : null,
    date: seconds(at),
    ...(!isDelivered && { reason: outcome.reason }),
  })
}

/** News of a channel; `timestamp` is the callback's, which is made once and repeated as it is. */
export function tellSystem(channelNumber: number, news: 'authorized' | 'disabled', at: Date): Payload {
  const severity = news === 'authorized' ? 'information' : 'critical'
  const when = { date: utc(at), date_timestamp: seconds(at), timestamp: seconds(at) }
  const details = { entity: 'channel', entity_id: channelNumber }
  return { event: 'system', body: { type: 'system', severity, data: { message: news, ...when, details } } }
}
