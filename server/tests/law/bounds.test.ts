import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import { knownFrom } from '../known.ts'
import { databaseDigest, faultOfRefusal, probeOf, type Probe } from '../probing.ts'
import { SAMPLES, type Sample } from '../requests.ts'
import { VISITING } from '../visitor-requests.ts'
import { openVisited } from '../visitor/visited.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openVisited()
})
afterAll(() => house[Symbol.asyncDispose]())

/** One well-formed request with a body, and one without, of each dialect. */
const DIALECTS = ['blinger-app', 'blinger-widget', 'pact', 'linktor', 'native', 'visitor'] as const
const EVERY = [...SAMPLES, ...VISITING]
/** With the credential that most of its dialect's requests have. */
const isUsual = ({ dialect, headers }: Sample) =>
  dialect === 'visitor' ? headers?.authorization !== undefined : !headers
/** A change may be of nothing: a body whose parts are all passed over is refused where something is to be made. */
const makesSomething = ({ method, body }: Sample) => method === 'POST' && body !== undefined
const writerOf = (dialect: string) =>
  probeOf(
    house,
    EVERY.find((sample) => sample.dialect === dialect && makesSomething(sample) && isUsual(sample))!,
    knownFrom(house),
  )
const readerOf = (dialect: string) =>
  probeOf(
    house,
    EVERY.find((sample) => sample.dialect === dialect && sample.method === 'GET')!,
    knownFrom(house),
  )

interface Sent {
  type?: string
  payload?: string | Buffer
  headers?: Record<string, string>
  query?: string
}

/** The faults of an answer that must refuse, in its dialect's shape, without a trace in the database. */
async function faultsOf(probe: Probe, { type, payload, headers = {}, query = '' }: Sent): Promise<string[]> {
  const before = await databaseDigest(house)
  const reply = await house.request({
    method: probe.sample.method,
    url: probe.path + query,
    headers: { ...probe.headers, ...(type && { 'content-type': type }), ...headers },
    payload,
  })
  const isRefused = [400, 413, 414, 415, 431].includes(reply.status)
  const fault = isRefused ? faultOfRefusal(probe.sample.dialect, reply) : `${reply.status} ${reply.text}`
  const isChanged = (await databaseDigest(house)) !== before
  return [fault ?? [], isChanged ? 'something was written' : []].flat()
}

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'
const MULTIPART_TYPE = 'multipart/form-data; boundary=x'
const part = (name: string, value: string) =>
  `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const levels = (count: number) => `{"text":${'{"a":['.repeat(count / 2)}1${']}'.repeat(count / 2)}}`

describe.each(DIALECTS)('%s', (dialect) => {
  test.each<[string, Sent]>([
    ['65 levels', { type: JSON_TYPE, payload: levels(64) }],
    ['100 000 levels', { type: JSON_TYPE, payload: '['.repeat(100_000) }],
    ['a megabyte and more', { type: JSON_TYPE, payload: JSON.stringify({ text: 'x'.repeat(1_048_577) }) }],
    ['a longer length than it says', { type: JSON_TYPE, payload: '{}', headers: { 'content-length': '5' } }],
    ['10 000 parts', { type: MULTIPART_TYPE, payload: `${part('a', '1').repeat(10_000)}--x--\r\n` }],
    [
      '10 000 headers of a part',
      { type: MULTIPART_TYPE, payload: `--x\r\n${'a: b\r\n'.repeat(10_000)}\r\n1\r\n--x--\r\n` },
    ],
  ])('refuses a body of %s', async (_, sent) => {
    expect(await faultsOf(writerOf(dialect), sent)).toEqual([])
  })

  test('refuses a megabyte of password, and of form', async () => {
    const payload = `operator_password=${'x'.repeat(1_048_577)}`
    expect(await faultsOf(writerOf(dialect), { type: FORM_TYPE, payload })).toEqual([])
  })

  test.each<[string, Sent]>([
    ['a URL', { query: `?a=${'x'.repeat(9000)}` }],
    [
      'headers',
      { headers: Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`x-${index}`, '1'])) },
    ],
  ])('refuses too much of %s', async (_, sent) => {
    expect(await faultsOf(readerOf(dialect), sent)).toEqual([])
  })
})

/** `a[__proto__][polluted]=1` and its like, at every depth to the fourth. */
const REACHES = [['__proto__'], ['constructor', 'prototype']]
const PATHS = REACHES.flatMap((reach) =>
  ['', 'a', 'a.b', 'a.b.c'].map((above) => [...(above ? above.split('.') : []), ...reach, 'polluted']),
)
const inForm = ([first = '', ...rest]: string[]) => `${first}${rest.map((name) => `[${name}]`).join('')}`
const inJson = (path: string[]): string => {
  const [name, ...rest] = path
  return name === undefined ? '"yes"' : `{${JSON.stringify(name)}:${inJson(rest)}}`
}
/** What a program that trusts keys would now find on anything at all. */
const isPolluted = () => 'polluted' in {} || 'polluted' in [] || 'polluted' in (() => undefined)

describe.each(EVERY)('$method $route', (sample) => {
  test('no key reaches a prototype', async () => {
    const probe = probeOf(house, sample, knownFrom(house))
    const { method } = sample
    const statuses: number[] = []
    const send = async (query: string, type?: string, payload?: string) => {
      const headers = { ...probe.headers, ...(type && { 'content-type': type }) }
      const { status } = await house.request({ method, url: `${probe.path}${query}`, headers, payload })
      statuses.push(status)
    }
    for (const path of PATHS) {
      const pair = `${encodeURIComponent(inForm(path))}=yes`
      await send(`?${pair}`)
      await send(`?${path.join('.')}=yes`)
      if (method === 'GET') continue
      const json = inJson(path)
      await send('', JSON_TYPE, json)
      await send(
        '',
        JSON_TYPE,
        `${JSON.stringify(probe.body ?? {}).slice(0, -1)},${json.slice(1)}`.replace('{,', '{'),
      )
      await send('', JSON_TYPE, json.replaceAll('_', '\\u005f').replaceAll('o', '\\u006f'))
      await send('', FORM_TYPE, pair)
      await send('', MULTIPART_TYPE, `${part(inForm(path), 'yes')}--x--\r\n`)
    }
    expect(isPolluted()).toBe(false)
    expect(statuses.length).toBeGreaterThanOrEqual(2 * PATHS.length)
    expect(statuses.filter((status) => status >= 500)).toEqual([])
    const kept = await house.sql(`select 1 from conversation where metadata::text like '%polluted%'`)
    expect(kept).toEqual([])
  })
})
