import { refuse } from '../../domain/errors.ts'
import type { Ref } from '../../domain/ref.ts'
import { isUuid } from '../../platform/ids.ts'

const PREFIXES = {
  account: 'acc',
  attachment: 'file',
  bot: 'bot',
  channel: 'ch',
  contact: 'contact',
  conversation: 'conv',
  delivery: 'del',
  episode: 'ep',
  group: 'group',
  invitation: 'inv',
  message: 'msg',
  operator: 'op',
  review: 'review',
  role: 'role',
  session: 'sess',
  token: 'token',
  webhook: 'wh',
} as const
const HEX = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/

/** `conv_0199…`: what it names, and its UUID without hyphens. */
export function publicId(what: keyof typeof PREFIXES, id: string): string {
  return `${PREFIXES[what]}_${id.replaceAll('-', '')}`
}

/** A public id, or the UUID in it with or without hyphens. Anything else names nothing. */
export function refOf(what: keyof typeof PREFIXES, text: string): Ref {
  const bare = text.toLowerCase().replace(new RegExp(`^${PREFIXES[what]}_`), '')
  if (isUuid(bare)) return { id: bare }
  const parts = HEX.exec(bare)?.slice(1)
  return parts ? { id: parts.join('-') } : refuse('not_found', { what })
}

/** Whoever can have a conversation: an operator or a bot. */
export function holderRefOf(text: string): Ref {
  return refOf(text.toLowerCase().startsWith('bot_') ? 'bot' : 'operator', text)
}

/** The public id of a thing whose kind is known as a word only; what has no prefix keeps the name it has. */
export function publicIdOfKind(kind: string, id: string): string {
  const isKnown = (word: string): word is keyof typeof PREFIXES => Object.hasOwn(PREFIXES, word)
  return isKnown(kind) && isUuid(id) ? publicId(kind, id) : id
}

/** The name under its prefix, whichever that is; a text that is none is what it is. */
export function uuidIn(text: string): string {
  const bare = text.toLowerCase().replace(/^[a-z]+_/, '')
  const parts = HEX.exec(bare)?.slice(1)
  return parts ? parts.join('-') : bare
}

/** Events have an integer for a name: `evt_42`. */
export function eventId(number: number): string {
  return `evt_${number}`
}
