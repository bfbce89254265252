import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { setDefaultCACertificates } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { keeperTo, PUBLIC, refusalOf, text } from './fixtures/fetching.ts'
import { byTurn, counting, OK, PLACE, POST } from './fixtures/keeping.ts'
import { divertTo, listen, listenTcp } from './fixtures/listeners.ts'
import { remembering } from './resolve.ts'
import { createSafeFetch } from './safe-fetch.ts'

describe('a connection serves again', () => {
  test('one after the other, whatever the method', async () => {
    await using server = await counting((_, response) =>
      response.writeHead(200, { 'content-length': 2 }).end('ok'),
    )
    using kept = keeperTo(server)
    const warnings: Error[] = []
    const warn = (warning: Error) => warnings.push(warning)
    process.on('warning', warn)
    for (let count = 0; count < 30; count += 1) expect(await text(kept.fetch, PLACE, POST)).toBe('ok')
    expect(await text(kept.fetch, PLACE)).toBe('ok')
    expect(await text(kept.fetch, PLACE, { method: 'HEAD' })).toBe('')
    expect(await text(kept.fetch, `${PLACE}other?path`)).toBe('ok')
    process.off('warning', warn)
    expect([server.connections, kept.dialled.length]).toEqual([1, 1])
    expect(warnings).toEqual([])
  })

  test('over TLS too', async () => {
    const file = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
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
    const asked = [1, 2, 3].map(() => text(kept.fetch, PLACE, POST))
    await expect.poll(() => waiting.length).toBe(3)
    expect(server.connections).toBe(3)
    for (const response of waiting.splice(0)) response.end('ok')
    await Promise.all(asked)
    const again = [1, 2, 3].map(() => text(kept.fetch, PLACE, POST))
    await expect.poll(() => waiting.length).toBe(3)
    for (const response of waiting) response.end('ok')
    await Promise.all(again)
    expect(server.connections).toBe(3)
  })

  test('a server that hangs holds nobody up, not even itself', async () => {
    await using server = await counting((request, response) => request.url !== '/hang' && response.end('ok'))
    using kept = keeperTo(server)
    await text(kept.fetch, PLACE)
    const hanging = refusalOf(text(kept.fetch, `${PLACE}hang`, { timeoutMs: 600 }))
    expect(await text(kept.fetch, PLACE)).toBe('ok')
    expect(await text(kept.fetch, 'http://other.example/')).toBe('ok')
    expect((await hanging).reason).toBe('timeout')
    await expect.poll(() => server.open()).toBe(2)
  })

  test('only for the same host and port, and not at all unless asked', async () => {
    await using server = await counting()
    using kept = keeperTo(server)
    const urls = [
      PLACE,
      'http://other.example/',
      `http://public.example:${server.port}/`,
      'http://dual.example/',
    ]
    for (const url of [...urls, ...urls]) await text(kept.fetch, url)
    expect(server.connections).toBe(urls.length)
    const { dial } = divertTo(server.port)
    const single = createSafeFetch({ allow: [], dial, lookup: async () => [PUBLIC] })
    for (const url of [PLACE, PLACE]) await text(single, url)
    expect(server.connections).toBe(urls.length + 2)
    await expect.poll(() => server.open()).toBe(urls.length)
  })
})

describe('the addresses are judged each time', () => {
  test('a name that moved is followed; the open connection serves only its own address', async () => {
    await using server = await counting()
    let answers = [PUBLIC]
    using kept = keeperTo(server, { names: async () => answers })
    await text(kept.fetch, PLACE)
    answers = ['93.184.216.35']
    await text(kept.fetch, PLACE)
    expect(kept.dialled).toEqual([`${PUBLIC} 80`, '93.184.216.35 80'])
    answers = ['93.184.216.36', PUBLIC]
    await text(kept.fetch, PLACE)
    expect(kept.dialled).toHaveLength(2)
  })

  test('a name that became private is refused though a good connection is open', async () => {
    await using server = await counting()
    let answers = [PUBLIC]
    using kept = keeperTo(server, { names: async () => answers })
    await text(kept.fetch, PLACE, POST)
    for (const inside of [
      ['10.0.0.1'],
      ['127.0.0.1'],
      ['::1'],
      [PUBLIC, '169.254.169.254'],
      ['::ffff:7f00:1'],
    ]) {
      answers = inside
      expect((await refusalOf(kept.fetch(PLACE, POST))).reason).toBe('blocked_address')
    }
    answers = []
    expect((await refusalOf(kept.fetch(PLACE, POST))).reason).toBe('unreachable')
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
    for (let count = 0; count < 4; count += 1) expect(await text(kept.fetch, PLACE, POST)).toBe('ok')
    expect(server.connections).toBe(4)
  })

  test('is not replaced twice', async () => {
    const asked: number[] = []
    await using server = await byTurn((turn, connection) => {
      asked.push(connection)
      return connection === 0 && turn === 0 ? OK : null
    })
    using kept = keeperTo(server)
    await text(kept.fetch, PLACE, POST)
    expect((await refusalOf(kept.fetch(PLACE, POST))).reason).toBe('unreachable')
    expect(asked).toEqual([0, 0, 1])
    // A new one that fails was refused by the server itself.
    expect((await refusalOf(kept.fetch(PLACE, POST))).reason).toBe('unreachable')
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
      await text(kept.fetch, PLACE, POST)
      expect((await refusalOf(kept.fetch(PLACE, POST))).reason, begun).toBe('unreachable')
      expect(asked, begun).toEqual([0, 1])
    }
  })

  test('costs nothing when its end was seen in time', async () => {
    await using server = await listenTcp((socket) => {
      socket.on('data', () => socket.end(OK))
    })
    using kept = keeperTo(server)
    for (let count = 0; count < 3; count += 1) {
      expect(await text(kept.fetch, PLACE, POST)).toBe('ok')
      await expect.poll(() => server.open()).toBe(0)
    }
    expect(server.connections).toBe(3)
  })
})
