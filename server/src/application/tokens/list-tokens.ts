import type { Actor } from '../../domain/actor.ts'
import { allow } from '../../domain/permissions.ts'
import type { Token, TokenKind } from '../../domain/token.ts'
import type { Reader, TokenQuery } from '../ports/reader.ts'

/** The account's live tokens, newest first; of one kind where that is asked for. Never a secret. */
export async function listTokens(
  reader: Reader,
  actor: Actor,
  { kind }: { kind?: TokenKind },
): Promise<Token[]> {
  allow(actor, 'token.read')
  return reader.tokens.list(kind)
}

/** A page of the same. */
export async function pageTokens(reader: Reader, actor: Actor, query: TokenQuery): Promise<Token[]> {
  allow(actor, 'token.read')
  return reader.tokens.page(query)
}
