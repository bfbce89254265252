import { sql } from 'kysely'
import type { Queries } from './database.ts'

/** Columns of a multi-row statement: snake_case name and PostgreSQL type. */
export type Columns = Record<string, string>

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** A row with just these columns, as the JSON that `jsonb_to_recordset` takes apart again. */
function pick(row: object, columns: Columns): Record<string, unknown> {
  const values = new Map(Object.entries(row))
  return Object.fromEntries(Object.keys(columns).map((name) => [name, values.get(camel(name)) ?? null]))
}

function recordset(rows: object[], columns: Columns) {
  const definition = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`)
  const json = JSON.stringify(rows.map((row) => pick(row, columns)))
  return sql`rows from (jsonb_to_recordset(${json}::jsonb) as (${sql.raw(definition.join(', '))})) with ordinality`
}

/** Inserts many rows in one statement of one parameter, in the order given; returns what is asked for, in that order. */
export async function insertRows<Returned>(
  db: Queries,
  into: { table: string; columns: Columns; returning: string[] },
  rows: object[],
): Promise<Returned[]> {
  if (rows.length === 0) return []
  const names = sql.raw(
    Object.keys(into.columns)
      .map((name) => `"${name}"`)
      .join(', '),
  )
  const returning = into.returning.length > 0 ? sql` returning ${sql.raw(into.returning.join(', '))}` : sql``
  const result = await sql<Returned>`
    insert into ${sql.table(into.table)} (${names})
    select ${names} from ${recordset(rows, into.columns)} order by ordinality${returning}
  `.execute(db)
  return result.rows
}

/** Updates many rows by account and id in one statement of one parameter. */
export async function updateRows(
  db: Queries,
  into: { table: string; columns: Columns },
  rows: object[],
): Promise<void> {
  if (rows.length === 0) return
  const changed = Object.keys(into.columns).filter((name) => name !== 'account_id' && name !== 'id')
  const assignments = sql.raw(changed.map((name) => `"${name}" = r."${name}"`).join(', '))
  await sql`
    update ${sql.table(into.table)} t set ${assignments}
    from ${recordset(rows, into.columns)} r
    where t.account_id = r.account_id and t.id = r.id
  `.execute(db)
}
