import type { Keyset } from '../../application/ports/reader.ts'
import { presentPage, readListCursor, writeListCursor, type ListNamed } from './list-cursor.ts'
import type { PageQuery } from './schema/paging.ts'

const USUAL_LIMIT = 25

/** What a request asks of a list: where it goes on, by the name of the last one shown, and how far. */
export interface Paging<Name extends string | number> extends ListNamed {
  after: Name | null
  limit: number
}

/** Of a list whose order is that of integer names. */
export function acceptPaging(named: ListNamed, { limit = USUAL_LIMIT, cursor }: PageQuery): Paging<number> {
  return { ...named, limit, after: readListCursor(named, ['integer'], cursor)?.[0] ?? null }
}

/** Of a list whose order is told by ids. */
export function acceptPagingById(
  named: ListNamed,
  { limit = USUAL_LIMIT, cursor }: PageQuery,
): Paging<string> {
  return { ...named, limit, after: readListCursor(named, ['text'], cursor)?.[0] ?? null }
}

/** One more than is shown: that one says whether there are more. */
export function keysetOf({ after, limit }: Paging<number>): Keyset {
  return { after, order: 'asc', limit: limit + 1 }
}

/** The page, when one more was read than is shown; `nameOf` gives what the next page begins after. */
export function presentList<Row, Item>(
  rows: Row[],
  { limit, list, accountId }: Paging<string | number>,
  how: { nameOf(row: Row): string | number; present(row: Row): Item },
): { items: Item[]; nextCursor: string | null } {
  const cursor = (row: Row) => writeListCursor({ list, accountId }, [how.nameOf(row)])
  return presentPage(rows, limit, { item: how.present, cursor })
}
