import { afterAll, describe, expect, test } from 'vitest'
import { bent } from '../bending.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { knownFrom } from '../known.ts'
import { databaseDigest, faultOfRefusal, probeOf, sendProbe, type Probe } from '../probing.ts'
import type { Sample } from '../requests.ts'

/** A house that is opened for a sample to be tried in. */
type Open = () => Promise<TestHouse>

/** Sends every bent request; a refusal must have its shape. Those that were refused are given back. */
async function bend(house: TestHouse, sample: Sample): Promise<{ faults: string[]; refused: Probe[] }> {
  const faults: string[] = []
  const refused: Probe[] = []
  for (const [what, probe] of bent(probeOf(house, sample, knownFrom(house)))) {
    const reply = await sendProbe(house, probe)
    if (reply.status < 400) continue
    refused.push(probe)
    const fault = faultOfRefusal(sample.dialect, reply)
    const told = `${what} = ${JSON.stringify(probe.body ?? probe.query).slice(0, 120)}`
    if (fault) faults.push(`${told}: ${fault.slice(0, 300)}`)
  }
  return { faults, refused }
}

/** Sends what is no request at all; a reply that accepts one is a fault, and so is a refusal of another shape. */
async function confuse(house: TestHouse, sample: Sample): Promise<string[]> {
  const probe = probeOf(house, sample, knownFrom(house))
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
  const everyHeader = (value: string) => Object.fromEntries(names.map((name) => [name, value]))
  // A door without a credential has none to be wrong.
  for (const wrong of names.length > 0 ? ['', 'Bearer nobody'] : [])
    await refused(wrong === '' ? 'no token' : 'a wrong token', everyHeader(wrong))
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
  return faults
}

/** What leaves less behind than it found: samples after it want a house of their own. */
const isRough = ({ method, route }: Sample) =>
  method === 'DELETE' || /delete|close|deactivate|rotate|retention/.test(route)

/** A house that is lived in until something in it was broken; making one takes longer than most tests. */
function createLodging(open: Open) {
  let house: TestHouse | null = null
  const leave = async () => {
    await house?.[Symbol.asyncDispose]()
    house = null
  }
  return { leave, enter: async () => (house ??= await open()) }
}

/** Tries each sample with everything that no field may take badly. */
export function tryBadInput(samples: Sample[], open: Open = openHouse): void {
  const bending = createLodging(open)
  const refusing = createLodging(open)
  afterAll(async () => {
    await bending.leave()
    await refusing.leave()
  })

  describe.each(samples)('$method $route', (sample) => {
    test('takes nothing badly, and writes nothing of what it refuses', async () => {
      const { faults, refused } = await bend(await bending.enter(), sample)
      expect(faults).toEqual([])
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
      if (isRough(sample)) await bending.leave()
      // Once more where nothing was accepted in between, so that whatever is written then is a refusal's.
      const house = await refusing.enter()
      let before = await databaseDigest(house)
      for (const probe of refused) {
        if ((await sendProbe(house, probe)).status >= 400) continue
        before = await databaseDigest(house)
      }
      expect(await confuse(house, sample)).toEqual([])
      expect(await databaseDigest(house)).toBe(before)
      if (isRough(sample)) await refusing.leave()
    })
  })
}
