import type { Actor } from '../../domain/actor.ts'
import type { Bot } from '../../domain/bot.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Transaction } from '../ports/transaction.ts'

/** Adds a program that answers. */
export async function createBot(tx: Transaction, actor: Actor, { name }: { name: string }): Promise<Bot> {
  allow(actor, 'bot.write')
  const bot = await tx.bots.insert({
    ...{ id: tx.ids.next(), accountId: actor.accountId, name },
    ...{ createdAt: tx.now, updatedAt: tx.now },
  })
  await tx.record({ type: 'bot.created', botId: bot.id })
  return bot
}

/** Refuses `not_found`. */
export async function updateBot(
  tx: Transaction,
  actor: Actor,
  input: { bot: Ref; name?: string },
): Promise<Bot> {
  allow(actor, 'bot.write')
  const before = (await tx.bots.lock(input.bot)) ?? refuse('not_found', { what: 'bot' })
  if (input.name === undefined) return before
  const after: Bot = { ...before, name: input.name, updatedAt: tx.now }
  await tx.bots.save(after)
  await tx.record({ type: 'bot.updated', botId: after.id })
  return after
}
