import { refuse } from './errors.ts'
import type { JsonObject } from './ref.ts'
import type { WidgetSettings } from './widget.ts'

export const CHANNEL_KINDS = [
  'webchat',
  'custom_app',
  'telegram',
  'telegram_personal',
  'whatsapp',
  'email',
] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

export function isChannelKind(text: string): text is ChannelKind {
  return (CHANNEL_KINDS as readonly string[]).includes(text)
}

/** What moves messages: the customer's own application, the widget, or the sandbox that plays a provider. */
export type ChannelTransport = 'custom_app' | 'webchat' | 'sandbox'

export type ChannelStatus = 'active' | 'inactive' | 'error' | 'pending'

/** A connected mouthpiece of one provider. */
export interface Channel {
  id: string
  number: number
  accountId: string
  kind: ChannelKind
  transport: ChannelTransport
  name: string
  status: ChannelStatus
  /** The custom app's own id, unique within the account; null for other kinds. */
  customAppId: string | null
  /** Where a custom app receives operators' messages; null keeps them here, `sent`. */
  webhookUrl: string | null
  /** Public key of a web chat; null for other kinds. */
  widgetKey: string | null
  /** Signs a web chat's visitor fields. */
  secretKey: string
  groupId: string | null
  groupNumber: number | null
  defaultBotId: string | null
  metadata: JsonObject
  /** How a web chat is set up; null for other kinds. */
  widget: WidgetSettings | null
  /** Messages older than this many days are deleted; null keeps them. */
  retentionDays: number | null
  createdAt: Date
  updatedAt: Date
}

/** Refuses `channel_inactive` for a channel that was switched off or taken away: nothing comes in or goes out. */
export function mustBeActive(channel: Pick<Channel, 'status'>): void {
  if (isSwitchedOff(channel)) refuse('channel_inactive', { what: 'channel', reason: CHANNEL_OFF })
}

export const CHANNEL_OFF = 'the channel is not active'

/** `error` and `pending` are a provider's troubles, and pass by themselves. */
export function isSwitchedOff(channel: Pick<Channel, 'status'>): boolean {
  return channel.status === 'inactive'
}

/**
 * Whether there is anybody to send to: a widget, and a custom app without a webhook, come for their messages, so these are sent once they
 * are here.
 */
export function hasFarSide(channel: Pick<Channel, 'transport' | 'webhookUrl'>): boolean {
  if (channel.transport === 'webchat') return false
  return channel.transport !== 'custom_app' || channel.webhookUrl !== null
}
