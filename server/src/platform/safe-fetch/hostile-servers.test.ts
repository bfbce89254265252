import { describe, expect, test } from 'vitest'
import type { FetchRefused } from './fetch-refused.ts'
import { fetcherTo, refusalOf, text } from './fixtures/fetching.ts'
import { listenHttp, listenTcp, type Listener } from './fixtures/listeners.ts'
import { createSafeFetch, type FetchInit } from './safe-fetch.ts'

describe('hostile servers', () => {
  const http = (head: string) => `HTTP/1.1 200 OK\r\n${head}\r\n\r\n`
  const limits: FetchInit = { maxBytes: 1000, timeoutMs: 400 }
  const drip = (first: string, piece: string) =>
    listenTcp((socket) => {
      socket.write(first)
      const timer = setInterval(() => socket.write(piece), 20)
      socket.on('close', () => clearInterval(timer))
    })

  async function refusedBy(listener: Listener, init = limits): Promise<FetchRefused> {
    const started = performance.now()
    const refusal = await refusalOf(text(fetcherTo(listener).fetch, 'http://public.example/', init))
    expect(performance.now() - started).toBeLessThan(2000)
    return refusal
  }

  test('an endless body is cut at the cap', async () => {
    await using server = await listenHttp((_, response) => {
      const flow = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      }
      response.on('drain', flow)
      flow()
    })
    expect((await refusedBy(server)).reason).toBe('too_large')
  })

  test('a declared size over the cap is refused unread, and the status still known', async () => {
    await using server = await listenTcp((socket) =>
      socket.write(http('Content-Length: 5000').replace('200', '500')),
    )
    expect((await refusedBy(server)).reason).toBe('too_large')
    const answer = await fetcherTo(server).fetch('http://public.example/', limits)
    expect(answer.status).toBe(500)
    answer.discard()
  })

  test('the deadline is total: no drip keeps a connection', async () => {
    const drips: [string, string][] = [
      ['HTTP/1.1 200 O', 'K'],
      ['HTTP/1.1 200 OK\r\n', 'a: b\r\n'],
      [http('Content-Length: 900'), 'x'],
      [http('Transfer-Encoding: chunked'), '1\r\nx\r\n'],
    ]
    for (const [first, piece] of drips) {
      await using server = await drip(first, piece)
      expect((await refusedBy(server)).reason).toBe('timeout')
    }
  })

  test('silence, a slow name and the caller end it too', async () => {
    await using silent = await listenTcp(() => {})
    expect((await refusedBy(silent)).reason).toBe('timeout')
    const slow = createSafeFetch({ allow: [], timeoutMs: 100, lookup: () => new Promise(() => {}) })
    expect((await refusalOf(slow('http://public.example/'))).reason).toBe('timeout')
    const { fetch } = fetcherTo(silent)
    await expect(
      fetch('http://public.example/', { signal: AbortSignal.abort(new Error('mine')) }),
    ).rejects.toThrow('mine')
    const later = fetch('http://public.example/', { signal: AbortSignal.timeout(50) })
    await expect(later).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  test('faulty answers read like a closed port', async () => {
    const faults = [
      '',
      'SSH-2.0-OpenSSH_9.6\r\n',
      '-ERR unknown command\r\n',
      http(`Big: ${'x'.repeat(1_000_000)}`),
      http('Content-Length: 900') + 'short',
      http('Content-Length: 5\r\nContent-Length: 6') + 'hello',
      http('Transfer-Encoding: chunked') + 'zz\r\n',
      http('Content-Encoding: gzip\r\nContent-Length: 3') + 'abc',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    ]
    const closed = await refusedBy({ port: 1, connections: 0 } as Listener)
    expect(closed.reason).toBe('unreachable')
    for (const fault of faults) {
      await using server = await listenTcp((socket) => socket.end(fault))
      const refusal = await refusedBy(server)
      expect([refusal.reason, refusal.message], fault.slice(0, 60)).toEqual([closed.reason, closed.message])
    }
  })

  test('interim answers without end are cut', async () => {
    await using server = await listenTcp((socket) =>
      socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1000)),
    )
    expect((await refusedBy(server)).reason).toBe('unreachable')
  })

  test('an answer that nobody reads gives its socket back at the deadline', async () => {
    let closed = 0
    await using server = await listenTcp((socket) => {
      socket.resume().write(http('Content-Length: 900') + 'x')
      socket.on('close', () => (closed += 1))
    })
    await fetcherTo(server).fetch('http://public.example/', { timeoutMs: 100 })
    await expect.poll(() => closed).toBe(1)
  })
})
