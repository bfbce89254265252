import { refuse } from './errors.ts'

export const PERMISSIONS = [
  'conversation.read',
  'conversation.write',
  'message.read',
  'message.write',
  'contact.read',
  'contact.write',
  'channel.read',
  'channel.speak',
  'operator.read',
  'operator.write',
  'account.read',
  'token.write',
  'event.read',
] as const
/** What an actor may do. */
export type Permission = (typeof PERMISSIONS)[number]

export const EVERY_PERMISSION: ReadonlySet<Permission> = new Set(PERMISSIONS)

/** Refuses `forbidden` unless the actor holds the permission. */
export function allow(actor: { permissions: ReadonlySet<Permission> }, permission: Permission): void {
  if (!actor.permissions.has(permission)) refuse('forbidden', { what: permission })
}
