import type { Permission, Reach } from './permissions.ts'
import { EVERYWHERE } from './permissions.ts'
import type { Visitor } from './visitor.ts'

/** Who does something, and on behalf of which account. */
export interface Actor {
  accountId: string
  accountNumber: number
  kind: 'token' | 'operator' | 'channel' | 'visitor' | 'system'
  /** The token's, operator's, channel's or session's id; null for the system. */
  id: string | null
  /** The operator whose deed it counts as when the request names nobody else; null for channels, visitors and the system. */
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

/** A channel, which may speak for those it brings and do nothing else: what they have no right to ask for is decided before. */
export function channelActor(
  actor: Pick<Actor, 'accountId' | 'accountNumber' | 'address'>,
  channelId: string,
): Actor {
  const { accountId, accountNumber, address } = actor
  return {
    ...{ accountId, accountNumber, kind: 'channel', id: channelId, operatorId: null },
    ...{ permissions: CHANNEL_PERMISSIONS, reach: EVERYWHERE, address },
  }
}

/** A visitor, who may do nothing but what is done for visitors. */
export function visitorActor(
  { accountNumber, address }: Pick<Actor, 'accountNumber' | 'address'>,
  visitor: Visitor,
): Actor {
  const { accountId, sessionId: id } = visitor
  return {
    ...{ accountId, accountNumber, kind: 'visitor', id, operatorId: null },
    ...{ permissions: NO_PERMISSIONS, reach: { kind: 'visitor', visitor }, address },
  }
}

const NO_PERMISSIONS: ReadonlySet<Permission> = new Set()
const CHANNEL_PERMISSIONS: ReadonlySet<Permission> = new Set(['channel.speak'])

/** Who did a deed, as remembered with it: an operator, a bot, a contact, a token without operator, or the system. */
export interface Doer {
  kind: 'operator' | 'bot' | 'contact' | 'token' | 'system'
  id: string | null
  name: string
}
