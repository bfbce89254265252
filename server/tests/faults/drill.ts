// One fault test from its first message to its verdict: the journal, the client, and which servers are up.
import type { DemoAccount } from '../../src/main/demo.ts'
import type { Chance } from './chance.ts'
import { check, type Verdict } from './checker.ts'
import { createClient, type Client } from './client.ts'
import { untilDispatched } from './dispatching.ts'
import type { DoorName } from './doors.ts'
import { openJournal, type Journal } from './journal.ts'
import { makeDataDir, query, type Started } from './program.ts'
import { startTraffic, type Traffic } from './traffic.ts'

export interface Drill {
  journal: Journal
  client: Client
  /** Requests go to it from now on. */
  enter(server: Started): Started
  leave(server: Started): void
  startTraffic(doors?: DoorName[]): Traffic
  /** A look into the database itself, whatever lies before it. */
  ask(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** Asks again for what is unknown, waits for the dispatchers, and holds every promise against the database. */
  finish(isServerUp: boolean): Promise<Verdict>
}

interface DrillParts {
  /** Tells apart the drills of one run. */
  name: string
  chance: Chance
  accounts: DemoAccount[]
  databaseUrl: string
}

export function openDrill({ name, chance, accounts, databaseUrl }: DrillParts): Drill {
  const journal = openJournal(makeDataDir(), `${name}-${chance.seed}`)
  const up = new Set<Started>()
  const origins = () => [...up].map(({ origin }) => origin)
  const client = createClient({ accounts, journal, origins })
  const ask: Drill['ask'] = (sql, values) => query({ databaseUrl }, sql, values)
  return {
    journal,
    client,
    ask,
    enter: (server) => {
      up.add(server)
      return server
    },
    leave: (server) => up.delete(server),
    startTraffic: (doors) => startTraffic({ accounts, journal, client, chance, origins, doors }),
    finish: async (isServerUp) => {
      await client.settle()
      await untilDispatched(ask)
      const verdict = await check({ journal, ask, isServerUp })
      const { faults, ...figures } = verdict
      tell(name, { ...figures, faults: faults.length, slowestMs: client.slowestMs() })
      return verdict
    },
  }
}

/** Figures, for whoever reads the output. */
export function tell(name: string, figures: Record<string, number>): void {
  const words = Object.entries(figures).map(([word, figure]) => `${word} ${figure}`)
  process.stderr.write(`${name}: ${words.join(', ')}\n`)
}
