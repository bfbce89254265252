import type { CreateToken } from '../../application/tokens/create-token.ts'
import { checked, readBody, refuseFaults } from './faults.ts'
import { permissionsOf } from './key-permissions.ts'
import { CreateKeyBody, LogoutBody } from './schema/auth.ts'
import { readTime } from './time.ts'

export function acceptCreateKey(raw: unknown): CreateToken {
  const { name, permissions, expiresAt } = checked(CreateKeyBody, readBody(raw))
  const wanted = expiresAt ?? null
  const until = wanted === null ? null : readTime(wanted)
  if (wanted !== null && until === null)
    refuseFaults([{ field: 'expiresAt', message: 'must be an ISO 8601 time' }])
  return {
    ...{ kind: 'linktor', name, permissions: permissionsOf(permissions), scopes: [...new Set(permissions)] },
    ...(until && { expiresAt: until.at }),
  }
}

/** The body may be missing altogether. */
export function acceptLogout(raw: unknown): { refreshToken?: string; allDevices?: boolean } {
  return checked(LogoutBody, readBody(raw))
}
