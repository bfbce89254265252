import type { Token } from '../../domain/token.ts'
import { publicId } from './ids.ts'
import type { TokenBody } from './schema/tokens.ts'

export function presentToken(token: Token): TokenBody {
  const { kind, name, permissions, scopes, rateLimit } = token
  return {
    id: publicId('token', token.id),
    ...{ kind, name },
    operatorId: publicId('operator', token.operatorId),
    ...{ permissions, scopes },
    expiresAt: token.expiresAt?.toISOString() ?? null,
    lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
    rateLimit,
    createdAt: token.createdAt.toISOString(),
  }
}
