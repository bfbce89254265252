import type { Account } from '../../domain/account.ts'
import type { Actor } from '../../domain/actor.ts'
import { allow } from '../../domain/permissions.ts'
import type { Transaction } from '../ports/transaction.ts'

/** Absent stays, null clears. */
export type UpdateAccount = Partial<Pick<Account, 'name' | 'phone' | 'description'>>

/** Changes what the account says of itself. */
export async function updateAccount(tx: Transaction, actor: Actor, given: UpdateAccount): Promise<Account> {
  allow(actor, 'account.write')
  const before = await tx.accounts.current()
  const changed = Object.keys(given)
  if (changed.length === 0) return before
  const after: Account = { ...before, ...given, updatedAt: tx.now }
  await tx.accounts.save(after)
  await tx.record({ type: 'account.updated', changed })
  return after
}
