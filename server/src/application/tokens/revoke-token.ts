import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { TokenKind } from '../../domain/token.ts'
import type { Transaction } from '../ports/transaction.ts'

/** Ends a token, of one kind where that is asked for: no door lets it in from the commit on. Refuses `not_found`, also for one that has ended already. */
export async function revokeToken(
  tx: Transaction,
  actor: Actor,
  { tokenId, kind }: { tokenId: string; kind?: TokenKind },
): Promise<void> {
  allow(actor, 'token.write')
  if (!(await tx.tokens.revoke(tokenId, kind))) refuse('not_found', { what: 'token' })
  await tx.record({ type: 'token.revoked', tokenId })
}
