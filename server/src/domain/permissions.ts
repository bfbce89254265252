import { refuse } from './errors.ts'
import type { Visitor } from './visitor.ts'

export const PERMISSIONS = [
  'conversation.read',
  'conversation.write',
  'message.read',
  'message.write',
  'contact.read',
  'contact.write',
  'contact.delete',
  'contact.export',
  'channel.read',
  'channel.write',
  'channel.speak',
  'operator.read',
  'operator.write',
  'group.write',
  'role.write',
  'bot.read',
  'bot.write',
  'account.read',
  'account.write',
  'token.read',
  'token.write',
  'event.read',
  'webhook.read',
  'webhook.write',
  'audit.read',
] as const
/** What an actor may do. */
export type Permission = (typeof PERMISSIONS)[number]

export const EVERY_PERMISSION: ReadonlySet<Permission> = new Set(PERMISSIONS)

export function isPermission(text: string): text is Permission {
  return (PERMISSIONS as readonly string[]).includes(text)
}

/** Refuses `forbidden` unless the actor holds the permission. */
export function allow(actor: { permissions: ReadonlySet<Permission> }, permission: Permission): void {
  if (!actor.permissions.has(permission)) refuse('forbidden', { what: permission })
}

/** Nobody gives away what they do not have. Refuses `forbidden`. */
export function allowGranting(
  actor: { permissions: ReadonlySet<Permission> },
  granted: Iterable<Permission>,
): void {
  for (const permission of granted) allow(actor, permission)
}

/** Whose conversations a role has before it: its own, those of its groups too, or all of the account. */
export const SCOPES = ['own', 'groups', 'all'] as const
export type Scope = (typeof SCOPES)[number]

/** Nobody gives a wider view than they have. Refuses `forbidden`. */
export function allowScope(actor: { reach: Reach }, scope: Scope): void {
  const { kind } = actor.reach
  if (kind === 'visitor' || SCOPES.indexOf(scope) > SCOPES.indexOf(kind))
    refuse('forbidden', { what: 'scope' })
}

/** Nobody lets anybody, themselves included, into a group that is not before them. Refuses `forbidden`. */
export function allowGroups(actor: { reach: Reach }, groupIds: Iterable<string>): void {
  const { reach } = actor
  if (reach.kind === 'all') return
  const known: readonly string[] = reach.kind === 'groups' ? reach.groupIds : []
  for (const groupId of groupIds) if (!known.includes(groupId)) refuse('forbidden', { what: 'scope' })
}

/** A scope with the names it comes down to for one actor. */
export type Reach =
  | { kind: 'all' }
  /** `isDefaultIncluded`: conversations of no group count as the default group's. */
  | { kind: 'groups'; operatorId: string; groupIds: readonly string[]; isDefaultIncluded: boolean }
  | { kind: 'own'; operatorId: string }
  /** The one conversation of a visitor. */
  | { kind: 'visitor'; visitor: Visitor }

export const EVERYWHERE: Reach = { kind: 'all' }

/** Whether a conversation is before an actor of that reach. What is not is answered like one that does not exist. */
export function isWithin(
  reach: Reach,
  conversation: { assigneeId: string | null; groupId: string | null },
): boolean {
  if (reach.kind === 'all') return true
  // What is a visitor's is asked by the name of the visitor, in storage.
  if (reach.kind === 'visitor') return false
  if (conversation.assigneeId === reach.operatorId) return true
  if (reach.kind === 'own') return false
  return conversation.groupId === null
    ? reach.isDefaultIncluded
    : reach.groupIds.includes(conversation.groupId)
}

/** Refuses `forbidden` to whoever does not see the whole account: for lists that mix all conversations. */
export function allowEverywhere(actor: { reach: Reach }): void {
  if (actor.reach.kind !== 'all') refuse('forbidden', { what: 'scope' })
}

/** The visitor that an actor is. Refuses `forbidden` to anybody else. */
export function allowVisitor({ reach }: { reach: Reach }): Visitor {
  return reach.kind === 'visitor' ? reach.visitor : refuse('forbidden', { what: 'visitor' })
}
