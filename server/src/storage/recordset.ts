import { sql, type RawBuilder } from 'kysely'
import type { Queries } from './database.ts'

/** Columns of a multi-row statement: snake_case name and PostgreSQL type. */
export type Columns = Record<string, string>

/** A column with all that can be worked out once: its place in a row, how a value is written, and how it is read back. */
interface Column {
  name: string
  key: string
  /** The element type of the array it travels in, and what makes its own type of that. */
  arrayType: string
  cast: string
  write(value: unknown): string
}

export const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
/** No quotes needed: neither numbers, truths, UUIDs nor ISO dates have a character that means something in an array. */
const plain = (value: unknown) => String(value)
const iso = createDateWriter()
const text = (value: unknown) => quote(String(value))
const json = (value: unknown) => quote(JSON.stringify(value))
const list = (value: unknown) =>
  quote(`{${(value as unknown[]).map((item) => quote(String(item))).join(',')}}`)

/** Most dates of a batch are its one moment: that is written out once. */
function createDateWriter(): Column['write'] {
  let last: unknown
  let written = ''
  return (value) => {
    if (value === last) return written
    last = value
    written = value instanceof Date ? value.toISOString() : quote(String(value))
    return written
  }
}

const WRITERS: Record<string, Column['write']> = {
  ...{ uuid: plain, integer: plain, bigint: plain, smallint: plain, boolean: plain },
  ...{ timestamptz: iso, text, jsonb: json, 'text[]': list },
}

const compiled = new WeakMap<Columns, Column[]>()

function compile(columns: Columns): Column[] {
  const known = compiled.get(columns)
  if (known) return known
  const made = Object.entries(columns).map(([name, type]): Column => {
    const write = WRITERS[type]
    if (!write) throw new Error(`A column of type ${type} cannot be written many at a time.`)
    // An array of arrays would be taken apart down to its words.
    const isNested = type.endsWith('[]')
    const cast = isNested ? `::${type}` : ''
    return { name, key: camel(name), arrayType: isNested ? 'text' : type, cast, write }
  })
  compiled.set(columns, made)
  return made
}

const namesOf = (columns: Column[]) => columns.map(({ name }) => `"${name}"`).join(', ')

/**
 * Rows as one array parameter a column: `from ${recordset(rows, columns)}` reads them as `r`, in order of `r.ordinality`.
 * The server takes arrays apart at half the cost of the same rows as JSON.
 */
export function recordset(rows: object[], columns: Columns): RawBuilder<unknown> {
  const made = compile(columns)
  const arrays = made.map((column) => sql`${arrayOf(rows, column)}::${sql.raw(column.arrayType)}[]`)
  return sql`unnest(${sql.join(arrays)}) with ordinality as r(${sql.raw(namesOf(made))}, ordinality)`
}

function arrayOf(rows: object[], { key, write }: Column): string {
  let literal = '{'
  for (const row of rows) {
    const value: unknown = Reflect.get(row, key)
    if (literal.length > 1) literal += ','
    literal += value === null || value === undefined ? 'NULL' : write(value)
  }
  return literal + '}'
}

/** Where rows go; `derived` columns are worked out by the database from what was given under their name. */
export interface InsertInto {
  table: string
  columns: Columns
  returning: string[]
  derived?: Record<string, string>
}

/** The statement that inserts many rows, in the order given, and returns what is asked for. */
export function insertion(into: InsertInto, rows: object[]): RawBuilder<unknown> {
  const columns = compile(into.columns)
  const values = columns.map(({ name, cast }) => into.derived?.[name] ?? `r."${name}"${cast}`).join(', ')
  const returning = into.returning.length > 0 ? sql` returning ${sql.raw(into.returning.join(', '))}` : sql``
  // The inner select fixes the order before anything derived, such as a number, is drawn for a row.
  return sql`insert into ${sql.table(into.table)} (${sql.raw(namesOf(columns))}) select ${sql.raw(values)}
    from (select * from ${recordset(rows, into.columns)} order by ordinality) r${returning}`
}

/** The statement that updates many rows by account and id. */
export function change(into: { table: string; columns: Columns }, rows: object[]): RawBuilder<unknown> {
  const assignments = compile(into.columns)
    .filter(({ name }) => name !== 'account_id' && name !== 'id')
    .map(({ name, cast }) => `"${name}" = r."${name}"${cast}`)
    .join(', ')
  return sql`update ${sql.table(into.table)} t set ${sql.raw(assignments)} from ${recordset(rows, into.columns)}
    where t.account_id = r.account_id and t.id = r.id`
}

/** Inserts many rows in one statement; returns what is asked for, in the order given. */
export async function insertRows<Returned>(
  db: Queries,
  into: InsertInto,
  rows: object[],
): Promise<Returned[]> {
  if (rows.length === 0) return []
  return (await sql<Returned>`${insertion(into, rows)}`.execute(db)).rows
}

/** Updates many rows by account and id in one statement. */
export async function updateRows(
  db: Queries,
  into: { table: string; columns: Columns },
  rows: object[],
): Promise<void> {
  if (rows.length > 0) await sql`${change(into, rows)}`.execute(db)
}
