import type { Attachment } from '../../domain/attachment.ts'
import type { Channel, ChannelKind } from '../../domain/channel.ts'
import { displayName } from '../../domain/contact.ts'
import type { Message } from '../../domain/message.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { CreatedConversation } from '../../application/conversations/create-conversation.ts'
import type { Appended } from '../../application/messages/append.ts'
import type { Company } from '../../application/webhooks/read-company.ts'
import type { Keyset } from '../../application/ports/reader.ts'
import type { PageRequest } from './accept.ts'
import type { Cursors } from './cursor.ts'

export const PROVIDERS: Record<ChannelKind, string> = {
  webchat: 'custom',
  custom_app: 'custom',
  telegram: 'telegram',
  telegram_personal: 'telegram_personal',
  whatsapp: 'whatsapp',
  email: 'custom',
}

export const NO_AVATAR = '/avatars/original/missing.png'

/** The switch that stops mirroring a conversation into Bitrix24. */
export const BITRIX_FLAG = 'bitrix_block_openlines'

export const seconds = (time: Date): number => Math.floor(time.getTime() / 1000)

/** One instant, twice. */
function presentBirth(time: Date) {
  return { created_at: time.toISOString(), created_at_timestamp: seconds(time) }
}

/** Empty texts are null: the Python SDK takes a phone or a URL, or null. */
export function presentCompany({ account, webhookUrl }: Company) {
  return {
    external_id: account.number,
    external_uuid: account.id,
    name: account.name,
    phone: account.phone || null,
    description: account.description || null,
    webhook_url: webhookUrl,
  }
}

export function presentChannel(channel: Channel) {
  return { external_id: channel.number, provider: PROVIDERS[channel.kind] }
}

/** The nine documented keys. Nothing in it is null: the Python SDK would refuse the whole answer. */
export function presentConversation(view: ConversationView, origin: string) {
  const { conversation, channel, contact, identity } = view
  return {
    external_id: conversation.number,
    name: displayName(contact, identity, channel.kind),
    channel_id: channel.number,
    channel_type: PROVIDERS[channel.kind],
    ...presentBirth(conversation.createdAt),
    avatar: contact.avatar ? origin + contact.avatar.path : NO_AVATAR,
    sender_external_id: identity.externalId,
    meta: {},
  }
}

/** As assigning answers: the id and nothing else. */
export function presentName(view: ConversationView) {
  return { external_id: view.conversation.number }
}

/** As the toggle answers: with three more keys; 0 for a time that has not come. */
export function presentToggled(view: ConversationView, origin: string) {
  const { lastMessageAt, lastInboundAt, flags } = view.conversation
  return {
    ...presentConversation(view, origin),
    last_message_at: lastMessageAt ? seconds(lastMessageAt) : 0,
    last_income_message_at: lastInboundAt ? seconds(lastInboundAt) : 0,
    bitrix_block_openlines: flags[BITRIX_FLAG] ?? false,
  }
}

export function presentMessage(message: Message, channel: Channel, origin: string) {
  return {
    external_id: message.number,
    channel_id: channel.number,
    channel_type: PROVIDERS[channel.kind],
    message: message.text,
    income: message.direction === 'inbound',
    ...presentBirth(message.createdAt),
    attachments: message.attachment ? [presentAttachment(message.attachment, origin)] : [],
  }
}

export function presentAttachment(attachment: Attachment, origin: string) {
  return {
    external_id: attachment.number,
    url: origin + attachment.path,
    file_name: attachment.originalName ?? attachment.path.slice(attachment.path.lastIndexOf('/') + 1),
    mime_type: attachment.mimeType,
    size: attachment.size,
  }
}

/** A message with where it goes. */
interface Sent {
  message: Message
  conversation: { number: number }
  channel: Pick<Channel, 'number' | 'kind'>
}

/** A delivery job is the dispatch of a message; the message exists for Pact once a transport has accepted it. */
export function presentJob({ message, conversation, channel }: Sent, companyId: number) {
  const isAccepted = message.status !== 'pending' && message.status !== 'failed'
  return {
    id: message.dispatchNumber ?? 0,
    company_id: companyId,
    channel: { id: channel.number, type: PROVIDERS[channel.kind] },
    conversation_id: conversation.number,
    ...presentDelivery(message),
    message_id: isAccepted ? message.number : null,
    created_at: seconds(message.createdAt),
  }
}

function presentDelivery({ status, error }: Message) {
  if (status === 'failed')
    return { state: 'not_delivered', details: { result: 'NOT DELIVERED', reason: error ?? 'unknown' } }
  if (status === 'delivered' || status === 'read')
    return { state: 'delivered', details: { result: 'DELIVERED' } }
  return { state: 'trying_deliver', details: null }
}

/** The job of a conversation's first message. */
export function presentFirstJob({ said }: CreatedConversation, companyId: number) {
  if (!said) throw new Error('Writing first said nothing.')
  return presentJob(said, companyId)
}

/** Of several messages made by one request the last one's job is answered. */
export function presentLastJob(sent: Appended[], companyId: number) {
  const last = sent.at(-1)
  if (!last) throw new Error('Nothing was sent.')
  return presentJob(last, companyId)
}

/** Both documented shapes at once: the attachment's id, and the conversation it is for. */
export function presentUpload(attachment: Attachment, conversationNumber: number) {
  return { external_id: attachment.number, conversation: { external_id: conversationNumber } }
}

/** Whether a single row lies on the page asked for. */
export function isBeyond(number: number, { after, order }: Keyset): boolean {
  if (after === null) return true
  return order === 'asc' ? number > after : number < after
}

/** What is on the page, and the token of the next one; the key is absent on the last page. */
export function presentPage<Row>(
  rows: Row[],
  request: PageRequest,
  next: { cursors: Cursors; list: string; placeOf(row: Row): number },
): { shown: Row[]; next_page?: string } {
  const shown = rows.slice(0, request.per)
  const last = shown.at(-1)
  const { order } = request.keyset
  if (rows.length <= request.per || last === undefined) return { shown }
  return { shown, next_page: next.cursors.write(next.list, { after: next.placeOf(last), order }) }
}
