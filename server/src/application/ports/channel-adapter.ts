import type { Channel } from '../../domain/channel.ts'
import type { ContactIdentity } from '../../domain/contact.ts'
import type { Message, MessageStatus } from '../../domain/message.ts'

/** A message on its way out, with the public URL of its file if it has one. */
export interface Outbound {
  channel: Channel
  identity: ContactIdentity
  message: Message
  fileUrl: string | null
  /** The channel's secret in clear, for transports that present it. */
  token: string | null
}

/** What became of an attempt: a list of statuses reached in order, a later attempt, or a final no. */
export type SendOutcome =
  | { kind: 'sent'; statuses: MessageStatus[]; providerMessageId: string | null }
  | { kind: 'deferred'; reason: string }
  | { kind: 'refused'; reason: string }

/** One way of moving messages out; knows provider words, nothing of conversations. */
export interface ChannelAdapter {
  send(outbound: Outbound): Promise<SendOutcome>
}
