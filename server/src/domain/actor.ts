import type { Permission, Reach } from './permissions.ts'
import { EVERYWHERE } from './permissions.ts'

/** Who does something, and on behalf of which account. */
export interface Actor {
  accountId: string
  accountNumber: number
  kind: 'token' | 'operator' | 'channel' | 'system'
  /** The token's, operator's or channel's id; null for the system. */
  id: string | null
  /** The operator whose deed it counts as when the request names nobody else; null for channels and the system. */
  operatorId: string | null
  permissions: ReadonlySet<Permission>
  /** Which conversations are before it. */
  reach: Reach
  /** The network address it speaks from, for the audit log; null when it comes over none. */
  address: string | null
}

/** The server itself, or whoever sits at its command line. */
export function systemActor(accountId: string, permissions: ReadonlySet<Permission>): Actor {
  return {
    ...{ accountId, accountNumber: 0, kind: 'system', id: null, operatorId: null, permissions },
    ...{ reach: EVERYWHERE, address: null },
  }
}

/** Who did a deed, as remembered with it: an operator, a bot, a contact, a token without operator, or the system. */
export interface Doer {
  kind: 'operator' | 'bot' | 'contact' | 'token' | 'system'
  id: string | null
  name: string
}
