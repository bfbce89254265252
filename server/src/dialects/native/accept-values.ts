import { refuse } from '../../domain/errors.ts'
import type { JsonObject, Ref } from '../../domain/ref.ts'
import { unstorablePath } from '../../platform/text.ts'
import { refOf } from './ids.ts'

const MOST_BYTES = 65_536
const MOST_LEVELS = 20

/** What a schema cannot say of any body: all of its text can be stored, and what is free in form is bounded. */
export function mustBeStorable(body: unknown): void {
  const bad = unstorablePath(body)
  if (bad !== null) refuse('invalid', { field: bad, reason: `${bad} has characters that cannot be stored.` })
}

/** JSON of any form, within bounds. */
export function acceptJson(given: object, field: string): JsonObject {
  const text = isShallow(given) ? JSON.stringify(given) : null
  if (text === null || Buffer.byteLength(text) > MOST_BYTES)
    refuse('invalid', { field, reason: `${field} has more than 64 kB or 20 levels.` })
  return JSON.parse(text) as JsonObject
}

/** Level by level: what is nested deeper than the stack is refused, not followed. */
function isShallow(given: object): boolean {
  let level: object[] = [given]
  for (let depth = 0; depth < MOST_LEVELS && level.length > 0; depth += 1)
    level = level.flatMap((value) =>
      Object.values(value).filter((inner) => typeof inner === 'object' && inner !== null),
    )
  return level.length === 0
}

/** Words that are not just spaces; `missing` otherwise. */
export function mustSay(text: string, field: string): string {
  return text.trim() === '' ? refuse('missing', { field, reason: `${field} is empty.` }) : text
}

/** Characters as people see them may be longer than what they are kept in. */
export function mustBeShort(text: string, field: string): string {
  if (Buffer.byteLength(text) <= 1024) return text
  return refuse('invalid', { field, reason: `${field} is too long.` })
}

export function acceptTags(tags: string[] | undefined): string[] | undefined {
  return tags && [...new Set(tags.map((tag) => mustBeShort(mustSay(tag.trim(), 'tags'), 'tags')))]
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/

/** A moment with its time zone. */
export function acceptTime(text: string, field: string): Date {
  const at = ISO.test(text) ? new Date(text) : null
  if (at && !Number.isNaN(at.getTime())) return at
  return refuse('invalid', { field, reason: `${field} is no ISO 8601 time with a time zone.` })
}

/** `op_…` or `bot_…`; a bare UUID may be either. */
export function acceptAssignee(text: string): { operator: Ref } | { bot: Ref } | { either: Ref } {
  if (/^bot_/i.test(text)) return { bot: refOf('bot', text) }
  const ref = refOf('operator', text)
  return /^op_/i.test(text) ? { operator: ref } : { either: ref }
}

/** The UUID behind a public id. */
export function uuidOf(what: Parameters<typeof refOf>[0], text: string): string {
  const ref = refOf(what, text)
  return 'id' in ref ? ref.id : refuse('not_found', { what })
}
