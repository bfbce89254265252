import type { InjectOptions } from 'fastify'
import type { Reply, TestHouse } from './house.ts'
import type { Known } from './known.ts'
import { fill, TOKENS } from './known.ts'
import type { Sample } from './requests.ts'

/** A request as it goes out, with its sample's parts still apart. */
export interface Probe {
  sample: Sample
  path: string
  query: Record<string, unknown>
  body: Record<string, unknown> | undefined
  headers: Record<string, string>
}

/** A sample with every placeholder filled in, from the account that `known` tells of. */
export function probeOf(house: TestHouse, sample: Sample, known: Known): Probe {
  return {
    sample,
    path: String(fill(sample.path, known)),
    query: fill(sample.query ?? {}, known) as Record<string, unknown>,
    body: sample.body && (fill(sample.body, known) as Record<string, unknown>),
    headers:
      (fill(sample.headers, known) as Record<string, string> | undefined) ??
      TOKENS[sample.dialect]?.(house.fixture) ??
      {},
  }
}

export function sendProbe(house: TestHouse, probe: Probe): Promise<Reply> {
  const query = Object.entries(probe.query).map(([key, value]) => `${key}=${encode(value)}`)
  const url = probe.path + (query.length > 0 ? `?${query.join('&')}` : '')
  const options: InjectOptions = { method: probe.sample.method, url, headers: probe.headers }
  return house.request(probe.body === undefined ? options : { ...options, payload: probe.body })
}

const encode = (value: unknown) =>
  encodeURIComponent((typeof value === 'object' ? JSON.stringify(value) : String(value)).toWellFormed())

/** What is wrong with an answer that refuses; null when it has its dialect's shape. */
export function faultOfRefusal(dialect: Sample['dialect'], reply: Reply): string | null {
  if (reply.status >= 500) return `status ${reply.status}: ${reply.text}`
  return faultOfShape(dialect, reply)
}

/** The same of the shape alone, whatever the status. */
export function faultOfShape(dialect: Sample['dialect'], { status, body, text }: Reply): string | null {
  if (typeof body !== 'object' || body === null) return `no JSON: ${text}`
  const isShaped = {
    'blinger-app': () => Object.keys(body).join() === 'error,status' && body.status === status,
    'blinger-widget': () => Object.keys(body).join() === 'error,status' && body.status === status,
    pact: () =>
      body.status === 'errored' && body.errors?.[0]?.status === status && Boolean(body.errors[0].detail),
    linktor: () => Boolean(body.error?.code && body.error.message && body.meta?.requestId),
    native: () => body.status === status && Boolean(body.title && body.code),
    visitor: () => body.status === status && Boolean(body.title && body.code),
  }[dialect]
  return isShaped() ? null : `another shape: ${text}`
}

/** Of everything the database holds, jobs too: equal digests, equal contents. */
export async function databaseDigest(house: TestHouse, accountId?: string): Promise<string> {
  const tables = await house.sql<{ name: string; isLed: boolean }>(
    `select table_name as name, exists (select 1 from information_schema.columns c where c.table_schema = 'public'
        and c.table_name = t.table_name and c.column_name = 'account_id' and c.data_type = 'uuid') as "isLed"
       from information_schema.tables t where table_schema = 'public' order by 1`,
  )
  const rows = tables
    .filter(({ isLed }) => isLed || !accountId)
    .map(({ name, isLed }) => {
      const where = accountId && isLed ? `where account_id = '${accountId}'` : ''
      // When a token was last used is no doing of the request's.
      const row = name === 'token' ? `(to_jsonb(t) - 'last_used_at')::text` : 't::text'
      return `select '${name}' as name, md5(string_agg(${row}, '|' order by ${row})) as digest from ${name} t ${where}`
    })
  if (!accountId) rows.push(`select 'jobs', count(*)::text from graphile_worker._private_jobs`)
  const found = await house.sql(rows.join(' union all '))
  return JSON.stringify(found)
}
