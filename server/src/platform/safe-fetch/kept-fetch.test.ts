import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { setDefaultCACertificates } from 'node:tls'
import { describe, expect, test } from 'vitest'
import type { Dial } from './connect.ts'
import { keeperTo, PUBLIC, refusalOf, text } from './fixtures/fetching.ts'
import { divertTo, listen, listenHttp, listenTcp, type Listener } from './fixtures/listeners.ts'
import { remembering } from './resolve.ts'
import { createKeptFetch, createSafeFetch, type FetchInit } from './safe-fetch.ts'

const URL = 'http://public.example/'
const POST: FetchInit = { method: 'POST', body: '{"ü":1}' }
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** Answers the requests of each connection by their number in it, from 0. */
const byTurn = (answer: (turn: number, connection: number) => string | null) => {
  let connections = 0
  return listenTcp((socket) => {
    const connection = connections++
    let turn = 0
    socket.on('data', () => {
      const said = answer(turn++, connection)
      return said === null ? socket.destroy() : socket.write(said)
    })
  })
}

/** Each connection's requests in turn, whoever asked. */
const counting = (handler?: (request: IncomingMessage, response: ServerResponse) => void) =>
  listenHttp((request, response) => {
    request.resume()
    request.on('end', () => (handler ? handler(request, response) : response.end('ok')))
  })

describe('a connection serves again', () => {
  test('one after the other, whatever the method', async () => {
    await using server = await counting((_, response) =>
      response.writeHead(200, { 'content-length': 2 }).end('ok'),
    )
    using kept = keeperTo(server)
    const warnings: Error[] = []
    const warn = (warning: Error) => warnings.push(warning)
    process.on('warning', warn)
    for (let count = 0; count < 30; count += 1) expect(await text(kept.fetch, URL, POST)).toBe('ok')
    expect(await text(kept.fetch, URL)).toBe('ok')
    expect(await text(kept.fetch, URL, { method: 'HEAD' })).toBe('')
    expect(await text(kept.fetch, `${URL}other?path`)).toBe('ok')
    process.off('warning', warn)
    expect([server.connections, kept.dialled.length]).toEqual([1, 1])
    expect(warnings).toEqual([])
  })

  test('over TLS too', async () => {
    const file = (name: string) =>
      readFileSync(new globalThis.URL(`fixtures/${name}`, import.meta.url), 'utf8')
    setDefaultCACertificates([file('tls-cert.pem')])
    const secure = createHttpsServer(
      { key: file('tls-key.pem'), cert: file('tls-cert.pem') },
      (_, response) => response.end('ok'),
    )
    let handshakes = 0
    secure.on('secureConnection', () => (handshakes += 1))
    await using server = await listen(secure)
    using kept = keeperTo(server, { names: async () => [PUBLIC] })
    for (let count = 0; count < 5; count += 1)
      expect(await text(kept.fetch, 'https://files.example/')).toBe('ok')
    expect([server.connections, handshakes]).toEqual([1, 1])
    // Nothing but the server's own end keeps this process alive.
    const ends = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap')
    expect(ends).toHaveLength(1)
    // A plain request never takes a secure connection, nor the other way about.
    await refusalOf(text(kept.fetch, 'http://files.example:443/'))
    expect(server.connections).toBe(2)
  })

  test('nobody else at the same time', async () => {
    const waiting: ServerResponse[] = []
    await using server = await counting((_, response) => waiting.push(response))
    using kept = keeperTo(server)
    const asked = [1, 2, 3].map(() => text(kept.fetch, URL, POST))
    await expect.poll(() => waiting.length).toBe(3)
    expect(server.connections).toBe(3)
    for (const response of waiting.splice(0)) response.end('ok')
    await Promise.all(asked)
    const again = [1, 2, 3].map(() => text(kept.fetch, URL, POST))
    await expect.poll(() => waiting.length).toBe(3)
    for (const response of waiting) response.end('ok')
    await Promise.all(again)
    expect(server.connections).toBe(3)
  })

  test('a server that hangs holds nobody up, not even itself', async () => {
    await using server = await counting((request, response) => request.url !== '/hang' && response.end('ok'))
    using kept = keeperTo(server)
    await text(kept.fetch, URL)
    const hanging = refusalOf(text(kept.fetch, `${URL}hang`, { timeoutMs: 600 }))
    expect(await text(kept.fetch, URL)).toBe('ok')
    expect(await text(kept.fetch, 'http://other.example/')).toBe('ok')
    expect((await hanging).reason).toBe('timeout')
    await expect.poll(() => server.open()).toBe(2)
  })

  test('only for the same host and port, and not at all unless asked', async () => {
    await using server = await counting()
    using kept = keeperTo(server)
    const urls = [
      URL,
      'http://other.example/',
      `http://public.example:${server.port}/`,
      'http://dual.example/',
    ]
    for (const url of [...urls, ...urls]) await text(kept.fetch, url)
    expect(server.connections).toBe(urls.length)
    const { dial } = divertTo(server.port)
    const single = createSafeFetch({ allow: [], dial, lookup: async () => [PUBLIC] })
    for (const url of [URL, URL]) await text(single, url)
    expect(server.connections).toBe(urls.length + 2)
    await expect.poll(() => server.open()).toBe(urls.length)
  })
})

describe('the addresses are judged each time', () => {
  test('a name that moved is followed; the open connection serves only its own address', async () => {
    await using server = await counting()
    let answers = [PUBLIC]
    using kept = keeperTo(server, { names: async () => answers })
    await text(kept.fetch, URL)
    answers = ['93.184.216.35']
    await text(kept.fetch, URL)
    expect(kept.dialled).toEqual([`${PUBLIC} 80`, '93.184.216.35 80'])
    answers = ['93.184.216.36', PUBLIC]
    await text(kept.fetch, URL)
    expect(kept.dialled).toHaveLength(2)
  })

  test('a name that became private is refused though a good connection is open', async () => {
    await using server = await counting()
    let answers = [PUBLIC]
    using kept = keeperTo(server, { names: async () => answers })
    await text(kept.fetch, URL, POST)
    for (const inside of [
      ['10.0.0.1'],
      ['127.0.0.1'],
      ['::1'],
      [PUBLIC, '169.254.169.254'],
      ['::ffff:7f00:1'],
    ]) {
      answers = inside
      expect((await refusalOf(kept.fetch(URL, POST))).reason).toBe('blocked_address')
    }
    answers = []
    expect((await refusalOf(kept.fetch(URL, POST))).reason).toBe('unreachable')
    expect([server.connections, kept.dialled.length]).toEqual([1, 1])
  })

  test('an answer of the name servers is remembered for a second, a failure not at all', async () => {
    let now = 0
    let asked = 0
    const names = remembering(
      async (name) => {
        asked += 1
        if (name === 'lost.example') throw new Error('no answer')
        return [`${name} ${asked}`]
      },
      () => now,
    )
    expect([await names('a'), await names('a'), await names('b')]).toEqual([['a 1'], ['a 1'], ['b 2']])
    now = 999
    expect(await names('a')).toEqual(['a 1'])
    now = 1000
    expect(await names('a')).toEqual(['a 3'])
    for (let count = 0; count < 2; count += 1)
      await expect(names('lost.example')).rejects.toThrow('no answer')
    expect(asked).toBe(5)
  })
})

describe('a connection that its server gave up', () => {
  test('is replaced once, and the request sent again', async () => {
    await using server = await byTurn((turn) => (turn === 0 ? OK : null))
    using kept = keeperTo(server)
    for (let count = 0; count < 4; count += 1) expect(await text(kept.fetch, URL, POST)).toBe('ok')
    expect(server.connections).toBe(4)
  })

  test('is not replaced twice', async () => {
    const asked: number[] = []
    await using server = await byTurn((turn, connection) => {
      asked.push(connection)
      return connection === 0 && turn === 0 ? OK : null
    })
    using kept = keeperTo(server)
    await text(kept.fetch, URL, POST)
    expect((await refusalOf(kept.fetch(URL, POST))).reason).toBe('unreachable')
    expect(asked).toEqual([0, 0, 1])
    // A new one that fails was refused by the server itself.
    expect((await refusalOf(kept.fetch(URL, POST))).reason).toBe('unreachable')
    expect(asked).toEqual([0, 0, 1, 2])
  })

  test('is not replaced once anything was answered', async () => {
    for (const begun of [
      'H',
      'HTTP/1.1 200 OK\r\n',
      'HTTP/1.1 103 Early Hints\r\n\r\n',
      'nonsense\r\n\r\n',
    ]) {
      const asked: number[] = []
      await using server = await listenTcp((socket) => {
        let turn = 0
        socket.on('data', () => {
          asked.push(turn)
          if (turn++ === 0) socket.write(OK)
          else socket.end(begun)
        })
      })
      using kept = keeperTo(server)
      await text(kept.fetch, URL, POST)
      expect((await refusalOf(kept.fetch(URL, POST))).reason, begun).toBe('unreachable')
      expect(asked, begun).toEqual([0, 1])
    }
  })

  test('costs nothing when its end was seen in time', async () => {
    await using server = await listenTcp((socket) => {
      socket.on('data', () => socket.end(OK))
    })
    using kept = keeperTo(server)
    for (let count = 0; count < 3; count += 1) {
      expect(await text(kept.fetch, URL, POST)).toBe('ok')
      await expect.poll(() => server.open()).toBe(0)
    }
    expect(server.connections).toBe(3)
  })
})

describe('a connection is not used again', () => {
  const http = (head: string, body = 'ok') => `HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body}`
  const limits: FetchInit = { ...POST, maxBytes: 1000, timeoutMs: 2000 }

  async function connectionsFor(
    answer: string,
    use: (kept: ReturnType<typeof keeperTo>) => Promise<unknown>,
  ) {
    await using server = await byTurn(() => answer)
    using kept = keeperTo(server)
    await use(kept)
    await use(kept)
    return server.connections
  }

  test('unless its answer ended as it should', async () => {
    const read = ({ fetch }: ReturnType<typeof keeperTo>) => text(fetch, URL, limits).catch(() => 'refused')
    const answers: [number, string][] = [
      [1, OK],
      [1, http('Transfer-Encoding: chunked', '2\r\nok\r\n0\r\n\r\n')],
      [1, 'HTTP/1.1 204 No Content\r\n\r\n'],
      [1, 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok'],
      [2, http('Content-Length: 2\r\nConnection: close')],
      [2, 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
      [2, http('Content-Length: 5000')],
      [2, http('Content-Length: 2\r\nContent-Encoding: gzip')],
      [2, http('Transfer-Encoding: chunked', `7d0\r\n${'x'.repeat(2000)}\r\n0\r\n\r\n`)],
      [2, http('Content-Length: 2', 'ok and more')],
      [2, OK + OK],
      [2, http('Content-Length: 2\r\nKeep-Alive: timeout=1')],
      [2, http('Content-Length: 2\r\nKeep-Alive: max=7, Timeout=0')],
      [1, http('Content-Length: 2\r\nKeep-Alive: timeout=60, max=1000')],
    ]
    for (const [connections, answer] of answers)
      expect(await connectionsFor(answer, read), answer.slice(0, 90)).toBe(connections)
  })

  test('unless its answer was read to the end', async () => {
    const big = http('Content-Length: 900', 'x'.repeat(900))
    const discards = async ({ fetch }: ReturnType<typeof keeperTo>) => (await fetch(URL, POST)).discard()
    expect(await connectionsFor(big, discards)).toBe(2)
    await using server = await listenTcp((socket) => {
      socket.on('data', () => socket.write(http('Content-Length: 900', 'x')))
    })
    using kept = keeperTo(server)
    for await (const chunk of (await kept.fetch(URL, POST)).body) {
      expect(chunk.byteLength).toBe(1)
      break
    }
    await expect.poll(() => server.open()).toBe(0)
    const unread = kept.fetch(URL, { ...POST, timeoutMs: 200 })
    expect((await unread).status).toBe(200)
    expect((await refusalOf(text(kept.fetch, URL, { ...POST, timeoutMs: 100 }))).reason).toBe('timeout')
    await expect.poll(() => server.open()).toBe(0)
    expect(server.connections).toBe(3)
  })

  test('once it said something unasked', async () => {
    await using server = await listenTcp((socket) => {
      socket.on('data', () => {
        socket.write(OK)
        setImmediate(() =>
          setImmediate(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfalse')),
        )
      })
    })
    using kept = keeperTo(server)
    for (let count = 0; count < 3; count += 1) {
      expect(await text(kept.fetch, URL, POST)).toBe('ok')
      await expect.poll(() => server.open()).toBe(0)
    }
    expect(server.connections).toBe(3)
  })

  test('while what was sent is not read: who answers early holds nothing', async () => {
    await using server = await listenTcp((socket) => {
      socket.once('data', () => {
        socket.pause()
        socket.write(OK)
      })
    })
    const dialled: Socket[] = []
    const dial: Dial = (address, port) => {
      const socket = divertTo(server.port).dial(address, port)
      dialled.push(socket)
      return socket
    }
    const options = { allow: [], dial, lookup: async () => [PUBLIC] }
    const kept = createKeptFetch(options)
    const body = Buffer.alloc(64 * 1024 * 1024)
    for (const fetch of [kept.fetch, createSafeFetch(options)]) {
      expect(await text(fetch, URL, { method: 'POST', body })).toBe('ok')
      expect(dialled.at(-1)?.destroyed).toBe(true)
    }
    expect(server.connections).toBe(2)
    kept.close()
  })
})

describe('what is kept is bounded', () => {
  const ends = (server: Listener, left: number) =>
    expect.poll(() => server.open(), { timeout: 5000 }).toBe(left)

  test('idle connections are closed after a while, sooner where the server says so', async () => {
    await using server = await counting()
    using brief = keeperTo(server, { keepAlive: { idleMs: 40 } })
    await text(brief.fetch, URL)
    await ends(server, 0)
    await text(brief.fetch, URL)
    expect(server.connections).toBe(2)

    await using hinting = await counting((_, response) => {
      response.shouldKeepAlive = true
      response.writeHead(200, { connection: 'keep-alive', 'keep-alive': 'timeout=2' }).end('ok')
    })
    using long = keeperTo(hinting, { keepAlive: { idleMs: 60_000 } })
    await text(long.fetch, URL)
    expect(hinting.open()).toBe(1)
    await ends(hinting, 0)
  })

  test('so many a target', async () => {
    const waiting: ServerResponse[] = []
    await using server = await counting((_, response) => waiting.push(response))
    using kept = keeperTo(server, { keepAlive: { mostIdlePerTarget: 2 } })
    const asked = [1, 2, 3, 4, 5].map(() => text(kept.fetch, URL, POST))
    await expect.poll(() => waiting.length).toBe(5)
    for (const response of waiting) response.end('ok')
    await Promise.all(asked)
    await ends(server, 2)
  })

  test('closing closes all, and what ends later', async () => {
    const waiting: Socket[] = []
    await using server = await listenTcp((socket) => {
      socket.on('data', (asked) =>
        String(asked).includes('/wait') ? waiting.push(socket) : socket.write(OK),
      )
    })
    using kept = keeperTo(server, { keepAlive: { idleMs: 60_000 } })
    await text(kept.fetch, URL)
    const later = text(kept.fetch, `${URL}wait`)
    await text(kept.fetch, URL)
    await expect.poll(() => waiting.length).toBe(1)
    expect(server.open()).toBe(2)
    kept.close()
    await ends(server, 1)
    waiting[0]?.write(OK)
    expect(await later).toBe('ok')
    await ends(server, 0)
  })

  test('the deadline and the caller end a request on a used connection as on a new one', async () => {
    const drips = ['', 'HTTP/1.1 200 O', 'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nx']
    for (const drip of drips) {
      await using server = await byTurn((turn) => (turn === 0 ? OK : drip))
      using kept = keeperTo(server)
      await text(kept.fetch, URL)
      expect((await refusalOf(text(kept.fetch, URL, { timeoutMs: 100 }))).reason).toBe('timeout')
      await ends(server, 0)
      await text(kept.fetch, URL)
      const ending = text(kept.fetch, URL, { signal: AbortSignal.timeout(50) })
      await expect(ending).rejects.toMatchObject({ name: 'TimeoutError' })
      await ends(server, 0)
      expect(server.connections).toBe(2)
    }
  })

  test('headers and interim answers are capped on a used connection too', async () => {
    for (const flood of [
      `HTTP/1.1 200 OK\r\nBig: ${'x'.repeat(100_000)}\r\n\r\n`,
      'HTTP/1.1 103 E\r\n\r\n'.repeat(9),
    ]) {
      await using server = await byTurn((turn) => (turn === 0 ? OK : flood))
      using kept = keeperTo(server)
      await text(kept.fetch, URL)
      expect((await refusalOf(text(kept.fetch, URL, { timeoutMs: 2000 }))).reason).toBe('unreachable')
      expect(server.connections).toBe(1)
      await ends(server, 0)
    }
  })

  test('a header that is none leaves no connection behind', async () => {
    await using server = await counting()
    using kept = keeperTo(server)
    await text(kept.fetch, URL)
    await refusalOf(kept.fetch(URL, { headers: { 'x-bad': 'a\nb' } }))
    await refusalOf(kept.fetch(URL, { headers: { 'x-bad': 'a\nb' } }))
    await ends(server, 0)
  })
})
