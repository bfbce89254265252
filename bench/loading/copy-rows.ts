import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { from } from 'pg-copy-streams'

export type Value = string | number | boolean | Date | null

const CHUNK_LETTERS = 256 * 1024

/** Streams rows into a table by COPY, as fast as the database takes them. */
export async function copyRows(
  client: Client,
  into: { table: string; columns: string[] },
  rows: Iterable<Value[]>,
): Promise<void> {
  const names = into.columns.map((name) => `"${name}"`).join(', ')
  const stream = client.query(from(`copy ${into.table} (${names}) from stdin`))
  await pipeline(Readable.from(chunks(rows)), stream)
}

function* chunks(rows: Iterable<Value[]>): Iterable<string> {
  let chunk = ''
  for (const row of rows) {
    chunk += `${row.map(written).join('\t')}\n`
    if (chunk.length < CHUNK_LETTERS) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** In COPY's text format. */
function written(value: Value): string {
  if (value === null) return '\\N'
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'string'
    ? value.replace(/[\\\t\n\r]/g, (letter) => ESCAPES[letter] ?? '')
    : String(value)
}
