import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { allow, allowEverywhere, allowGranting, type Permission } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Token, TokenKind } from '../../domain/token.ts'
import type { Transaction } from '../ports/transaction.ts'

export interface CreateToken {
  kind: TokenKind
  name: string
  /** All the actor has, by default. */
  permissions?: Permission[]
  /** The same in the dialect's words. */
  scopes?: string[]
  /** Whose deeds the token's are: by default the actor's own operator, else the owner. */
  operator?: Ref
  expiresAt?: Date
  rateLimit?: number
}

/** Makes a token that opens one dialect's door; its secret is returned this once. It can do no more than whoever makes it. */
export async function createToken(
  tx: Transaction,
  actor: Actor,
  input: CreateToken,
): Promise<{ token: Token; secret: string }> {
  allow(actor, 'token.write')
  const permissions = [...new Set(input.permissions ?? actor.permissions)]
  allowGranting(actor, permissions)
  if (input.expiresAt && input.expiresAt <= tx.now)
    refuse('invalid', { field: 'expiresAt', reason: 'expiresAt is in the past' })
  const secret = tx.ids.token(64)
  const token: Token = {
    id: tx.ids.next(),
    accountId: actor.accountId,
    kind: input.kind,
    name: input.name,
    operatorId: await actingFor(tx, actor, input.operator),
    permissions,
    scopes: input.scopes ?? null,
    expiresAt: input.expiresAt ?? null,
    lastUsedAt: null,
    rateLimit: input.rateLimit ?? null,
    createdAt: tx.now,
  }
  await tx.tokens.insert(token, secret)
  await tx.record({ type: 'token.created', tokenId: token.id })
  return { token, secret }
}

async function actingFor(tx: Transaction, actor: Actor, wanted: Ref | undefined): Promise<string> {
  if (wanted) {
    const operator = (await tx.operators.find(wanted)) ?? refuse('not_found', { what: 'operator' })
    // What is before that operator is before the token: nobody sees further by making one.
    if (operator.id !== actor.operatorId) allowEverywhere(actor)
    return operator.id
  }
  return actor.operatorId ?? (await tx.operators.owner()).id
}
