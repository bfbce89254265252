import type { Keyset } from '../../application/ports/reader.ts'
import { readListCursor, writeListCursor, type ListName } from './list-cursor.ts'
import type { PageQuery } from './schema/paging.ts'

const USUAL_LIMIT = 25

/** What a request asks of a list. */
export interface Paging extends ListName {
  after: string | null
  limit: number
}

export interface PageOf<Item> {
  items: Item[]
  nextCursor: string | null
}

export function acceptPaging(name: ListName, { limit = USUAL_LIMIT, cursor }: PageQuery): Paging {
  return { ...name, limit, after: readListCursor(name, cursor) }
}

/** One more than is shown: that one says whether there are more. */
export function keysetOf({ after, limit }: Paging): Keyset {
  return { after: after === null ? null : Number(after), order: 'asc', limit: limit + 1 }
}

/** The page, when one more was read than is shown; `nameOf` gives what the next page begins after. */
export function presentPage<Row, Item>(
  rows: Row[],
  paging: Paging,
  how: { nameOf(row: Row): string | number; present(row: Row): Item },
): PageOf<Item> {
  const shown = rows.slice(0, paging.limit)
  const last = shown.at(-1)
  const isMore = rows.length > paging.limit && last !== undefined
  return {
    items: shown.map((row) => how.present(row)),
    nextCursor: isMore ? writeListCursor(paging, how.nameOf(last)) : null,
  }
}
