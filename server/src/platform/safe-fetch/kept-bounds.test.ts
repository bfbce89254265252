import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { Dial } from './connect.ts'
import { keeperTo, PUBLIC, refusalOf, text } from './fixtures/fetching.ts'
import { byTurn, counting, OK, PLACE, POST } from './fixtures/keeping.ts'
import { divertTo, listenTcp, type Listener } from './fixtures/listeners.ts'
import { createKeptFetch, createSafeFetch, type FetchInit } from './safe-fetch.ts'

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
    const read = ({ fetch }: ReturnType<typeof keeperTo>) => text(fetch, PLACE, limits).catch(() => 'refused')
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
    const discards = async ({ fetch }: ReturnType<typeof keeperTo>) => (await fetch(PLACE, POST)).discard()
    expect(await connectionsFor(big, discards)).toBe(2)
    await using server = await listenTcp((socket) => {
      socket.on('data', () => socket.write(http('Content-Length: 900', 'x')))
    })
    using kept = keeperTo(server)
    for await (const chunk of (await kept.fetch(PLACE, POST)).body) {
      expect(chunk.byteLength).toBe(1)
      break
    }
    await expect.poll(() => server.open()).toBe(0)
    const unread = kept.fetch(PLACE, { ...POST, timeoutMs: 200 })
    expect((await unread).status).toBe(200)
    expect((await refusalOf(text(kept.fetch, PLACE, { ...POST, timeoutMs: 100 }))).reason).toBe('timeout')
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
      expect(await text(kept.fetch, PLACE, POST)).toBe('ok')
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
      expect(await text(fetch, PLACE, { method: 'POST', body })).toBe('ok')
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
    await text(brief.fetch, PLACE)
    await ends(server, 0)
    await text(brief.fetch, PLACE)
    expect(server.connections).toBe(2)

    await using hinting = await counting((_, response) => {
      response.shouldKeepAlive = true
      response.writeHead(200, { connection: 'keep-alive', 'keep-alive': 'timeout=2' }).end('ok')
    })
    using long = keeperTo(hinting, { keepAlive: { idleMs: 60_000 } })
    await text(long.fetch, PLACE)
    expect(hinting.open()).toBe(1)
    await ends(hinting, 0)
  })

  test('so many a target', async () => {
    const waiting: ServerResponse[] = []
    await using server = await counting((_, response) => waiting.push(response))
    using kept = keeperTo(server, { keepAlive: { mostIdlePerTarget: 2 } })
    const asked = [1, 2, 3, 4, 5].map(() => text(kept.fetch, PLACE, POST))
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
    await text(kept.fetch, PLACE)
    const later = text(kept.fetch, `${PLACE}wait`)
    await text(kept.fetch, PLACE)
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
      await text(kept.fetch, PLACE)
      expect((await refusalOf(text(kept.fetch, PLACE, { timeoutMs: 100 }))).reason).toBe('timeout')
      await ends(server, 0)
      await text(kept.fetch, PLACE)
      const ending = text(kept.fetch, PLACE, { signal: AbortSignal.timeout(50) })
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
      await text(kept.fetch, PLACE)
      expect((await refusalOf(text(kept.fetch, PLACE, { timeoutMs: 2000 }))).reason).toBe('unreachable')
      expect(server.connections).toBe(1)
      await ends(server, 0)
    }
  })

  test('a header that is none leaves no connection behind', async () => {
    await using server = await counting()
    using kept = keeperTo(server)
    await text(kept.fetch, PLACE)
    await refusalOf(kept.fetch(PLACE, { headers: { 'x-bad': 'a\nb' } }))
    await refusalOf(kept.fetch(PLACE, { headers: { 'x-bad': 'a\nb' } }))
    await ends(server, 0)
  })
})
