import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { differencesBetween, send, type ExchangeRequest } from '../conformance.ts'
import { fill, knownFrom, type Known } from '../known.ts'
import type { WebhookDesk } from './webhook-desk.ts'
import type { Received } from './webhook-sink.ts'

const CONTRACTS = join(import.meta.dirname, '../../../contracts')

/** What is done, step by step, and what is told of it: each payload in order, its keys too. */
export interface WebhookCase {
  title: string
  steps: {
    /** At which door; the dialect's own by default. */
    dialect?: string
    request: ExchangeRequest
    /** What it causes waits for the next step's, as if both were done at once. */
    waits?: boolean
    /** What later steps call parts of the answer, by their dotted paths. */
    binds?: Record<string, string>
    told?: unknown[]
  }[]
}

/** The golden payloads of a dialect. */
export function casesOf(dialect: string): { file: string; golden: WebhookCase }[] {
  const folder = join(CONTRACTS, dialect, 'webhooks')
  return readdirSync(folder).map((file) => ({
    file,
    golden: JSON.parse(readFileSync(join(folder, file), 'utf8')) as WebhookCase,
  }))
}

/** Does what a case says and compares what comes in; returns every difference. */
export async function playTold(
  { house, sink }: WebhookDesk,
  dialect: string,
  { steps }: WebhookCase,
  more: Record<string, unknown>,
): Promise<string[]> {
  const known: Known = new Map([...knownFrom(house), ...Object.entries(more)])
  const differences: string[] = []
  for (const [index, { told: wanted = [], ...step }] of steps.entries()) {
    sink.received.length = 0
    const where = `step ${index + 1}`
    const { request } = step
    const answer = await send(house, step.dialect ?? dialect, fill(request, known) as ExchangeRequest)
    if (answer.status >= 300) differences.push(`${where}: ${answer.status} ${answer.text}`)
    for (const [name, path] of Object.entries(step.binds ?? {})) known.set(name, partOf(answer.body, path))
    if (step.waits) continue
    // What a turn of jobs causes is told in the next.
    await house.settle()
    await house.settle()
    const told = sink.received.toSorted((one, other) => placeOf(one) - placeOf(other)).map(bodyOf)
    differences.push(...differencesBetween(wanted, told, known).map((one) => `${where}: ${one}`))
    if (keysIn(told) !== keysIn(wanted)) differences.push(`${where}: keys in another order: ${keysIn(told)}`)
  }
  return differences
}

/** By the log: `evt_42_1` comes after `evt_42`: what tells of different things may come in beside each other. */
function placeOf({ headers }: Received): number {
  const [, event, at = 0] = String(headers['webhook-id']).split('_')
  return Number(event) * 100 + Number(at)
}

const bodyOf = ({ body }: Received): unknown => body

/** A part of an answer. */
export function partOf(body: unknown, path: string): unknown {
  const step = (inner: unknown, key: string) => new Map(Object.entries(inner ?? {})).get(key)
  return path.split('.').reduce<unknown>(step, body)
}

/** The keys of everything, in the order they are written. */
function keysIn(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(keysIn).join()}]`
  if (typeof value !== 'object' || value === null) return ''
  return `{${Object.entries(value)
    .map(([key, inner]) => key + keysIn(inner))
    .join()}}`
}
