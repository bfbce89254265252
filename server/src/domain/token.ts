import type { Permission } from './permissions.ts'

/** The door a token opens; it opens no other. */
export const TOKEN_KINDS = ['blinger_app', 'blinger_widget', 'pact', 'linktor', 'native'] as const
export type TokenKind = (typeof TOKEN_KINDS)[number]

/** A credential of a program, without its secret: only a hash of that is stored. */
export interface Token {
  id: string
  accountId: string
  kind: TokenKind
  name: string
  operatorId: string
  permissions: Permission[]
  /** The permissions in its dialect's own words, as they were asked for; null where it has none. */
  scopes: string[] | null
  /** Null: never. */
  expiresAt: Date | null
  /** To the minute; null until it was used. */
  lastUsedAt: Date | null
  /** Requests a minute; null for no limit. */
  rateLimit: number | null
  createdAt: Date
}
