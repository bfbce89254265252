import type { ChannelKind } from '../../domain/channel.ts'
import type { MessageStatus } from '../../domain/message.ts'

/** Our kinds of channel in the vendor's codes. */
export const APPLICATIONS: Record<ChannelKind, string> = {
  webchat: 'livechat',
  custom_app: 'custom_app',
  telegram: 'telegrambot',
  telegram_personal: 'telegrambot',
  whatsapp: 'whatsapp',
  email: 'email',
}

/** The vendor knows no waiting: what is ours to send is sent. */
export const MESSAGE_STATUSES: Record<MessageStatus, string> = {
  pending: 'sent',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'error',
}
