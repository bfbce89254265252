// A client that keeps a journal, and asks again under the same key when it does not know what became of a message.
import { setTimeout as delay } from 'node:timers/promises'
import type { DemoAccount } from '../../src/main/demo.ts'
import { DOORS, type Intent } from './doors.ts'
import { stateOf, type Journal, type Outcome } from './journal.ts'

export interface Client {
  attempt(intent: Intent, origin?: string): Promise<Outcome>
  /** Asks again for every message whose fate is unknown, where its door knows keys. */
  settle(): Promise<void>
  /** The longest that an answer, or an error in its place, has taken. */
  slowestMs(): number
}

export interface ClientParts {
  accounts: DemoAccount[]
  journal: Journal
  /** Where the server answers at the moment; nowhere while it is down. */
  origins(): string[]
}

/** No answer may take longer, whatever has happened to the database. */
const HANGING_MS = 15_000
/** What a client waits before it asks again. */
export const PAUSE_MS = 25
/** The fates that a fault may leave open. */
export const NO_ANSWER = 'no answer'
export const UNAVAILABLE = '503'

const MOST_REPEATS = 200
const AT_ONCE = 8

export function createClient(parts: ClientParts): Client {
  const { journal, origins } = parts
  let slowestMs = 0
  let turn = 0

  async function attempt(intent: Intent, origin?: string): Promise<Outcome> {
    const living = origins()
    const began = performance.now()
    const outcome = await ask(parts, intent, origin ?? living[turn++ % living.length])
    slowestMs = Math.max(slowestMs, performance.now() - began)
    journal.note(intent, outcome)
    return outcome
  }

  async function settleOne(intent: Intent): Promise<void> {
    for (let repeat = 0; repeat < MOST_REPEATS; repeat += 1) {
      if ((await attempt(intent)).state !== 'unknown') return
      await delay(PAUSE_MS)
    }
  }

  return {
    attempt,
    settle: async () => {
      const open = journal.read().filter((entry) => entry.intent.key !== null && stateOf(entry) === 'unknown')
      const next = async () => {
        for (let entry = open.pop(); entry; entry = open.pop()) await settleOne(entry.intent)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, next))
    },
    slowestMs: () => Math.round(slowestMs),
  }
}

async function ask(parts: ClientParts, intent: Intent, origin: string | undefined): Promise<Outcome> {
  const account = parts.accounts[intent.account]
  if (!account || !origin) return { state: 'unknown', why: NO_ANSWER }
  const { path, headers, body } = DOORS[intent.door].request(account, intent)
  try {
    const reply = await fetch(origin + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(HANGING_MS),
    })
    return read(reply, await reply.text())
  } catch (error) {
    const isHanging = error instanceof Error && error.name === 'TimeoutError'
    return { state: 'unknown', why: isHanging ? `no answer within ${HANGING_MS} ms` : NO_ANSWER }
  }
}

function read(reply: Response, text: string): Outcome {
  const { status, headers } = reply
  if (status === 200) {
    const { data } = JSON.parse(text) as { data: { id: string | number } }
    return { state: 'acknowledged', id: String(data.id) }
  }
  if (status >= 400 && status < 500) return { state: 'refused', status, said: text }
  if (status === 503)
    return { state: 'unknown', why: headers.has('retry-after') ? UNAVAILABLE : '503 without Retry-After' }
  return { state: 'unknown', why: `${status} ${text}` }
}
