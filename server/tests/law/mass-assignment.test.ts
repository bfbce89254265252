import { expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import { knownFrom } from '../known.ts'
import { PERSONAL, PUBLIC } from '../people-requests.ts'
import { databaseDigest, probeOf, sendProbe } from '../probing.ts'
import { SAMPLES, type Sample } from '../requests.ts'
import { VISITING } from '../visitor-requests.ts'
import { openVisited } from '../visitor/visited.ts'
import { signedIn } from '../browser.ts'

const MARK = 'assigned-by-a-stranger'
const MARKED_ID = '0bad0bad-0bad-7bad-8bad-0bad0bad0bad'
const MARKED_NUMBER = 424_242_424

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
const CHANGING = [...SAMPLES, ...PUBLIC, ...PERSONAL, ...VISITING].filter(({ body }) => body !== undefined)

/** Every column of every table, as it is called there and as our own wire would call it. */
async function columnNames(house: TestHouse): Promise<string[]> {
  const rows = await house.sql<{ name: string }>(
    `select distinct column_name as name from information_schema.columns where table_schema = 'public' order by 1`,
  )
  return [...new Set(rows.flatMap(({ name }) => [name, camel(name)]))]
}

/** Where in the database a mark is; words of the wire that may be stored as they come are not asked for. */
async function marksIn(house: TestHouse): Promise<string[]> {
  const tables = await house.sql<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await house.sql<{ row: string }>(
        `select left(t::text, 300) as row from ${name} t where t::text like any ($1)`,
        [[`%${MARK}%`, `%${MARKED_ID}%`, `%${MARKED_NUMBER}%`]],
      )
      return rows.map(({ row }) => `${name}: ${row}`)
    }),
  )
  return found.flat()
}

interface Trial {
  sample: Sample
  names: string[]
  value: unknown
  headers: Record<string, string> | undefined
}

async function assign(house: TestHouse, { sample, names, value, headers }: Trial): Promise<string | null> {
  const probe = probeOf(house, headers ? { ...sample, headers } : sample, knownFrom(house))
  const more = names.filter((name) => !Object.hasOwn(probe.body ?? {}, name) && !isParameter(sample, name))
  const body = { ...Object.fromEntries(more.map((name) => [name, value])), ...probe.body }
  const reply = await sendProbe(house, { ...probe, body })
  return reply.status >= 500 ? `${sample.method} ${sample.route}: ${reply.status} ${reply.text}` : null
}

/** What a route takes by that name, though its sample does not give it. */
const PARAMETERS: Record<string, RegExp> = {
  'blinger-app': /^(text|name|phone|email|note|tags|extra_?fields|custom_?name|role|operator_id)$/i,
  'blinger-widget': /^(text|name|status|email|avatar|external_?id)$/i,
  pact: /^(text|name|phone|note|provider|username|sender_?name|url|metadata)$/i,
  linktor:
    /^(text|name|status|priority|tags|metadata|note|reason|resolution|summary|email|phone|content|expires_?at)$/i,
  native: /^messageId$/,
}
const isParameter = (sample: Sample, name: string) => PARAMETERS[sample.dialect]?.test(name) ?? false

test('no column is written because a request names it', async () => {
  await using house = await openVisited()
  const names = await columnNames(house)
  expect(names.length).toBeGreaterThan(200)
  const owner = await signedIn(house, house.fixture.owner)
  const signed = { cookie: owner.line(), origin: 'http://127.0.0.1:3000' }
  const personal = new Set(PERSONAL.filter(({ dialect }) => dialect === 'native'))
  const victim = await databaseDigest(house, house.other.account.id)
  const faults: string[] = []
  for (const value of [MARK, MARKED_ID, MARKED_NUMBER])
    for (const sample of CHANGING) {
      const headers = personal.has(sample) ? signed : undefined
      const fault = await assign(house, { sample, names, value, headers })
      if (fault) faults.push(fault)
    }
  expect(faults).toEqual([])
  expect(await marksIn(house)).toEqual([])
  expect(await databaseDigest(house, house.other.account.id)).toBe(victim)
}, 120_000)

test('a strange account in a body moves nothing there', async () => {
  await using house = await openVisited()
  const { id, number } = house.other.account
  const victim = await databaseDigest(house, id)
  const names = [
    'account_id',
    'accountId',
    'account',
    'company_id',
    'companyId',
    'tenant_id',
    'organizationId',
  ]
  const faults: string[] = []
  for (const value of [id, number, `org_${id.replaceAll('-', '')}`, `acc_${id.replaceAll('-', '')}`])
    for (const sample of [...SAMPLES, ...VISITING].filter(({ body }) => body !== undefined)) {
      const fault = await assign(house, { sample, names, value, headers: undefined })
      if (fault) faults.push(fault)
    }
  expect(faults).toEqual([])
  expect(await databaseDigest(house, id)).toBe(victim)
}, 120_000)

const POLLUTIONS = [
  '{"__proto__":{"isPolluted":true},',
  '{"constructor":{"prototype":{"isPolluted":true}},',
  '{"metadata":{"__proto__":{"isPolluted":true}},',
  '{"a":{"b":{"__proto__":{"isPolluted":true}}},',
  '{"a":{"b":{"c":{"constructor":{"prototype":{"isPolluted":true}}}}},',
]

test('no key reaches a prototype, at whatever depth', async () => {
  await using house = await openVisited()
  for (const sample of CHANGING) {
    const probe = probeOf(house, sample, knownFrom(house))
    for (const pollution of POLLUTIONS) {
      const text = JSON.stringify(probe.body)
      const payload = text === '{}' ? `${pollution.slice(0, -1)}}` : pollution + text.slice(1)
      const { method } = sample
      const headers = { ...probe.headers, 'content-type': 'application/json' }
      const reply = await house.request({ method, url: probe.path, headers, payload })
      expect(reply.status, `${sample.route}: ${reply.text}`).toBeLessThan(500)
      expect(Reflect.get({}, 'isPolluted')).toBeUndefined()
    }
  }
}, 120_000)
