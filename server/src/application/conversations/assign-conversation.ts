import type { Actor, Doer } from '../../domain/actor.ts'
import type { Conversation } from '../../domain/conversation.ts'
import { assignToBot, assignToOperator, isTaken } from '../../domain/conversation.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import { addNote } from '../messages/append-within.ts'
import type { Transaction } from '../ports/transaction.ts'
import { actingOperator, asDoer, assigneeAsDoer } from './doer.ts'
import { openEpisodeIfReopened, stayingClosed } from './episodes.ts'
import { lockConversation, viewConversation } from './load.ts'

/** Whom to give it to; `either` takes whatever has that id. */
export type Assignee = { operator: Ref } | { bot: Ref } | { either: Ref }

/**
 * `manner`: `take_over` opens a closed one and refuses `already_assigned` when the operator has it; `take` opens it
 * too and repeats in peace; `set` leaves closed ones closed and repeats in peace. `note` is for the new assignee.
 */
export interface AssignConversation {
  conversation: Ref
  to: Assignee
  manner: 'take_over' | 'take' | 'set'
  note?: string
  /** The client key of the note. */
  clientId?: string
  isSilent?: boolean
}

/** The conversation as it is then, and who gave it. */
export interface AssignedConversation extends ConversationView {
  assignedBy: Doer
}

/** Gives a conversation to an operator or a bot. */
export async function assignConversation(
  tx: Transaction,
  actor: Actor,
  input: AssignConversation,
): Promise<AssignedConversation> {
  allow(actor, 'conversation.write')
  const before = await lockConversation(tx, input.conversation)
  const assignee = await findAssignee(tx, input.to)
  const self = await actingOperator(tx, actor)
  const by = asDoer(self)
  const isSilent = input.isSilent ?? false
  const noted = input.note?.trim()
    ? await addNote(tx, before, self.id, { text: input.note, clientId: input.clientId })
    : before
  const given = give(noted, assignee, input.manner, tx.now)
  if (given !== noted) {
    const previous = await assigneeAsDoer(tx, before)
    const after = await openEpisodeIfReopened(tx, { before: noted, after: given, by, isSilent })
    await tx.conversations.save(after)
    const about = { conversationId: after.id, ...stayingClosed(after) }
    await tx.record({ type: 'conversation.assigned', ...about, assignee, previous, by }, isSilent)
  }
  return { ...(await viewConversation(tx, { id: before.id })), assignedBy: by }
}

/** An operator or a bot of the account as the one to have the conversation. Refuses `not_found`. */
export async function findAssignee(tx: Transaction, to: Assignee): Promise<Doer & { id: string }> {
  const operatorRef = 'operator' in to ? to.operator : 'either' in to ? to.either : null
  const operator = operatorRef && (await tx.operators.find(operatorRef))
  if (operator) return { kind: 'operator', id: operator.id, name: operator.name }
  const botRef = 'bot' in to ? to.bot : 'either' in to ? to.either : null
  const bot = botRef && (await tx.bots.find(botRef))
  if (bot) return { kind: 'bot', id: bot.id, name: bot.name }
  return refuse('not_found', { what: 'bot' in to ? 'bot' : 'operator', field: 'assignee' })
}

function give(
  conversation: Conversation,
  assignee: Doer & { id: string },
  manner: AssignConversation['manner'],
  now: Date,
): Conversation {
  if (assignee.kind === 'bot') {
    const hasIt = conversation.assigneeBotId === assignee.id && conversation.isBotActive
    return hasIt ? conversation : assignToBot(conversation, assignee.id, now)
  }
  const isTheirs = conversation.assigneeId === assignee.id && (manner === 'set' || isTaken(conversation))
  if (isTheirs && manner === 'take_over') refuse('already_assigned', { what: 'conversation' })
  if (isTheirs) return conversation
  const given = assignToOperator(conversation, assignee.id, now)
  const isReopening = manner !== 'set' && given.status === 'closed'
  return isReopening ? { ...given, status: 'open' } : given
}
