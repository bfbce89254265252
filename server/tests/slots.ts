import type { Known } from './known.ts'
import type { Sample } from './requests.ts'

const PLACEHOLDER = /\{\{([^{}]+)\}\}/g

/** The ids that a sample names, by their placeholders. */
export function slotsOf(sample: Sample): string[] {
  const text = JSON.stringify([sample.path, sample.query, sample.body])
  return [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name]) => name ?? ''))]
}

/** The same thing of the other tenant: the nearest it has. */
export function foreign(known: Known, slot: string): unknown {
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
export function nobodys(slot: string): unknown {
  if (slot.endsWith(':hex')) return '0198c0deffff7fff8fffffffffffffff'
  return slot.endsWith('.id') ? '0198c0de-ffff-7fff-8fff-ffffffffffff' : 987_654_321
}

export const withSlot = (known: Known, slot: string, value: unknown): Known => new Map(known).set(slot, value)

/** An answer without the id it was asked for and without what is new in every answer. */
export function anonymous(text: string, id: unknown): string {
  return text
    .replaceAll(String(id), 'ID')
    .replace(/req_[\w-]+/g, 'REQUEST')
    .replace(/\d{10,}/g, 'TIME')
}
