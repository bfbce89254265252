import type { Account } from '../../domain/account.ts'
import type { Actor } from '../../domain/actor.ts'
import { allow } from '../../domain/permissions.ts'
import type { Reader } from '../ports/reader.ts'

/** The actor's own account. */
export async function getAccount(reader: Reader, actor: Actor): Promise<Account> {
  allow(actor, 'account.read')
  return reader.accounts.current()
}

/** What the actor's own account is called. */
export async function getAccountName(reader: Reader): Promise<string> {
  return (await reader.accounts.current()).name
}

/** Whether the actor's account is still there. */
export async function isAccountThere(reader: Reader): Promise<boolean> {
  return reader.accounts.exists()
}
