import type { Account } from './account.ts'
import type { Bot } from './bot.ts'
import type { Channel } from './channel.ts'
import type { Contact, ContactIdentity } from './contact.ts'
import type { Conversation } from './conversation.ts'
import type { Group } from './group.ts'
import type { Message } from './message.ts'
import type { Operator } from './operator.ts'

/** A conversation with the things around it, as a screen or a dialect needs them; read in one query. */
export interface ConversationView {
  conversation: Conversation
  account: Account
  channel: Channel
  contact: Contact
  identity: ContactIdentity
  assignee: Operator | null
  /** The bot that handles it, or that it is assigned to. */
  bot: Bot | null
  group: Group | null
  /** The newest entry that is neither note nor system line. */
  lastMessage: Message | null
}
