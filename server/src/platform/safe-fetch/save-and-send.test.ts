import { describe, expect, test } from 'vitest'
import { createTargetCheck } from './check-target.ts'
import { keeperTo, lookup, PUBLIC, refusalOf, text } from './fixtures/fetching.ts'
import { hostileUrls, INSIDE_NAMES, insideTargets } from './fixtures/hostile-urls.ts'
import { dialWithinLoopback, divertTo, listenHttp } from './fixtures/listeners.ts'
import { createKeptFetch, type FetchInit } from './safe-fetch.ts'

const POST: FetchInit = { method: 'POST', body: '{}' }
const RULES = [{}, { isHttpsOnly: true }]
const INSIDE = ['127.0.0.1', '::1', '10.0.0.1', '169.254.169.254', '100.64.0.1', '::ffff:7f00:1', 'fd00::1']

/** Everything a webhook goes through: its address is judged when it is saved, and each time something is posted there. */
describe('what is kept and posted to', () => {
  test('no seed is kept, nor posted to beside a good connection that is open', async () => {
    await using canary = await listenHttp((_, response) => response.end('secret'))
    using kept = keeperTo(canary)
    expect(await text(kept.fetch, 'http://public.example/', POST)).toBe('secret')
    const check = createTargetCheck({ allow: [], lookup, ports: [80, 443, canary.port] })
    const seeds = [...new Set(hostileUrls(canary.port))]
    expect(seeds.length).toBeGreaterThanOrEqual(150)
    for (const rules of RULES) {
      const unknown: string[] = []
      for (const url of seeds) {
        const { reason } = await refusalOf(text(kept.fetch, url, { ...POST, ...rules }))
        const why = await check(url, rules)
        // Nobody knows the name yet: that alone may be kept, and is judged when it is posted to.
        if (why === null) unknown.push(url)
        expect(reason, url).toMatch(
          why === null ? /^unreachable$/ : /^(bad_url|blocked_address|not_https|unreachable)$/,
        )
      }
      const names = unknown.map((url) => new URL(url).hostname)
      for (const name of names) await expect(lookup(name), name).rejects.toThrow('no such name')
      expect(names.filter((name) => INSIDE_NAMES.includes(name))).toEqual([])
    }
    expect(kept.dialled).toEqual([`${PUBLIC} 80`])
    expect(canary.connections).toBe(1)
  })

  test('real canaries on 127.0.0.1 and ::1 are not touched, with whatever is open beside them', async () => {
    await using four = await listenHttp((_, response) => response.end('secret'))
    await using six = await listenHttp((_, response) => response.end('secret'), '::1')
    await using good = await listenHttp((_, response) => response.end('good'))
    const { dial, dialled } = dialWithinLoopback()
    const allow = [`hooks.internal:${good.port}`]
    const names = async (name: string) => (name === 'hooks.internal' ? ['127.0.0.1'] : lookup(name))
    const ports = [80, 443, four.port, six.port]
    const kept = createKeptFetch({ allow, lookup: names, dial, ports })
    const check = createTargetCheck({ allow, lookup: names, ports })
    const own = `http://hooks.internal:${good.port}/`
    for (const canary of [four, six]) {
      expect(await check(own, { isHttpsOnly: true })).toBeNull()
      expect(await text(kept.fetch, own, { ...POST, isHttpsOnly: true })).toBe('good')
      for (const url of hostileUrls(canary.port)) await refusalOf(text(kept.fetch, url, POST))
      // The open connection leads to 127.0.0.1, for one name and port alone.
      for (const host of ['127.0.0.1', 'localhost', 'inside.example', 'x.hooks.internal'])
        await refusalOf(text(kept.fetch, `http://${host}:${good.port}/`, POST))
    }
    kept.close()
    expect([four.connections, six.connections, good.connections, dialled.length]).toEqual([0, 0, 1, 1])
  })

  test.each([301, 302, 303, 307, 308])(
    '%i is an answer to what is posted, wherever it leads',
    async (status) => {
      await using canary = await listenHttp((_, response) => response.end('secret'))
      const inside = insideTargets(canary.port)
      let posts = 0
      await using server = await listenHttp((request, response) => {
        posts += 1
        const location = Buffer.from(inside[Number(request.url?.slice(1))] ?? '').toString('latin1')
        request.resume().on('end', () => response.writeHead(status, { location }).end('moved'))
      })
      const { dial, dialled } = divertTo(server.port)
      const kept = createKeptFetch({ allow: [], lookup, dial, ports: [80, 443, canary.port] })
      for (const index of inside.keys()) {
        const answer = await kept.fetch(`http://public.example/${index}`, POST)
        expect(answer.status).toBe(status)
        for await (const chunk of answer.body) expect(Buffer.from(chunk).toString()).toBe('moved')
      }
      kept.close()
      // Not even the connection suffers from it.
      expect([posts, server.connections, canary.connections]).toEqual([inside.length, 1, 0])
      expect(dialled).toEqual([`${PUBLIC} 80`])
    },
  )

  test('a name that changes its mind after it was kept is not posted to', async () => {
    await using canary = await listenHttp((_, response) => response.end('secret'))
    for (const address of INSIDE) {
      let answers = [PUBLIC]
      const names = async () => answers
      using kept = keeperTo(canary, { names })
      const check = createTargetCheck({ allow: [], lookup: names })
      for (const url of ['https://rebind.example/', 'http://rebind.example/']) {
        answers = [PUBLIC]
        expect(await check(url)).toBeNull()
        answers = [PUBLIC, address]
        expect((await refusalOf(kept.fetch(url, POST))).reason).toBe('blocked_address')
        answers = [address]
        expect((await refusalOf(kept.fetch(url, POST))).reason).toBe('blocked_address')
        expect(await check(url)).toBe('The address may not be reached')
      }
      expect(kept.dialled).toEqual([])
    }
    expect(canary.connections).toBe(0)
  })

  test('between two posts, and within one, only the answer that was judged counts', async () => {
    await using canary = await listenHttp((_, response) => response.end('public'))
    for (const address of INSIDE) {
      const answers = [[PUBLIC], [address], [PUBLIC], [address, PUBLIC], [PUBLIC]]
      using kept = keeperTo(canary, { names: async () => answers.shift() ?? [address] })
      const told: string[] = []
      for (let count = 0; count < 7; count += 1) {
        const telling = text(kept.fetch, 'http://rebind.example/', POST)
        told.push(await telling.catch((refusal: Error) => refusal.message))
      }
      const no = 'The address may not be reached'
      expect(told).toEqual(['public', no, 'public', no, 'public', no, no])
      expect(kept.dialled).toEqual([`${PUBLIC} 80`])
    }
    expect(canary.connections).toBe(INSIDE.length)
  })
})

describe('https only', () => {
  const isHttpsOnly = true
  const NAMES: Record<string, string[]> = {
    'public.example': [PUBLIC],
    'hooks.internal': ['10.1.2.3'],
    'half.internal': ['10.1.2.3', PUBLIC],
  }
  const names = async (name: string) => NAMES[name] ?? Promise.reject(new Error('no such name'))

  test('is asked of what is kept, unless the owner of the server opened it', async () => {
    const verdicts = async (allow: string[], urls: string[]) => {
      const check = createTargetCheck({ allow, lookup: names })
      return Promise.all(urls.map(async (url) => (await check(url, { isHttpsOnly })) ?? 'fit'))
    }
    const bare = 'Only https addresses are sent to'
    const closed = 'The address may not be reached'
    const urls = [
      'http://public.example/',
      `http://${PUBLIC}/`,
      'http://new.example/',
      'https://public.example/',
    ]
    expect(await verdicts([], urls)).toEqual([bare, bare, bare, 'fit'])
    expect(await verdicts(['10.1.0.0/16'], urls)).toEqual([bare, bare, bare, 'fit'])
    expect(await verdicts(['public.example:80', 'new.example:80'], urls)).toEqual(['fit', bare, 'fit', 'fit'])
    expect(await verdicts([`${PUBLIC}/32`], urls)).toEqual(['fit', 'fit', bare, 'fit'])
    const inside = [
      'http://hooks.internal:8080/',
      'http://10.1.2.3:9/',
      'http://half.internal/',
      'http://10.0.0.1/',
    ]
    expect(await verdicts(['10.1.0.0/16'], inside)).toEqual(['fit', 'fit', bare, closed])
    expect(await verdicts(['hooks.internal:8080'], inside)).toEqual([
      'fit',
      'The URL may not be fetched',
      bare,
      closed,
    ])
    expect(await createTargetCheck({ allow: [], lookup: names })('http://public.example/')).toBeNull()
  })

  test('is asked each time something is posted', async () => {
    await using server = await listenHttp((_, response) => response.end('ok'))
    const { dial, dialled } = divertTo(server.port)
    let answers = ['10.1.2.3']
    const kept = createKeptFetch({
      allow: ['10.1.0.0/16', 'own.example:80'],
      dial,
      lookup: async (name) => (name === 'hooks.internal' ? answers : [PUBLIC]),
    })
    const post = { ...POST, isHttpsOnly }
    expect(await text(kept.fetch, 'http://hooks.internal:8080/', post)).toBe('ok')
    expect(await text(kept.fetch, 'http://own.example/', post)).toBe('ok')
    // What another caller may have left open is no way round.
    expect(await text(kept.fetch, 'http://public.example/', POST)).toBe('ok')
    expect(dialled).toHaveLength(3)
    for (const url of ['http://public.example/', `http://${PUBLIC}/`])
      expect(await refusalOf(kept.fetch(url, post))).toMatchObject({ reason: 'not_https' })
    answers = [PUBLIC]
    expect((await refusalOf(kept.fetch('http://hooks.internal/', post))).reason).toBe('not_https')
    answers = ['10.1.2.3', PUBLIC]
    expect((await refusalOf(kept.fetch('http://hooks.internal/', post))).reason).toBe('not_https')
    kept.close()
    expect(dialled).toHaveLength(3)
  })
})
