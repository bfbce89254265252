import { createHash } from 'node:crypto'
import { refuse } from '../../domain/errors.ts'

const CHECK_BYTES = 6

/** Which list a cursor belongs to; it is good for no other, and for no other account. */
export interface ListName {
  list: string
  accountId: string
}

/** Where a list goes on, as clients hold it: opaque. `after` is the name of the last one shown. */
export function writeListCursor(name: ListName, after: string | number): string {
  const text = String(after)
  return Buffer.concat([checkOf(name, text), Buffer.from(text)]).toString('base64url')
}

/** Null for none. Refuses `invalid` for anything that was not written for this list of this account. */
export function readListCursor(name: ListName, cursor: string | undefined): string | null {
  if (cursor === undefined) return null
  const bytes = Buffer.from(cursor, 'base64url')
  const text = bytes.subarray(CHECK_BYTES).toString()
  if (text !== '' && writeListCursor(name, text) === cursor) return text
  return refuse('invalid', { field: 'cursor', reason: 'cursor is none of this list.' })
}

function checkOf({ list, accountId }: ListName, text: string): Buffer {
  return createHash('sha256').update(`${list}\n${accountId}\n${text}`).digest().subarray(0, CHECK_BYTES)
}
