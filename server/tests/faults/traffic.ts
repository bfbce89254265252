// Senders who never stop: every kind of door, both accounts, some messages that must be refused.
import { setTimeout as delay } from 'node:timers/promises'
import type { DemoAccount } from '../../src/main/demo.ts'
import { sized, type Chance } from './chance.ts'
import { PAUSE_MS, type Client } from './client.ts'
import { DOORS, type DoorName, type Intent } from './doors.ts'
import type { Journal } from './journal.ts'
import { until } from './program.ts'

export interface Traffic {
  /** Resolves when so many messages have been begun since the start. */
  begun(count: number): Promise<void>
  /** Resolves when so many more have been acknowledged from now on. */
  flows(count: number): Promise<void>
  stop(): Promise<void>
}

interface TrafficParts {
  accounts: DemoAccount[]
  client: Client
  journal: Journal
  chance: Chance
  origins(): string[]
  doors?: DoorName[]
}

const SENDERS = sized({ short: 6, long: 16 })
const EVERY_DOOR = Object.keys(DOORS) as DoorName[]
/** Refused ones are few: they only have to be absent. */
const WRONG_SHARE = 0.02
/** Of the messages with an unknown fate most are asked for again at once, the others at the end. */
const INSISTENT_SHARE = 0.8

export function startTraffic(parts: TrafficParts): Traffic {
  const { client, journal, origins } = parts
  const counters = { begun: createCounter(), acknowledged: createCounter() }
  const load = { isOver: false }

  async function sendOn(chance: Chance): Promise<void> {
    while (!load.isOver) {
      if (origins().length === 0) await delay(PAUSE_MS)
      else await sendOne(chance, journal.intend(draft(parts, chance)))
    }
  }

  async function sendOne(chance: Chance, intent: Intent): Promise<void> {
    counters.begun.add()
    let { state } = await client.attempt(intent)
    while (state === 'unknown' && !load.isOver) {
      await delay(PAUSE_MS)
      if (intent.key === null || !chance.happens(INSISTENT_SHARE)) return
      if (origins().length > 0) ({ state } = await client.attempt(intent))
    }
    if (state === 'acknowledged') counters.acknowledged.add()
  }

  const senders = Array.from({ length: SENDERS }, () => sendOn(parts.chance.fork()))
  return {
    begun: (count) => counters.begun.reach(count),
    flows: (count) => counters.acknowledged.reach(counters.acknowledged.count() + count),
    stop: async () => {
      load.isOver = true
      await Promise.all(senders)
    },
  }
}

type DraftParts = Pick<TrafficParts, 'accounts' | 'doors'>

/** Any message by any door, by chance. */
export function draft(parts: DraftParts, chance: Chance): Omit<Intent, 'index' | 'text'> {
  const { accounts, doors = EVERY_DOOR } = parts
  const account = chance.below(accounts.length)
  const sender = accounts[account]
  const stranger = accounts[(account + 1) % accounts.length]
  if (!sender || !stranger) throw new Error('There is no account to send for.')
  if (chance.happens(WRONG_SHARE))
    return { account, door: 'contact', isWrong: true, ...DOORS.contact.draft(stranger, chance) }
  const door = chance.pick(doors)
  return { account, door, ...DOORS[door].draft(sender, chance) }
}

/** A count that one can wait for, as long as it grows. */
function createCounter() {
  const count = { now: 0 }
  return {
    count: () => count.now,
    add: () => {
      count.now += 1
    },
    reach: async (goal: number) => {
      while (count.now < goal) {
        const before = count.now
        await until('messages flow', () => count.now > before)
      }
    },
  }
}
