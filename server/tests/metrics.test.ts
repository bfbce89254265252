import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type TestHouse } from './house.ts'

const TOKEN = 'a-token-of-the-scraper'
let house: TestHouse
let guarded: TestHouse
beforeAll(async () => {
  house = await openHouse()
  guarded = await openHouse({ env: { PARLEY_METRICS_TOKEN: TOKEN } })
})
afterAll(async () => {
  await house[Symbol.asyncDispose]()
  await guarded[Symbol.asyncDispose]()
})

type Asking = { headers?: Record<string, string>; remoteAddress?: string }
const ask = (from: TestHouse, asking: Asking = {}) =>
  from.request({ method: 'GET', url: '/metrics', ...asking })
const bearer = (authorization: string) => ({ headers: { authorization } })

async function series(from = house): Promise<Map<string, number>> {
  const { text } = await ask(from, bearer(`Bearer ${TOKEN}`))
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

const counter = (dialect: string, method: string, status: string | number) =>
  `parley_http_requests_total{dialect="${dialect}",method="${method}",status="${status}"}`
const asked = (method: string, route: string) =>
  `parley_http_request_seconds_count{method="${method}",route="${route}"}`

describe('what is counted', () => {
  test('is each answer once, by dialect, method, status and the pattern of its route', async () => {
    const before = await series()
    expect((await house.native.get('/conversations')).status).toBe(200)
    expect((await house.native.get('/conversations')).status).toBe(200)
    expect((await house.linktor.get('/conversations/nothing')).status).toBe(404)
    expect((await house.pact.get('/companies', {}, { 'x-private-api-token': 'wrong' })).status).toBe(401)
    expect((await house.request({ method: 'GET', url: '/p1/nowhere' })).status).toBe(404)
    expect((await house.request({ method: 'DELETE', url: '/nowhere' })).status).toBe(404)
    const after = await series()
    const grown = (key: string) => (after.get(key) ?? 0) - (before.get(key) ?? 0)
    expect(grown(counter('native', 'GET', 200))).toBe(2)
    expect(grown(counter('linktor', 'GET', 404))).toBe(1)
    expect(grown(counter('pact', 'GET', 401))).toBe(1)
    expect(grown(counter('pact', 'GET', 404))).toBe(1)
    expect(grown(counter('none', 'DELETE', 404))).toBe(1)
    // The scrape before is in the next one's numbers.
    expect(grown(counter('none', 'GET', 200))).toBe(1)
    expect(grown(asked('GET', '/parley/v1/conversations'))).toBe(2)
    expect(grown(asked('GET', '/v1/conversations/:id'))).toBe(1)
    expect(grown(asked('GET', 'none'))).toBe(1)
    expect(grown(asked('DELETE', 'none'))).toBe(1)
  })

  test('does not grow with what is asked, and tells of nobody', async () => {
    await house.linktor.get('/conversations/seen-first')
    const before = await series()
    const ids = Array.from({ length: 40 }, (_, index) => `secret-${index}-${house.fixture.tokens.native}`)
    for (const id of ids) await house.linktor.get(`/conversations/${id}`, { q: id })
    await house.native.get('/conversations')
    for (const id of ids.slice(0, 5)) await house.request({ method: 'GET', url: `/${id}?x=${id}` })
    const after = await series()
    const added = [...after.keys()].filter((key) => !before.has(key) && !/gc_duration/.test(key))
    expect(added.filter((key) => key.includes('/v1/conversations/:id'))).toEqual([])
    expect(added.length).toBeLessThan(40)
    const { text } = await ask(house)
    const { tokens, accountId } = { ...house.fixture, accountId: house.fixture.id }
    for (const word of ['secret-', ...Object.values(tokens), accountId, '127.0.0.1'])
      expect(text).not.toContain(word)
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
  })

  test('is of one house, and has the usual numbers of a process', async () => {
    const other = await series(guarded)
    expect(other.get(counter('native', 'GET', 200))).toBeUndefined()
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
    ])
      expect(other.get(name), name).toBeGreaterThanOrEqual(0)
    const { headers, text } = await ask(house)
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(headers['cache-control']).toBe('no-store')
    expect(text).toContain('# TYPE parley_http_request_seconds histogram')
  })
})

describe('who is told', () => {
  test('without a token, this machine alone', async () => {
    for (const remoteAddress of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])
      expect((await ask(house, { remoteAddress })).status, remoteAddress).toBe(200)
    for (const remoteAddress of ['10.0.0.7', '93.184.216.34', '::ffff:10.0.0.7', 'fd00::1', '2001:db8::1']) {
      const { status, body } = await ask(house, { remoteAddress })
      expect([status, body], remoteAddress).toEqual([404, { error: 'Not found' }])
    }
    for (const host of ['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000'])
      expect((await ask(house, { headers: { host } })).status, host).toBe(200)
    for (const host of [
      'rebound.example',
      'rebound.example:3000',
      '127.0.0.1.rebound.example',
      'localhost.rebound.example',
    ])
      expect((await ask(house, { headers: { host } })).status, host).toBe(404)
    expect((await ask(house, { remoteAddress: '10.0.0.7', ...bearer(`Bearer ${TOKEN}`) })).status).toBe(404)
  })

  test('without a token, nobody for whom a proxy speaks', async () => {
    const headers = [
      'X-Forwarded-For',
      'Forwarded',
      'X-Real-IP',
      'X-Forwarded-Host',
      'X-Forwarded-Proto',
      'Via',
    ]
    for (const name of headers)
      for (const value of ['127.0.0.1', '', 'for=127.0.0.1'])
        expect((await ask(house, { headers: { [name]: value } })).status, name).toBe(404)
  })

  test('with a token, whoever knows it, from anywhere', async () => {
    for (const right of [`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER  ${TOKEN}`]) {
      const asking = {
        remoteAddress: '93.184.216.34',
        headers: { authorization: right, 'x-forwarded-for': '1.2.3.4' },
      }
      expect((await ask(guarded, asking)).status, right).toBe(200)
    }
    const wrong = [
      '',
      TOKEN,
      'Bearer',
      'Bearer ',
      `Basic ${TOKEN}`,
      `Bearer ${TOKEN.slice(1)}`,
      `Bearer ${TOKEN.slice(0, -1)}`,
      `Bearer ${TOKEN}x`,
      `Bearer ${TOKEN} x`,
      `Bearer x ${TOKEN}`,
      `Bearer ${TOKEN.toUpperCase()}`,
      `Bearer "${TOKEN}"`,
      `Bearer ${guarded.fixture.tokens.native}`,
    ]
    for (const asking of [{}, ...wrong.map(bearer)]) {
      const { status, headers, body, text } = await ask(guarded, asking)
      expect([status, headers['www-authenticate']], JSON.stringify(asking)).toEqual([401, 'Bearer'])
      expect(body).toEqual({ error: 'Unauthorized' })
      expect(text).not.toContain('process_')
    }
    const inUrl = await guarded.request({
      method: 'GET',
      url: `/metrics?token=${TOKEN}&access_token=${TOKEN}`,
    })
    expect(inUrl.status).toBe(401)
  })
})
