import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { createServer as createTlsServer, setDefaultCACertificates, type TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { FetchRefused } from './fetch-refused.ts'
import { fetcherTo, lookup, PUBLIC, refusalOf, text } from './fixtures/fetching.ts'
import { hostileUrls, insideTargets } from './fixtures/hostile-urls.ts'
import { dialWithinLoopback, divertTo, listen, listenHttp } from './fixtures/listeners.ts'
import { redirectOf } from './redirect.ts'
import { createSafeFetch, type FetchInit } from './safe-fetch.ts'

describe('hostile targets', () => {
  test('no seed opens a connection, whatever address it ends at', async () => {
    await using canary = await listenHttp((_, response) => response.end('secret'))
    const { fetch, dialled } = fetcherTo(canary)
    const seeds = hostileUrls(canary.port)
    expect(new Set(seeds).size).toBeGreaterThanOrEqual(150)
    for (const url of seeds) {
      const refusal = await refusalOf(text(fetch, url))
      expect(['bad_url', 'blocked_address', 'unreachable'], url).toContain(refusal.reason)
    }
    expect(dialled).toEqual([])
    expect(canary.connections).toBe(0)
  })

  test('real canaries on 127.0.0.1 and ::1 are not touched', async () => {
    await using four = await listenHttp((_, response) => response.end('secret'))
    await using six = await listenHttp((_, response) => response.end('secret'), '::1')
    const { dial, dialled } = dialWithinLoopback()
    const fetch = createSafeFetch({ allow: [], lookup, dial, ports: [80, 443, four.port, six.port] })
    for (const canary of [four, six]) {
      const urls = hostileUrls(canary.port).filter((url) =>
        /127|localhost|::1|①|0x7f|2130706433|0177/i.test(url),
      )
      expect(urls.length).toBeGreaterThanOrEqual(80)
      for (const url of urls) await refusalOf(text(fetch, url))
    }
    expect([four.connections, six.connections, dialled.length]).toEqual([0, 0, 0])
  })

  test('only what its form betrays is refused by form', async () => {
    await using canary = await listenHttp((_, response) => response.end('secret'))
    const { fetch } = fetcherTo(canary)
    expect(await refusalOf(fetch('ftp://public.example/'))).toMatchObject({ reason: 'bad_url', byForm: true })
    expect(await refusalOf(fetch('http://10.0.0.1/'))).toMatchObject({
      reason: 'blocked_address',
      byForm: true,
    })
    expect(await refusalOf(fetch('http://inside.example/'))).toMatchObject({
      reason: 'blocked_address',
      byForm: false,
    })
    expect(await refusalOf(fetch('http://public.example:22/'))).toMatchObject({
      reason: 'bad_url',
      byForm: true,
    })
  })

  test('the checked address is dialled, though the name answers otherwise a moment later', async () => {
    await using canary = await listenHttp((_, response) => response.end('public'))
    const { dial, dialled } = divertTo(canary.port)
    const answers = [[PUBLIC], ['127.0.0.1'], ['127.0.0.1']]
    const fetch = createSafeFetch({ allow: [], dial, lookup: async () => answers.shift() ?? [] })
    expect(await text(fetch, 'http://rebind.example/')).toBe('public')
    expect(dialled).toEqual([`${PUBLIC} 80`])
    expect((await refusalOf(fetch('http://rebind.example/'))).reason).toBe('blocked_address')
    expect(dialled).toHaveLength(1)
  })

  test('a dead first address does not hide the second', async () => {
    await using server = await listenHttp((_, response) => response.end('second'))
    const { dial } = divertTo(server.port)
    const dead = divertTo(1)
    const fetch = createSafeFetch({
      allow: [],
      lookup,
      dial: (address, port) => (address === PUBLIC ? dial(address, port) : dead.dial(address, port)),
    })
    expect(await text(fetch, 'http://dual.example/')).toBe('second')
  })
})

describe('the allow-list', () => {
  test('host:port opens that target and nothing beside it', async () => {
    await using open = await listenHttp((_, response) => response.end('open'))
    await using closed = await listenHttp((_, response) => response.end('closed'))
    const { dial } = dialWithinLoopback()
    const fetch = createSafeFetch({
      dial,
      allow: [`127.0.0.1:${open.port}`, `hooks.internal:${open.port}`],
      lookup: async () => ['127.0.0.1'],
      ports: [80, 443, open.port, closed.port],
    })
    expect(await text(fetch, `http://127.0.0.1:${open.port}/`)).toBe('open')
    expect(await text(fetch, `http://hooks.internal:${open.port}/`)).toBe('open')
    expect(await text(fetch, `http://HOOKS.internal.:${open.port}/`)).toBe('open')
    const count = open.connections
    await refusalOf(fetch(`http://127.0.0.1:${closed.port}/`))
    await refusalOf(fetch(`http://hooks.internal:${closed.port}/`))
    await refusalOf(fetch(`http://a.hooks.internal:${open.port}/`))
    await refusalOf(fetch(`http://127.0.0.2:${open.port}/`))
    await refusalOf(fetch(`http://[::1]:${open.port}/`))
    expect([open.connections, closed.connections]).toEqual([count, 0])
  })

  test('a CIDR opens its addresses on any port and no other address', async () => {
    await using open = await listenHttp((_, response) => response.end('open'))
    const answers: Record<string, string[]> = {
      'in.example': ['127.0.0.1'],
      'half.example': ['127.0.0.1', '127.0.0.2'],
      'flah.example': ['127.0.0.2', '127.0.0.1'],
      'public.example': [PUBLIC],
    }
    const { dial, dialled } = dialWithinLoopback()
    const fetch = createSafeFetch({
      allow: ['127.0.0.1/32'],
      dial,
      lookup: async (name) => answers[name] ?? [],
    })
    expect(await text(fetch, `http://127.0.0.1:${open.port}/`)).toBe('open')
    expect(await text(fetch, `http://in.example:${open.port}/`)).toBe('open')
    const count = open.connections
    const closed = ['half.example', 'flah.example', 'public.example', '127.0.0.2', '10.0.0.1', '[::1]']
    for (const host of closed) await refusalOf(fetch(`http://${host}:${open.port}/`))
    expect([open.connections, dialled.length]).toEqual([count, count])
  })

  test('a faulty entry stops the start', () => {
    const faulty = [
      '',
      'example',
      '10.0.0.0/33',
      '10.0.0.0/',
      'a:0',
      'a:70000',
      'http://a:80',
      'a:80/x',
      '10.0.0.1',
      '*:80 80',
    ]
    for (const entry of faulty)
      expect(() => createSafeFetch({ allow: [entry] }), entry).toThrow('Allow-list entry')
  })
})

describe('redirects', () => {
  const redirecting = (handler: (request: IncomingMessage) => [number, string] | string) =>
    listenHttp((request, response) => {
      const answer = handler(request)
      if (typeof answer === 'string') response.end(answer)
      else response.writeHead(answer[0], { location: Buffer.from(answer[1]).toString('latin1') }).end()
    })

  test.each([301, 302, 303, 307, 308])('%i inside is refused at every hop', async (status) => {
    await using canary = await listenHttp((_, response) => response.end('secret'))
    const inside = insideTargets(canary.port)
    await using server = await redirecting(({ url = '' }) => {
      const [, hops, target] = url.split('/').map(Number)
      return [status, hops === 0 ? (inside[target ?? 0] ?? '') : `/${(hops ?? 0) - 1}/${target}`]
    })
    const { dial, dialled } = divertTo(server.port)
    const fetch = createSafeFetch({ allow: [], lookup, dial, ports: [80, canary.port] })
    for (const target of inside.keys()) {
      for (const hops of [0, 1, 2]) {
        const { reason } = await refusalOf(fetch(`http://public.example/${hops}/${target}`))
        expect(['bad_url', 'blocked_address', 'unreachable'], inside[target]).toContain(reason)
      }
    }
    expect(dialled.filter((line) => !line.startsWith(PUBLIC))).toEqual([])
    expect(canary.connections).toBe(0)
  })

  test('three hops are followed, a fourth is not', async () => {
    await using server = await redirecting(({ url = '' }) =>
      url === '/0' ? 'here' : [302, `/${Number(url.slice(1)) - 1}`],
    )
    const { fetch } = fetcherTo(server)
    expect(await text(fetch, 'http://public.example/3')).toBe('here')
    expect((await refusalOf(fetch('http://public.example/4'))).reason).toBe('too_many_redirects')
    expect(server.connections).toBe(8)
    const kept = await fetch('http://public.example/3', { redirects: 0 })
    expect([kept.status, kept.headers['location']]).toEqual([302, '/2'])
    kept.discard()
  })

  test('https does not lead down to http', () => {
    const from = new URL('https://public.example/a')
    expect(redirectOf(302, '/b', from)).toBe('https://public.example/b')
    for (const to of ['http://public.example/', 'ftp://public.example/', 'http://[']) {
      expect(() => redirectOf(302, to, from), to).toThrow(FetchRefused)
    }
  })

  test('what is confidential stays with its origin', async () => {
    const seen: Record<string, IncomingMessage['headers']> = {}
    await using server = await redirecting((request) => {
      seen[`${request.headers.host}${request.url}`] = request.headers
      if (request.url === '/a') return [302, '/b']
      return request.url === '/b' ? [302, 'http://other.example/c'] : 'end'
    })
    const { fetch } = fetcherTo(server)
    const headers = { Authorization: 'Bearer x', Cookie: 'a=b', 'X-Api-Key': 'k', Accept: 'image/*' }
    expect(await text(fetch, 'http://public.example/a', { headers })).toBe('end')
    expect(seen['public.example/b']).toMatchObject({ authorization: 'Bearer x', 'x-api-key': 'k' })
    expect(Object.keys(seen['other.example/c'] ?? {}).sort()).toEqual(
      ['accept', 'accept-encoding', 'connection', 'host', 'user-agent'].sort(),
    )
  })

  test('a body is posted, never re-posted to another origin, and 3xx is an answer to it', async () => {
    const seen: string[] = []
    await using server = await listenHttp((request, response) => {
      void readText(request).then((body) => {
        seen.push(`${request.method} ${request.url} ${body} ${request.headers['content-length'] ?? '-'}`)
        if (request.url === '/307') response.writeHead(307, { location: 'http://other.example/' })
        if (request.url === '/303') response.writeHead(303, { location: '/got' })
        return response.end('ok')
      })
    })
    const { fetch } = fetcherTo(server)
    const post: FetchInit = {
      method: 'POST',
      body: '{"ü":1}',
      headers: { 'Content-Length': '1', Host: 'evil' },
    }
    expect(await text(fetch, 'http://public.example/hook', post)).toBe('ok')
    const answer = await fetch('http://public.example/307', post)
    expect(answer.status).toBe(307)
    answer.discard()
    await refusalOf(fetch('http://public.example/307', { ...post, redirects: 3 }))
    await text(fetch, 'http://public.example/303', { ...post, redirects: 3 })
    expect(seen).toEqual([
      'POST /hook {"ü":1} 8',
      'POST /307 {"ü":1} 8',
      'POST /307 {"ü":1} 8',
      'POST /303 {"ü":1} 8',
      'GET /got  -',
    ])
  })
})

test('TLS names the host, and its certificate is checked', async () => {
  const file = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
  const names: (string | false | undefined | null)[] = []
  const server = createTlsServer(
    { key: file('tls-key.pem'), cert: file('tls-cert.pem') },
    (socket: TLSSocket) => {
      names.push(socket.servername)
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntls')
    },
  )
  server.on('tlsClientError', () => {})
  await using listener = await listen(server)
  const { dial } = divertTo(listener.port)
  const fetch = createSafeFetch({ allow: ['203.0.113.9:443'], dial, lookup: async () => [PUBLIC] })
  expect((await refusalOf(fetch('https://files.example/'))).reason).toBe('unreachable')
  setDefaultCACertificates([file('tls-cert.pem')])
  names.length = 0
  expect(await text(fetch, 'https://files.example/')).toBe('tls')
  expect(await text(fetch, 'https://files.example./')).toBe('tls')
  expect(await text(fetch, 'https://203.0.113.9/')).toBe('tls')
  expect(names).toEqual(['files.example', 'files.example', false])
  expect((await refusalOf(fetch('https://other.example/'))).reason).toBe('unreachable')
})
