import type { Doer } from '../../domain/actor.ts'
import type { Channel, ChannelKind } from '../../domain/channel.ts'
import type { Contact, ContactIdentity } from '../../domain/contact.ts'
import { displayName } from '../../domain/contact.ts'
import type { Message } from '../../domain/message.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { Page } from './accept-query.ts'
import { writeDoerId, writeId } from './ids.ts'
import { presentContent } from './present-content.ts'
import { writeTime } from './time.ts'

export const TYPES: Record<ChannelKind, string> = {
  webchat: 'webchat',
  custom_app: 'custom',
  telegram: 'telegram',
  telegram_personal: 'telegram',
  whatsapp: 'whatsapp',
  email: 'email',
}

export const timeOrNothing = (at: Date | null) => (at ? writeTime(at) : undefined)

export function channelRef({ id, kind, name }: Channel) {
  return { id: writeId('channel', id), type: TYPES[kind], name }
}

export type Known = Pick<ConversationView, 'contact' | 'identity' | 'channel'>

export function contactRef({ contact, identity, channel }: Known) {
  return {
    id: writeId('contact', contact.id),
    name: displayName(contact, identity, channel.kind),
    phone: phoneOf(contact, identity, channel.kind),
  }
}

/** With its plus; on WhatsApp people are known by their number even when nobody told it. */
function phoneOf(contact: Contact, identity: ContactIdentity, kind: ChannelKind): string | undefined {
  const phone = contact.phone ?? (kind === 'whatsapp' ? identity.externalId : null)
  return writePhone(phone) ?? contact.phone ?? undefined
}

/** Digits with their plus; nothing for what is no number. */
export function writePhone(phone: string | null): string | undefined {
  return phone && /^\d+$/.test(phone) ? `+${phone}` : undefined
}

/** Files are served from this origin. */
export interface Presenting {
  origin: string
}

export function avatarOf({ avatar }: Contact, { origin }: Presenting) {
  return avatar ? origin + avatar.path : undefined
}

export function assigneeRef({ conversation, assignee, bot }: ConversationView) {
  if (conversation.assigneeId && assignee)
    return { id: writeId('user', assignee.id), type: 'user', name: assignee.name }
  if (conversation.assigneeBotId && bot) return { id: writeId('bot', bot.id), type: 'bot', name: bot.name }
  return undefined
}

export function botRef({ conversation, bot }: ConversationView) {
  if (!conversation.botId || bot?.id !== conversation.botId) return undefined
  return { id: writeId('bot', bot.id), name: bot.name, active: conversation.isBotActive }
}

export function doerRef(doer: Doer) {
  return { id: writeDoerId(doer), name: doer.name }
}

export function messageRef(message: Message, { origin }: Presenting) {
  const { id, direction, createdAt } = message
  const content = presentContent(message, origin)
  return { id: writeId('message', id), direction, content, timestamp: writeTime(createdAt) }
}

export function presentPages({ page, perPage }: Page, totalCount: number) {
  return { pagination: { page, perPage, totalPages: Math.ceil(totalCount / perPage), totalCount } }
}
