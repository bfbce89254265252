import type { Actor, Doer } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { Operator } from '../../domain/operator.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Reader } from '../ports/reader.ts'

/** The operator a request counts as: the one it names, else the actor's own, else the account's owner. */
export async function actingOperator(reader: Reader, actor: Actor, as?: Ref): Promise<Operator> {
  if (as) return (await reader.operators.find(as)) ?? refuse('not_found', { what: 'operator' })
  const own = actor.operatorId ? await reader.operators.find({ id: actor.operatorId }) : null
  return own ?? reader.operators.owner()
}

export function asDoer(operator: Operator): Doer {
  return { kind: 'operator', id: operator.id, name: operator.name }
}

/** Who has a conversation, as the event log remembers it. */
export async function assigneeAsDoer(
  reader: Reader,
  holder: { assigneeId: string | null; assigneeBotId: string | null },
): Promise<Doer | null> {
  if (holder.assigneeId) {
    const operator = await reader.operators.find({ id: holder.assigneeId })
    return operator && asDoer(operator)
  }
  if (!holder.assigneeBotId) return null
  const bot = await reader.bots.find({ id: holder.assigneeBotId })
  return bot && { kind: 'bot', id: bot.id, name: bot.name }
}
