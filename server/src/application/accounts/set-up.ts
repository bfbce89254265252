import type { Account } from '../../domain/account.ts'
import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { normalizeEmail } from '../../domain/operator.ts'
import { fitPassword } from '../operators/fit-password.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'
import { insertAccount, type FoundAccount, type InsertAccount } from './found-account.ts'

/**
 * The first account and its owner, by the one-time link that the server printed. Refuses `not_found` for any other secret, and for all of
 * them once there is an account: the door is closed then. The actor's account is the one made.
 */
export async function setUp(
  tools: Tools,
  actor: Actor,
  { secret, ...input }: FoundAccount & { secret: string },
): Promise<Account> {
  const email = normalizeEmail(input.owner.email)
  fitPassword(input.owner.password)
  await tools.act(mustBeOpen, actor, { secret })
  const passwordHash = await tools.passwords.hash(input.owner.password)
  const owner = { email, name: input.owner.name, passwordHash }
  return tools.act(insertFirst, actor, { name: input.name, owner, secret })
}

async function mustBeOpen(tx: Transaction, _actor: Actor, { secret }: { secret: string }): Promise<void> {
  if (!(await tx.installation.isSetupOpen(secret))) refuse('not_found', { what: 'set-up' })
}

async function insertFirst(
  tx: Transaction,
  actor: Actor,
  { secret, ...input }: InsertAccount & { secret: string },
): Promise<Account> {
  if (!(await tx.installation.useSetup(secret))) refuse('not_found', { what: 'set-up' })
  return insertAccount(tx, actor, input)
}
