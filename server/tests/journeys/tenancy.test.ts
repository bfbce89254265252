import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { knownFrom } from '../known.ts'
import type { Known } from '../known.ts'
import { databaseDigest, probeOf, sendProbe } from '../probing.ts'
import type { Sample } from '../requests.ts'
import { SAMPLES } from '../requests.ts'

const PLACEHOLDER = /\{\{([^{}]+)\}\}/g

/** The ids that a sample names, by their placeholders. */
function slotsOf(sample: Sample): string[] {
  const text = JSON.stringify([sample.path, sample.query, sample.body])
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name]) => name ?? ''))]
}

/** The same thing of the other tenant: the nearest it has. */
function foreign(known: Known, slot: string): unknown {
  const candidates = [
    slot,
    slot.replace(/\.(telegram|telegram_personal)\./, '.whatsapp.'),
    slot.replace(/\.2\./, '.1.'),
  ]
  for (const candidate of candidates)
    if (known.has(`other.${candidate}`)) return known.get(`other.${candidate}`)
  throw new Error(`The other tenant has no ${slot}.`)
}

/** A name of the same form that nobody has. */
function nobodys(slot: string): unknown {
  if (slot.endsWith(':hex')) return '0198c0deffff7fff8fffffffffffffff'
  return slot.endsWith('.id') ? '0198c0de-ffff-7fff-8fff-ffffffffffff' : 987_654_321
}

const withSlot = (known: Known, slot: string, value: unknown): Known => new Map(known).set(slot, value)
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

/** An answer without the id it was asked for and without what is new in every answer. */
function anonymous(text: string, id: unknown): string {
  return text
    .replaceAll(String(id), 'ID')
    .replace(/req_[\w-]+/g, 'REQUEST')
    .replace(/\d{10,}/g, 'TIME')
}
