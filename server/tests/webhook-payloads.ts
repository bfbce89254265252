import { expect } from 'vitest'
import type { Telling, WebhookSpeech } from '../src/application/ports/webhook-dialect.ts'
import { readTellings, type TellingsRead } from '../src/application/webhooks/read-tellings.ts'
import { systemActor } from '../src/domain/actor.ts'
import { BEGINNING } from '../src/domain/event-log.ts'
import { differencesBetween, send, type ExchangeRequest } from './conformance.ts'
import { settleLog } from './event-reader.ts'
import type { TestHouse } from './house.ts'
import { fill, knownFrom, type Known } from './known.ts'

/** What was done through the doors, and what a dialect's webhooks are told of it, in order. */
export interface GoldenPayloads {
  title: string
  deeds: Deed[]
  told: { event: string; body: unknown }[]
}

/** `settle`: what waits for its transport is handed to it. */
type Deed = { request: ExchangeRequest; binds?: unknown } | { settle: true }

/** Whose token a request carries that says nothing else. */
const DOORS: [prefix: string, dialect: string][] = [
  ['/parley/v1/', 'native'],
  ['/v1/', 'linktor'],
  ['/p1/', 'pact'],
  ['/api/external/v1/', 'blinger-widget'],
  ['/api/', 'blinger-app'],
]

/** The webhook that is told, by its UUID. */
export const TOLD_WEBHOOK = '00000000-0000-4000-8000-0000000000aa'

/** Does the deeds and tells them; returns every difference, none when all is told as it is written down. */
export async function playPayloads(
  house: TestHouse,
  speech: WebhookSpeech,
  golden: GoldenPayloads,
): Promise<string[]> {
  const known: Known = knownFrom(house)
  const told = await tellDeeds(house, speech, { deeds: golden.deeds, known })
  // What is not JSON, such as a key without a value, does not go out.
  return differencesBetween(golden.told, JSON.parse(JSON.stringify(told)), known)
}

async function tellDeeds(
  house: TestHouse,
  speech: WebhookSpeech,
  { deeds, known }: { deeds: Deed[]; known: Known },
): Promise<{ event: string; body: object }[]> {
  const before = await readOn(house, BEGINNING)
  for (const deed of deeds) await doDeed(house, deed, known)
  const { tellings } = await readOn(house, before.place)
  return tellings.flatMap((telling) =>
    speech.render(telling).map((payload, at) => {
      const eventKey = `evt_${telling.recorded.id}${at === 0 ? '' : `_${at}`}`
      const addressed = { webhookId: TOLD_WEBHOOK, eventKey }
      return { event: payload.event, body: speech.address?.(payload, addressed, telling) ?? payload.body }
    }),
  )
}

/** All that happened in the first account after a place. */
async function readOn(
  house: TestHouse,
  after: TellingsRead['place'],
): Promise<Pick<TellingsRead, 'tellings' | 'place'>> {
  await settleLog(house)
  const actor = systemActor(house.fixture.id, new Set(['event.read']))
  const tellings: Telling[] = []
  let found: TellingsRead
  let place = after
  do {
    const asked = { after: place, limit: 200, origin: 'http://127.0.0.1:3000' }
    found = await house.composed.tools.ask(readTellings, actor, asked)
    tellings.push(...found.tellings)
    place = found.place
  } while (found.hasMore)
  return { tellings, place }
}

async function doDeed(house: TestHouse, deed: Deed, known: Known): Promise<void> {
  if ('settle' in deed) return house.settle()
  const { path } = deed.request
  const [, dialect = ''] = DOORS.find(([prefix]) => path.startsWith(prefix)) ?? []
  const reply = await send(house, dialect, fill(deed.request, known) as ExchangeRequest)
  expect(reply.status, `${path}: ${reply.text}`).toBeLessThan(300)
  if (deed.binds !== undefined) bind(deed.binds, reply.body, known)
}

/** Gives names to parts of an answer. */
function bind(names: unknown, answer: unknown, known: Known): void {
  if (typeof names === 'string') return void known.set(names, answer)
  for (const [key, inner] of Object.entries(names as Record<string, unknown>))
    bind(inner, (answer as Record<string, unknown> | undefined)?.[key], known)
}
