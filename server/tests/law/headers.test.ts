import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { openHouse, type Reply, type TestHouse } from '../house.ts'
import { knownFrom } from '../known.ts'
import { probeOf, sendProbe } from '../probing.ts'
import { SAMPLES } from '../requests.ts'

const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
const FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const PEOPLE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'"

/** Any page may read what it is answered there: a site's own pages ask, with the visitor's token and never by cookie. */
const FOR_ANY_PAGE = /^\/visitor\/v1(\/|$)/

/** Doors that serve something else than data: what is theirs instead. */
const EXCEPTIONS: {
  at: RegExp
  policy?: string
  resource?: string
  isKept?: boolean
  isForAnyPage?: true
}[] = [
  // Scripts stand on pages of any site, and are the same for everybody.
  { at: /^\/widget\//, resource: 'cross-origin', isKept: true, isForAnyPage: true },
  {
    at: /^\/(avatars\/original\/missing|images\/users\/no-user)\.png$/,
    ...{ policy: FILE_POLICY, resource: 'cross-origin', isKept: true },
  },
  { at: /^\/docs\/?$/, policy: PAGE_POLICY },
  { at: /^\/(setup|sign-in|invitation|password)$/, policy: PEOPLE_POLICY },
  { at: /^\/people\/(page\.css|page\.js|icon\.svg)$/, isKept: true },
  { at: /^\/docs\/(reference|start)\.js$/, isKept: true },
]

/** What is wrong with an answer's headers. */
function faultsOf(url: string, headers: Record<string, unknown>, isAnswered = true): string[] {
  const own = isAnswered ? EXCEPTIONS.find(({ at }) => at.test(url)) : undefined
  const isForAnyPage = FOR_ANY_PAGE.test(url) || own?.isForAnyPage === true
  const resource = own?.resource ?? (isForAnyPage ? 'cross-origin' : 'same-origin')
  const checks: [string, boolean][] = [
    ['nosniff', headers['x-content-type-options'] === 'nosniff'],
    ['referrer', headers['referrer-policy'] === 'no-referrer'],
    ['frames', headers['x-frame-options'] === 'DENY'],
    ['policy', headers['content-security-policy'] === (own?.policy ?? DATA_POLICY)],
    ['resource policy', headers['cross-origin-resource-policy'] === resource],
    ['who may read it', headers['access-control-allow-origin'] === (isForAnyPage ? '*' : undefined)],
    ['never by cookie', !('access-control-allow-credentials' in headers)],
    ['permissions', headers['permissions-policy'] === 'camera=(), geolocation=(), microphone=()'],
    ['kept by nobody', own?.isKept === true || headers['cache-control'] === 'no-store'],
    ['request id', /^[\w.:-]{1,128}$/.test(String(headers['x-request-id']))],
    ['silent', !('server' in headers) && !('x-powered-by' in headers)],
    ['no TLS promised', !('strict-transport-security' in headers)],
  ]
  return checks.flatMap(([name, isRight]) => (isRight ? [] : [`${url}: ${name}`]))
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

test('every route, every prefix and every unknown path answers each method with safe headers', async () => {
  await using house = await openHouse()
  const paths = new Set(house.composed.routes.map(({ url }) => url))
  const unknown = [
    '/',
    '/x',
    '/api',
    '/api/',
    '/api/x',
    '/api/conversations/x',
    '/p1/x',
    '/v1/x',
    '/api/v1/x',
    '/docs/x',
  ]
  for (const path of [
    ...unknown,
    '/parley/v1/x',
    '/visitor/v1/x',
    '/visitor',
    '/parley',
    '/api/external/v1/x',
    '/ab/cd/ef/x',
    '/%ff',
    '/..%2f',
  ])
    paths.add(path)
  const faults: string[] = []
  let answers = 0
  for (const path of paths)
    for (const method of METHODS) {
      const url = path.replaceAll(/:\w+\([^)]*\)|:\w+/g, '1')
      const { status, headers } = await house.request({ method, url })
      answers += 1
      // Where no route is met, the answer is data like any other.
      const found = faultsOf(url, headers, status < 400)
      faults.push(...found.map((fault) => `${method} ${status} ${fault}`))
    }
  expect(answers).toBeGreaterThan(600)
  expect(faults).toEqual([])
})

test('answers to requests that are let in have them too', async () => {
  await using house = await openHouse()
  const known = knownFrom(house)
  const faults: string[] = []
  const statuses = new Set<number>()
  for (const sample of SAMPLES) {
    const probe = probeOf(house, sample, known)
    const { status, headers } = await sendProbe(house, probe)
    statuses.add(status)
    faults.push(...faultsOf(probe.path, headers))
  }
  expect(statuses).toContain(200)
  expect(statuses).toContain(201)
  expect(faults).toEqual([])
})

test('a request keeps the id it brought when that is safe to repeat', async () => {
  await using house = await openHouse()
  const idFor = async (given: string) => {
    const { headers } = await house.request({ method: 'GET', url: '/x', headers: { 'x-request-id': given } })
    return headers['x-request-id']
  }
  for (const safe of ['trace-7', 'a.b:c_d', 'x'.repeat(128)]) expect(await idFor(safe)).toBe(safe)
  for (const unsafe of ['', 'x'.repeat(129), 'a b', '<script>', 'a,b', 'a\tb', '"'])
    expect(await idFor(unsafe)).toMatch(/^req_[0-9a-f]{32}$/)
})

test('TLS is demanded of browsers only where the public origin has it', async () => {
  const hsts = async (origin: string) => {
    await using house = await openHouse({ env: { PARLEY_PUBLIC_ORIGIN: origin } })
    return (await house.request({ method: 'GET', url: '/health' })).headers['strict-transport-security']
  }
  expect(await hsts('https://chat.example.com')).toBe('max-age=31536000')
  expect(await hsts('http://chat.example.com')).toBeUndefined()
})

/** One connection, written to and read to its end. */
async function exchange(house: TestHouse, request: string): Promise<Pick<Reply, 'status' | 'headers'>> {
  const { port } = house.composed.app.server.address() as { port: number }
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  socket.write(request)
  const [head = ''] = (await text(socket)).split('\r\n\r\n')
  const [line = '', ...rest] = head.split('\r\n')
  const headers = Object.fromEntries(
    rest.map((header) => [
      header.slice(0, header.indexOf(':')).toLowerCase(),
      header.slice(header.indexOf(':') + 1).trim(),
    ]),
  )
  return { status: Number(line.split(' ')[1]), headers }
}

test('what the HTTP server itself refuses, and what the framework does, has them as well', async () => {
  await using house = await openHouse()
  await house.composed.app.listen({ port: 0, host: '127.0.0.1' })
  const host = 'Host: x\r\nConnection: close\r\n'
  const cases: [number, string][] = [
    [400, 'nonsense\r\n\r\n'],
    [400, `GET / HTTP/1.1\r\n${host}a b: c\r\n\r\n`],
    [400, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
    [417, `POST /v1/messages HTTP/1.1\r\n${host}Expect: the-impossible\r\n\r\n`],
    [
      400,
      `POST /v1/messages HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [431, `GET / HTTP/1.1\r\n${host}x: ${'y'.repeat(20_000)}\r\n\r\n`],
    [431, `GET /x HTTP/1.1\r\n${host}${'a: b\r\n'.repeat(200)}\r\n`],
    [431, `GET /v1/channels HTTP/1.1\r\n${host}${'a: b\r\n'.repeat(200)}\r\n`],
    [414, `GET /v1/channels?x=${'y'.repeat(9000)} HTTP/1.1\r\n${host}\r\n`],
    [414, `GET /${'y'.repeat(9000)} HTTP/1.1\r\n${host}\r\n`],
    [404, `GET /%ff%fe/../x HTTP/1.1\r\n${host}\r\n`],
    [404, `TRACE / HTTP/1.1\r\n${host}\r\n`],
    [404, `GET http://elsewhere.example/x HTTP/1.1\r\n${host}\r\n`],
  ]
  for (const [status, request] of cases) {
    const reply = await exchange(house, request)
    const name = request.slice(0, 40)
    expect([name, reply.status]).toEqual([name, status])
    const { 'x-request-id': id = 'none', ...headers } = reply.headers
    expect(faultsOf(name, { ...headers, 'x-request-id': id })).toEqual([])
  }
})
