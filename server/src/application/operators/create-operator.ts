import type { Account } from '../../domain/account.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Operator } from '../../domain/operator.ts'
import { normalizeEmail } from '../../domain/operator.ts'
import { allowPowers, BUILT_IN_ROLES, type BuiltInRole } from '../../domain/role.ts'
import { allow } from '../../domain/permissions.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'
import { conversationsToken } from './conversations-token.ts'
import { fitPassword } from './fit-password.ts'

export interface CreateOperator {
  email: string
  password: string
  name?: string
  role?: BuiltInRole
  isSilent?: boolean
}

/** The operator made, with the account it works in. */
export interface CreatedOperator extends Operator {
  account: Account
}

/** Makes an operator who can sign in at once, in the default group. Refuses `email_taken`, and `invalid` for a bad address or password. */
export async function createOperator(
  tools: Tools,
  actor: Actor,
  input: CreateOperator,
): Promise<CreatedOperator> {
  allow(actor, 'operator.write')
  allowPowers(actor, BUILT_IN_ROLES[input.role ?? 'operator'])
  const email = normalizeEmail(input.email)
  const passwordHash = await tools.passwords.hash(fitPassword(input.password))
  const name = input.name ?? email.split('@')[0] ?? email
  const { role = 'operator', isSilent = false } = input
  return tools.act(insertOperator, actor, { email, name, role, passwordHash, isSilent })
}

interface InsertOperator {
  email: string
  name: string
  role: BuiltInRole
  passwordHash: string
  isSilent: boolean
}

async function insertOperator(
  tx: Transaction,
  _actor: Actor,
  input: InsertOperator,
): Promise<CreatedOperator> {
  const { passwordHash, isSilent, ...given } = input
  const operator = await tx.operators.insert(
    {
      ...given,
      id: tx.ids.next(),
      accountId: tx.accountId,
      status: 'offline',
      isActive: true,
      externalId: null,
      roleId: null,
      scope: null,
      avatar: null,
      conversationsToken: conversationsToken(tx.now, tx.ids),
      createdAt: tx.now,
      updatedAt: tx.now,
    },
    { passwordHash },
  )
  const group = await tx.groups.default()
  if (group) await tx.operators.joinGroup(operator.id, group.id)
  await tx.record({ type: 'operator.created', operatorId: operator.id }, isSilent)
  return { ...operator, account: await tx.accounts.current() }
}
