import type { Permission } from '../../domain/permissions.ts'
import { PERMISSIONS } from '../../domain/permissions.ts'
import type { KeyPermission } from './schema/auth.ts'

/** The vendor has no words for contacts: they go with conversations. Of analytics there is nothing to permit yet. */
const MEANT: Record<Exclude<KeyPermission, 'admin'>, Permission[]> = {
  'messages:read': ['message.read'],
  'messages:write': ['message.write'],
  'conversations:read': ['conversation.read', 'contact.read', 'account.read', 'operator.read'],
  'conversations:write': ['conversation.write', 'contact.write'],
  'channels:read': ['channel.read'],
  'channels:write': ['channel.write'],
  'bots:read': ['bot.read'],
  'bots:write': ['bot.write'],
  'webhooks:read': ['webhook.read'],
  'webhooks:write': ['webhook.write'],
  'analytics:read': [],
}

/** What an API key with these may do. */
export function permissionsOf(words: readonly KeyPermission[]): Permission[] {
  const meant = words.flatMap((word): readonly Permission[] => (word === 'admin' ? PERMISSIONS : MEANT[word]))
  return [...new Set(meant)]
}

/** A key that was made elsewhere, in the vendor's words: those that it covers. */
export function wordsFor(permissions: readonly Permission[]): KeyPermission[] {
  const has = new Set(permissions)
  if (PERMISSIONS.every((permission) => has.has(permission))) return ['admin']
  return Object.entries(MEANT).flatMap(([word, meant]) =>
    meant.length > 0 && meant.every((permission) => has.has(permission)) ? [word as KeyPermission] : [],
  )
}
