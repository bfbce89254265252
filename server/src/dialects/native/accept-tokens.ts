import type { CreateToken } from '../../application/tokens/create-token.ts'
import { acceptTime, given, requiredText } from './accept-fields.ts'
import { refOf } from './ids.ts'
import type { CreateTokenBody } from './schema/tokens.ts'

export function acceptCreateToken(body: CreateTokenBody): CreateToken {
  const { kind, name, permissions, operatorId, expiresAt, rateLimit } = body
  return {
    kind,
    name: requiredText(name, 'name'),
    ...{ permissions, rateLimit: rateLimit ?? undefined },
    ...given('operator', operatorId, (id) => refOf('operator', id)),
    ...given('expiresAt', expiresAt ?? undefined, (text) => acceptTime(text, 'expiresAt')),
  }
}
