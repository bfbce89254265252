import type { Reply, TestHouse } from './house.ts'
import type { Known } from './known.ts'
import { fill, knownFrom, PLACEHOLDER, TOKENS, WHOLE } from './known.ts'

/** A golden exchange: what a client sends, and what it must get. */
export interface Exchange {
  title: string
  /** Environment settings the server is run with. */
  settings?: Record<string, string>
  steps: {
    request: ExchangeRequest
    reply: { status: number; headers?: Record<string, unknown>; body?: unknown }
  }[]
}

export interface ExchangeRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  headers?: Record<string, string>
  body?: unknown
}

/** What `{{:type}}` stands for in a reply. */
const TYPES: Record<string, (value: unknown) => boolean> = {
  int: Number.isInteger,
  string: (value) => typeof value === 'string' && value !== '',
  unix: (value) => Number.isInteger(value) && Number(value) > 1_500_000_000 && Number(value) < 5_000_000_000,
  micros: (value) => Number.isInteger(value) && Number(value) > 1.5e15,
  uuid: (value) => /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(String(value)),
  iso: (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(String(value)),
  utc: (value) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/.test(String(value)),
  url: (value) => typeof value === 'string' && URL.canParse(value),
}

/** Plays an exchange against a house; returns every difference, none when it conforms. */
export async function play(
  house: TestHouse,
  dialect: string,
  exchange: Exchange,
  more: Record<string, unknown> = {},
): Promise<string[]> {
  const known: Known = new Map([...knownFrom(house), ...Object.entries(more)])
  const differences: string[] = []
  for (const [index, { request, reply }] of exchange.steps.entries()) {
    const got = await send(house, dialect, fill(request, known) as ExchangeRequest)
    const where = `step ${index + 1} ${request.method} ${request.path}`
    if (got.status !== reply.status) differences.push(`${where}: status ${got.status} ${got.text}`)
    if (reply.headers)
      compare(reply.headers, pick(got.headers, reply.headers), {
        known,
        differences,
        path: `${where} headers`,
      })
    if ('body' in reply) compare(reply.body, got.body ?? got.text, { known, differences, path: where })
  }
  return differences
}

/** One request of an exchange; without headers it carries the dialect's token. */
export function send(house: TestHouse, dialect: string, request: ExchangeRequest): Promise<Reply> {
  const headers = request.headers ?? TOKENS[dialect]?.(house.fixture) ?? {}
  const payload = request.body as string | object | undefined
  return house.request({ method: request.method, url: request.path, headers, payload })
}

/** Every difference between what is written down and what there is; placeholders are bound as they are met. */
export function differencesBetween(expected: unknown, got: unknown, known: Known): string[] {
  const differences: string[] = []
  compare(expected, got, { known, differences, path: '' })
  return differences
}

interface Comparison {
  known: Known
  differences: string[]
  path: string
}

function compare(expected: unknown, got: unknown, at: Comparison): void {
  if (typeof expected === 'string' && PLACEHOLDER.test(expected)) return compareText(expected, got, at)
  if (typeof expected !== 'object' || expected === null) {
    if (!Object.is(expected, got)) differ(at, expected, got)
    return
  }
  if (typeof got !== 'object' || got === null || Array.isArray(expected) !== Array.isArray(got))
    return differ(at, expected, got)
  const wanted = Object.entries(expected)
  const extra = Object.keys(got).filter((key) => !Object.hasOwn(expected, key))
  if (extra.length > 0) at.differences.push(`${at.path}: unexpected ${extra.join(', ')}`)
  for (const [key, value] of wanted) {
    const inner = { ...at, path: `${at.path}.${key}` }
    if (!Object.hasOwn(got, key)) at.differences.push(`${inner.path}: missing`)
    else compare(value, (got as Record<string, unknown>)[key], inner)
  }
}

function compareText(expected: string, got: unknown, at: Comparison): void {
  PLACEHOLDER.lastIndex = 0
  const whole = WHOLE.exec(expected)?.[1]
  if (whole === undefined || at.known.has(whole)) {
    const filled = fill(expected, at.known)
    if (filled !== got) differ(at, filled, got)
    return
  }
  const [, star, name = '', type] = /^(\*?)([^:]*)(?::(\w+))?$/.exec(whole) ?? []
  const isRight = type === undefined ? got !== undefined : TYPES[type]?.(got)
  if (!isRight) differ(at, expected, got)
  if (star) {
    at.known.set(name, got)
    if (typeof got === 'string' && TYPES.uuid?.(got)) at.known.set(`${name}:hex`, got.replaceAll('-', ''))
  }
}

function differ({ path, differences }: Comparison, expected: unknown, got: unknown): void {
  differences.push(`${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`)
}

function pick(headers: Record<string, unknown>, wanted: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, headers[name.toLowerCase()]]))
}
