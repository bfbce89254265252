import type { Channel } from '../../domain/channel.ts'
import type { Visitor } from '../../domain/visitor.ts'
import type { Permission, Reach } from '../../domain/permissions.ts'

/** What somebody came in with, as it is remembered while they are here. */
export type Credential =
  | { kind: 'token'; accountId: string; tokenId: string }
  | { kind: 'session'; accountId: string; sessionId: string; operatorId: string }

/** What a credential is worth. */
export interface Standing {
  permissions: ReadonlySet<Permission>
  reach: Reach
}

/** Looks again at credentials that were good, in the tables; no request is counted. */
export interface Standings {
  /** In the order asked for; null for one that opens nothing any more. */
  of(credentials: readonly Credential[]): Promise<(Standing | null)[]>
  /** The channel of each visitor whose session lives; null for one that has ended, or whose channel was removed. */
  channelsOf(visitors: readonly Visitor[]): Promise<(Channel | null)[]>
}
