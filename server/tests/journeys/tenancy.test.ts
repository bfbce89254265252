import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { knownFrom } from '../known.ts'
import { databaseDigest, probeOf, sendProbe } from '../probing.ts'
import { SAMPLES } from '../requests.ts'
import { anonymous, foreign, nobodys, slotsOf, withSlot } from '../slots.ts'

const probes = SAMPLES.flatMap((sample) => slotsOf(sample).map((slot) => ({ sample, slot })))
  .filter(({ slot }) => !slot.startsWith('tokens') && !slot.endsWith('.token'))
  .map(({ sample, slot }) => ({ sample, slot, name: `${sample.method} ${sample.route} ${slot}` }))

test('there are probes', () => expect(probes.length).toBeGreaterThan(60))

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

describe.each(probes)('$name', ({ sample, slot }) => {
  test('another tenant’s is answered like nobody’s, and is left alone', async () => {
    const known = knownFrom(house)
    const victim = house.other.account.id
    const before = await databaseDigest(house, victim)
    const unknown = await sendProbe(house, probeOf(house, sample, withSlot(known, slot, nobodys(slot))))
    const theirs = foreign(known, slot)
    const reply = await sendProbe(house, probeOf(house, sample, withSlot(known, slot, theirs)))
    expect(reply.status).toBe(unknown.status)
    expect(reply.status).toBeLessThan(500)
    expect(anonymous(reply.text, theirs)).toBe(anonymous(unknown.text, nobodys(slot)))
    expect(await databaseDigest(house, victim)).toBe(before)
  })
})

test('another tenant’s cursor is answered like one that nobody was given', async () => {
  const { cursor } = (await house.other.native.get('/events', { limit: 3 })).body
  const nobodys = `${String(cursor).slice(0, -1)}${cursor.endsWith('A') ? 'Q' : 'A'}`
  const before = await databaseDigest(house, house.other.account.id)
  const theirs = await house.native.get('/events', { after: cursor })
  const unknown = await house.native.get('/events', { after: nobodys })
  expect({ status: theirs.status, text: theirs.text }).toEqual({ status: 400, text: unknown.text })
  expect(unknown.status).toBe(400)
  expect((await house.other.native.get('/events', { after: cursor })).status).toBe(200)
  expect(await databaseDigest(house, house.other.account.id)).toBe(before)
})
