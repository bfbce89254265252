import type { Account } from '../../domain/account.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Ref } from '../../domain/ref.ts'
import type { OperatorRole } from '../../domain/role.ts'

/** A person as an operator of one account. */
export interface Membership {
  account: Pick<Account, 'id' | 'number' | 'name'>
  operatorId: string
  operatorNumber: number
  role: OperatorRole
}

/** Where people work. Asked of the tables each time: a disabled operator is out at once, in every process. */
export interface Memberships {
  /** The person's actor in an account, or in the one they joined first; null where they work in none, or not any more. */
  actorOf(personId: string, account: Ref | null, address: string): Promise<Actor | null>
  /** Where the person may work now, the first joined first. */
  list(personId: string): Promise<Membership[]>
}
