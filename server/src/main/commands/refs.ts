import type { Ref } from '../../domain/ref.ts'
import { isUuid } from '../../platform/ids.ts'
import { UsageError } from './command.ts'

const HEX = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/

/** A number, a UUID, or an id as the API writes it. */
export function readRef(text: string, name: string): Ref {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+_/, '')
  if (/^[1-9]\d{0,14}$/.test(bare)) return { number: Number(bare) }
  const id = HEX.exec(bare)?.slice(1).join('-') ?? bare
  if (isUuid(id)) return { id }
  throw new UsageError(`--${name} must be a number or an id`)
}

/** An id of a thing that has no number. */
export function readId(text: string, name: string): string {
  const ref = readRef(text, name)
  if ('id' in ref) return ref.id
  throw new UsageError(`--${name} must be an id`)
}
