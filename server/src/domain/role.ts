import type { Permission, Reach, Scope } from './permissions.ts'
import { allowGranting, allowScope, EVERY_PERMISSION, SCOPES } from './permissions.ts'

export const OPERATOR_ROLES = ['owner', 'admin', 'supervisor', 'operator', 'viewer', 'custom'] as const
/** `custom` stands for a role of the account's own making. */
export type OperatorRole = (typeof OPERATOR_ROLES)[number]
export type BuiltInRole = Exclude<OperatorRole, 'custom'>

/** A role of an account's own making. */
export interface Role {
  id: string
  accountId: string
  name: string
  permissions: Permission[]
  scope: Scope
  createdAt: Date
  updatedAt: Date
}

/** What somebody may do, and whose conversations they see. */
export interface Powers {
  permissions: ReadonlySet<Permission>
  scope: Scope
}

const READING: Permission[] = [
  ...(['conversation.read', 'message.read', 'contact.read', 'channel.read'] as const),
  ...(['operator.read', 'bot.read', 'account.read'] as const),
]
const ANSWERING: Permission[] = [...READING, 'conversation.write', 'message.write', 'contact.write']

/** An operator without groups of its own is in the default one, and sees what belongs to none. */
export const BUILT_IN_ROLES: Record<BuiltInRole, Powers> = {
  owner: { permissions: EVERY_PERMISSION, scope: 'all' },
  admin: { permissions: EVERY_PERMISSION, scope: 'all' },
  supervisor: {
    permissions: new Set([...ANSWERING, 'contact.export', 'group.write', 'event.read']),
    scope: 'all',
  },
  operator: { permissions: new Set(ANSWERING), scope: 'groups' },
  viewer: { permissions: new Set(READING), scope: 'all' },
}

/** `scope` of the operator's own narrows or widens its role's. */
export function powersOf(
  operator: { role: OperatorRole; scope: Scope | null },
  custom: Pick<Role, 'permissions' | 'scope'> | null,
): Powers {
  const given =
    operator.role === 'custom'
      ? { permissions: new Set(custom?.permissions), scope: custom?.scope ?? SCOPES[0] }
      : BUILT_IN_ROLES[operator.role]
  return { ...given, scope: operator.scope ?? given.scope }
}

/** An account has at most this many roles of its own. */
export const MOST_ROLES = 100

/** Nobody hands out, changes or takes away powers beyond their own. Refuses `forbidden`. */
export function allowPowers(
  actor: { permissions: ReadonlySet<Permission>; reach: Reach },
  { permissions, scope }: { permissions: Iterable<Permission>; scope: Scope },
): void {
  allowGranting(actor, permissions)
  allowScope(actor, scope)
}
