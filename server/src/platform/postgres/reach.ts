import { Client, type ClientConfig } from 'pg'
import { StartError } from '../start-error.ts'

const CONNECT_LIMIT_MS = 5000

/** Opens one connection, runs `work` and closes it. Refuses with one clear line, and without the password. */
export async function withConnection<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
  } satisfies ClientConfig)
  // A connection that breaks while idle reports here; the next query then fails by itself.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    await client.end().catch(() => undefined)
    throw new StartError(`The database ${place(url)} cannot be reached: ${reason(error)}`, error)
  }
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Refuses a DATABASE_URL that cannot be reached before anything is built on it. */
export async function reachDatabase(url: string) {
  await withConnection(url, (client) => client.query('select 1'))
}

function place(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url)
  return `${decodeURIComponent(pathname.slice(1))} at ${searchParams.get('host') ?? (hostname || 'localhost')}${port && `:${port}`}`
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join('; ')
  return error instanceof Error ? error.message || error.name : String(error)
}
