import type { Account } from '../../domain/account.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Operator } from '../../domain/operator.ts'
import { normalizeEmail } from '../../domain/operator.ts'
import { conversationsToken } from '../operators/conversations-token.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'

export interface FoundAccount {
  name: string
  owner: { email: string; password: string; name: string }
}

/** Makes a tenant with its owner, who can sign in, its default group and its bot. The actor's account is the one made. */
export async function foundAccount(tools: Tools, actor: Actor, input: FoundAccount): Promise<Account> {
  const email = normalizeEmail(input.owner.email)
  const passwordHash = await tools.passwords.hash(input.owner.password)
  return tools.act(insertAccount, actor, {
    name: input.name,
    owner: { email, name: input.owner.name, passwordHash },
  })
}

export interface InsertAccount {
  name: string
  owner: { email: string; name: string; passwordHash: string }
}

/** The rows of a new account. */
export async function insertAccount(tx: Transaction, actor: Actor, input: InsertAccount): Promise<Account> {
  const ownerId = tx.ids.next()
  const born = { createdAt: tx.now, updatedAt: tx.now }
  const account = { id: actor.accountId, name: input.name, ownerId, ...born }
  await tx.accounts.insert({ ...account, phone: null, description: null })
  const { passwordHash, ...given } = input.owner
  const owner: Omit<Operator, 'number'> = {
    ...given,
    id: ownerId,
    accountId: actor.accountId,
    role: 'owner',
    roleId: null,
    scope: null,
    status: 'online',
    isActive: true,
    externalId: null,
    avatar: null,
    conversationsToken: conversationsToken(tx.now, tx.ids),
    ...born,
  }
  await tx.operators.insert(owner, { passwordHash })
  const group = await tx.groups.insert({
    id: tx.ids.next(),
    accountId: actor.accountId,
    title: 'Default',
    priority: 1,
    color: '#22539c',
    isDefault: true,
    ...born,
  })
  await tx.operators.joinGroup(ownerId, group.id)
  await tx.bots.insert({ id: tx.ids.next(), accountId: actor.accountId, name: `${input.name} bot`, ...born })
  await tx.record({ type: 'operator.created', operatorId: ownerId })
  return tx.accounts.current()
}
