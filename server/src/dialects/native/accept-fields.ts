import { refuse } from '../../domain/errors.ts'
import type { JsonObject } from '../../domain/ref.ts'
import { unstorablePath } from '../../platform/text.ts'

/** What the database indexes must fit into a row of an index; schemas count characters as people see them. */
const LONGEST = 255
/** Of what integrations keep with us, as JSON. */
const LONGEST_METADATA = 16_384

/** Text without what surrounds it. Refuses `missing` for a blank one, `invalid` for one too long or that cannot be stored. */
export function requiredText(text: string, field: string, longest = LONGEST): string {
  return optionalText(text, field, longest) ?? refuse('missing', { field, reason: `${field} is empty.` })
}

/** The same, blank being null. */
export function optionalText(text: string | null, field: string, longest = LONGEST): string | null {
  const trimmed = text?.trim() ?? ''
  if (unstorablePath({ trimmed }) !== null)
    refuse('invalid', { field, reason: `${field} has characters that cannot be stored.` })
  if (trimmed.length > longest) refuse('invalid', { field, reason: `${field} is too long.` })
  return trimmed === '' ? null : trimmed
}

export function acceptMetadata(metadata: Record<string, unknown>): JsonObject {
  const bad = unstorablePath(metadata)
  if (bad !== null)
    refuse('invalid', { field: 'metadata', reason: `metadata.${bad} has characters that cannot be stored.` })
  if (JSON.stringify(metadata).length > LONGEST_METADATA)
    refuse('invalid', {
      field: 'metadata',
      reason: `metadata is longer than ${LONGEST_METADATA} characters.`,
    })
  return metadata as JsonObject
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/

/** A moment with its offset, as RFC 3339 writes it. */
export function acceptTime(text: string, field: string): Date {
  const moment = ISO.test(text) ? new Date(text) : null
  if (moment && !Number.isNaN(moment.getTime())) return moment
  return refuse('invalid', { field, reason: `${field} is no time such as 2026-03-02T09:00:00Z.` })
}

/** Only what was given, under the core's name for it. */
export function given<Name extends string, Wire, Value>(
  name: Name,
  value: Wire | undefined,
  accept: (value: Wire) => Value,
): { [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: accept(value) } as { [Key in Name]?: Value })
}
