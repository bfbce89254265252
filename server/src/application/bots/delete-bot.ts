import type { Actor, Doer } from '../../domain/actor.ts'
import { assignToBot, assignToOperator, type Conversation } from '../../domain/conversation.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import { findAssignee } from '../conversations/assign-conversation.ts'
import { actingOperator, asDoer } from '../conversations/doer.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'

/** So many conversations are handed over in one transaction. */
const STEP = 200

interface DeleteBot {
  bot: Ref
  /** Who gets the conversations it is handling; without anybody they refuse the deletion. */
  transferTo?: Ref
}

/** Takes a bot out of the account. Refuses `in_use` while it handles conversations that nobody is to get. */
export async function deleteBot(tools: Tools, actor: Actor, input: DeleteBot): Promise<void> {
  allow(actor, 'bot.write')
  const { transferTo } = input
  if (transferTo) while ((await tools.act(handOver, actor, { ...input, transferTo })) > 0);
  await tools.act(removeIdle, actor, input)
}

async function handOver(
  tx: Transaction,
  actor: Actor,
  input: DeleteBot & { transferTo: Ref },
): Promise<number> {
  const bot = (await tx.bots.find(input.bot)) ?? refuse('not_found', { what: 'bot' })
  const assignee = await findAssignee(tx, { either: input.transferTo })
  if (assignee.id === bot.id)
    refuse('invalid', { field: 'transferTo', reason: 'transferTo is the bot itself.' })
  const by = asDoer(await actingOperator(tx, actor))
  const previous: Doer = { kind: 'bot', id: bot.id, name: bot.name }
  const handled = await tx.conversations.lockActive({ botId: bot.id }, STEP)
  for (const conversation of handled) {
    await tx.conversations.save(giveTo(conversation, assignee, tx.now))
    const conversationId = conversation.id
    await tx.record({ type: 'conversation.transferred', conversationId, assignee, previous, by })
  }
  return handled.length
}

function giveTo(conversation: Conversation, assignee: Doer & { id: string }, now: Date): Conversation {
  if (assignee.kind === 'bot') return assignToBot(conversation, assignee.id, now)
  return assignToOperator(conversation, assignee.id, now)
}

async function removeIdle(tx: Transaction, _actor: Actor, input: DeleteBot): Promise<void> {
  const bot = (await tx.bots.lock(input.bot)) ?? refuse('not_found', { what: 'bot' })
  const [handled] = await tx.conversations.lockActive({ botId: bot.id }, 1)
  if (handled) refuse('in_use', { what: 'bot', reason: 'The bot handles conversations that are not closed.' })
  // Those that are closed, or that an operator took, would be its turn again one day.
  while ((await tx.conversations.leaveBot(bot.id, 5000)) > 0);
  await tx.bots.remove(bot.id)
  await tx.record({ type: 'bot.deleted', botId: bot.id })
}
