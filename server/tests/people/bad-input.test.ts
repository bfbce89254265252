import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bent } from '../bending.ts'
import { ORIGIN, signedIn } from '../browser.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { knownFrom } from '../known.ts'
import { PERSONAL, PUBLIC } from '../people-requests.ts'
import { faultOfRefusal, probeOf, sendProbe } from '../probing.ts'
import type { Sample } from '../requests.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

/** The credential of whoever has signed in: a cookie, or a user's token. */
async function credentialFor({ dialect }: Sample): Promise<Record<string, string>> {
  const { email, password } = house.fixture.owner
  if (dialect === 'native') {
    const browser = await signedIn(house, house.fixture.owner)
    return { cookie: browser.line(), origin: ORIGIN }
  }
  const payload = { email, password }
  const { body } = await house.request({ method: 'POST', url: '/v1/auth/login', payload })
  return { authorization: `Bearer ${body.meta.accessToken}` }
}

/** Whatever is bent, the answer has its dialect's shape, and is no fault of ours. */
async function faultsOf(sample: Sample): Promise<string[]> {
  const headers = PERSONAL.includes(sample) ? await credentialFor(sample) : sample.headers
  const faults: string[] = []
  for (const [what, probe] of bent(probeOf(house, { ...sample, headers }, knownFrom(house)))) {
    const reply = await sendProbe(house, probe)
    const fault = reply.status >= 400 ? faultOfRefusal(sample.dialect, reply) : null
    if (fault) faults.push(`${what} = ${JSON.stringify(probe.body).slice(0, 120)}: ${fault.slice(0, 300)}`)
  }
  return faults
}

describe.each([...PUBLIC, ...PERSONAL])('$method $route', (sample) => {
  test('takes nothing badly', async () => {
    // Nobody is locked out by the failures of the sample before.
    house.clock.advance(16 * 60_000)
    expect(await faultsOf(sample)).toEqual([])
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})
