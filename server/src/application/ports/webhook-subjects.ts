import type { Bot } from '../../domain/bot.ts'
import type { Channel } from '../../domain/channel.ts'
import type { Contact } from '../../domain/contact.ts'
import type { Message } from '../../domain/message.ts'
import type { Operator } from '../../domain/operator.ts'

/** What telling asks for besides what live readers do: many things at once, by id, also those that were taken away. */
export interface WebhookSubjects {
  contacts(ids: string[]): Promise<ReadonlyMap<string, Contact>>
  channels(ids: string[]): Promise<ReadonlyMap<string, Channel>>
  bots(ids: string[]): Promise<ReadonlyMap<string, Bot>>
  operators(ids: string[]): Promise<ReadonlyMap<string, Operator>>
  /** Which of these conversations have which message first, notes and system lines aside; by conversation. */
  firstMessages(conversationIds: string[]): Promise<ReadonlyMap<string, string>>
  /** What was said in an episode, oldest first, without notes and system lines; at most the last `limit`. */
  saidIn(episodeId: string, limit: number): Promise<Message[]>
}
