import type { Doer } from '../../domain/actor.ts'
import type { Ref } from '../../domain/ref.ts'

const PREFIXES = {
  conversation: 'conv_',
  message: 'msg_',
  channel: 'ch_',
  contact: 'contact_',
  user: 'user_',
  bot: 'bot_',
  key: 'key_',
  organization: 'org_',
  webhook: 'wh_',
  delivery: 'del_',
} as const

export type IdKind = keyof typeof PREFIXES

const HEX = /^[0-9a-f]{32}$/
const DASHES = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/

/** A UUID that names no row: what an id that is not written like one stands for. */
export const NOBODY = '00000000-0000-0000-0000-000000000000'

/** `conv_` and the UUID without hyphens. */
export function writeId(kind: IdKind, uuid: string): string {
  return PREFIXES[kind] + uuid.replaceAll('-', '')
}

/** The UUID; null for anything `writeId` would not write. */
export function readId(kind: IdKind, text: string): string | null {
  const prefix = PREFIXES[kind]
  const hex = text.startsWith(prefix) ? text.slice(prefix.length) : ''
  return HEX.test(hex) ? hex.replace(DASHES, '$1-$2-$3-$4-$5') : null
}

/** The row an id names; nobody's when it is written wrongly, so that it is answered like any unknown id. */
export function refOf(kind: IdKind, text: string): Ref & { id: string } {
  return { id: readId(kind, text) ?? NOBODY }
}

/** Users and bots are told apart by their prefix; null when it is neither. */
export function readAssigneeId(text: string): { kind: 'user' | 'bot'; id: string } | null {
  for (const kind of ['user', 'bot'] as const) {
    const id = readId(kind, text)
    if (id) return { kind, id }
  }
  return null
}

const DOERS: Record<Doer['kind'], IdKind | null> = {
  operator: 'user',
  bot: 'bot',
  contact: 'contact',
  token: 'key',
  system: null,
}

/** Who did it, in this dialect's words; the system has no id of its own. */
export function writeDoerId({ kind, id }: Doer): string {
  const written = DOERS[kind]
  return written && id ? writeId(written, id) : 'system'
}
