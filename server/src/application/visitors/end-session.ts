import { channelActor, type Actor } from '../../domain/actor.ts'
import { allowVisitor } from '../../domain/permissions.ts'
import type { Visitor } from '../../domain/visitor.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'

/** The visitor's token is dead, and its lines close; the conversation stays. */
export async function endSession(tools: Tools, actor: Actor): Promise<void> {
  const visitor = allowVisitor(actor)
  await tools.act(end, channelActor(actor, visitor.channelId), visitor)
  tools.signals.send(actor.accountId, { type: 'farewell', sessionId: visitor.sessionId })
}

async function end(tx: Transaction, _actor: Actor, visitor: Visitor): Promise<void> {
  await tx.visitors.end(visitor)
}
