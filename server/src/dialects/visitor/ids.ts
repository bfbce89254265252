import { refuse } from '../../domain/errors.ts'
import { isUuid } from '../../platform/ids.ts'

/** Every name at this door is a UUID, in lower case. Refuses `invalid`. */
export function acceptUuid(text: string, field: string): string {
  return isUuid(text) ? text.toLowerCase() : refuse('invalid', { field, reason: `${field} is no UUID.` })
}
