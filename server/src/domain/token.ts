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
  createdAt: Date
}
