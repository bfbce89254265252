import { createHash } from 'node:crypto'
import { refuse } from '../../domain/errors.ts'

/** Which list of which account a cursor goes on with. `list` is a short name of ours, such as `contacts`. */
export interface ListNamed {
  accountId: string
  list: string
}

type Kind = 'text' | 'integer'
type ValueOf<One extends Kind> = One extends 'text' ? string : number
/** The values of a keyset in order, by their kinds: `['integer', 'text']` is `[number, string]`. */
export type KeyOf<Kinds extends readonly Kind[]> = { -readonly [At in keyof Kinds]: ValueOf<Kinds[At]> }

const CHECK_BYTES = 9

/**
 * Where a list goes on, as clients hold it: opaque base64url. `key` has the keyset's values of the last row shown (a moment is its
 * milliseconds). Nothing in it is secret; the check at its end covers account and list, so that a mangled cursor, another account's and
 * another list's are told from one of this list.
 */
export function writeListCursor(named: ListNamed, key: readonly (string | number)[]): string {
  const body = Buffer.from(JSON.stringify(key))
  return Buffer.concat([checkOf(named, body), body]).toString('base64url')
}

/** The keyset's values, by their kinds; null where there is no cursor. Refuses `invalid` (field `cursor`) for anything else. */
export function readListCursor<const Kinds extends readonly Kind[]>(
  named: ListNamed,
  kinds: Kinds,
  cursor: string | undefined,
): KeyOf<Kinds> | null {
  if (cursor === undefined) return null
  const bytes = Buffer.from(cursor, 'base64url')
  const body = bytes.subarray(CHECK_BYTES)
  const isOurs =
    bytes.toString('base64url') === cursor && checkOf(named, body).equals(bytes.subarray(0, CHECK_BYTES))
  const key = isOurs ? parse(body) : null
  if (!Array.isArray(key) || key.length !== kinds.length || !kinds.every((kind, at) => isOf(kind, key[at])))
    return refuse('invalid', { field: 'cursor', reason: 'cursor is no cursor of this list.' })
  return key as KeyOf<Kinds>
}

/** One page of a list: `rows` are at most one more than `limit`, which says that there is a next page. */
export function presentPage<Row, Item>(
  rows: Row[],
  limit: number,
  present: { item: (row: Row) => Item; cursor: (row: Row) => string },
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const nextCursor = last !== undefined && rows.length > limit ? present.cursor(last) : null
  return { items: shown.map(present.item), nextCursor }
}

function checkOf({ accountId, list }: ListNamed, body: Buffer): Buffer {
  return createHash('sha256').update(`${accountId} ${list} `).update(body).digest().subarray(0, CHECK_BYTES)
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return null
  }
}

function isOf(kind: Kind, value: unknown): boolean {
  return kind === 'text' ? typeof value === 'string' : Number.isSafeInteger(value)
}
