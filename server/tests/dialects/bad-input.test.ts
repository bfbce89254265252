import { describe, expect, test } from 'vitest'
import { bent } from '../bending.ts'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { knownFrom } from '../known.ts'
import { databaseDigest, faultOfRefusal, probeOf, sendProbe } from '../probing.ts'
import type { Sample } from '../requests.ts'
import { PERSONAL, PUBLIC } from '../people-requests.ts'
import { SAMPLES } from '../requests.ts'

/** Sends them all; a refusal must have its shape and leave the database as it was. */
async function faultsOf(house: TestHouse, sample: Sample): Promise<string[]> {
  const faults: string[] = []
  let digest = await databaseDigest(house)
  for (const [what, probe] of bent(probeOf(house, sample, knownFrom(house)))) {
    const told = `${what} = ${JSON.stringify(probe.body ?? probe.query).slice(0, 120)}`
    const reply = await sendProbe(house, probe)
    const now = sample.method === 'GET' ? digest : await databaseDigest(house)
    if (reply.status >= 400) {
      const fault =
        faultOfRefusal(sample.dialect, reply) ??
        (now === digest ? null : 'refused, yet something was written')
      if (fault) faults.push(`${told}: ${fault.slice(0, 300)}`)
    }
    digest = now
  }
  return faults
}

describe.each(SAMPLES)('$method $route', (sample) => {
  test('takes nothing badly', async () => {
    await using house = await openHouse()
    expect(await faultsOf(house, sample)).toEqual([])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('refuses what is no request at all', async () => {
    await using house = await openHouse()
    const probe = probeOf(house, sample, knownFrom(house))
    const before = await databaseDigest(house)
    const { method, dialect } = sample
    const faults: string[] = []
    const refused = async (what: string, headers: Record<string, string>, payload?: string | Buffer) => {
      const reply = await house.request({
        method,
        url: probe.path,
        headers: { ...probe.headers, ...headers },
        payload,
      })
      const fault = reply.status < 400 ? `accepted: ${reply.text}` : faultOfRefusal(dialect, reply)
      if (fault) faults.push(`${what}: ${fault.slice(0, 300)}`)
    }
    const names = Object.keys(probe.headers)
    await refused('no token', Object.fromEntries(names.map((name) => [name, ''])))
    await refused('a wrong token', Object.fromEntries(names.map((name) => [name, 'Bearer nobody'])))
    if (method !== 'GET') {
      const json = { 'content-type': 'application/json' }
      if (dialect !== 'pact') await refused('broken JSON', json, '{"a":')
      await refused('10 MB of text', json, JSON.stringify({ ...probe.body, text: 'x'.repeat(10_000_000) }))
      await refused('100 000 levels', json, `${'['.repeat(100_000)}${']'.repeat(100_000)}`)
      await refused(
        'a broken multipart',
        { 'content-type': 'multipart/form-data; boundary=x' },
        '--x\r\nbroken',
      )
    }
    expect(faults).toEqual([])
    expect(await databaseDigest(house)).toBe(before)
  })
})

test('every route has a sample to bend', async () => {
  await using house = await openHouse()
  const known = new Set([...SAMPLES, ...PUBLIC, ...PERSONAL].map(({ method, route }) => `${method} ${route}`))
  const routes = house.composed.routes
    .filter(({ method, url, schema }) => method !== 'HEAD' && !schema.hide && !url.startsWith('/docs'))
    .map(({ method, url }) => `${method} ${url.replace(/^\/api\/v1\//, '/v1/')}`)
    .filter((route) => !/\[0-9a-f\]|\/avatars\//.test(route))
  expect(routes.filter((route) => !known.has(route))).toEqual([])
})
