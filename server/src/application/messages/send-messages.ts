import type { Actor } from '../../domain/actor.ts'
import { allow } from '../../domain/permissions.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'
import type { Append, Appended } from './append.ts'
import { appendAllWithin } from './append-within.ts'

/** Sends messages from our side in order, all of them or none. One alone is joined with whatever else is being appended. */
export async function sendMessages(tools: Tools, actor: Actor, appends: Append[]): Promise<Appended[]> {
  allow(actor, 'message.write')
  const [only, second] = appends
  if (only && !second) return [await tools.append(actor, only)]
  return tools.act(appendTogether, actor, appends)
}

async function appendTogether(tx: Transaction, actor: Actor, appends: Append[]): Promise<Appended[]> {
  return appendAllWithin(tx, appends, actor)
}
