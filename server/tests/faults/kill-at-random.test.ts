// A server with its own database, as one starts it at home. It, its database, or both are killed at random under load:
// it comes back by itself or with the next start, and what was acknowledged is there, once.
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openChance, sized } from './chance.ts'
import { letMinutesPass } from './dispatching.ts'
import { openDrill, tell } from './drill.ts'
import { isAlive, killDatabase, makeDataDir, readDemoAccounts, startCli, until } from './program.ts'

const KINDS = ['server', 'database', 'both'] as const
const KILLS = sized({ short: 1, long: 10 })
const SENDS = sized({ short: 60, long: 10_000 })
/** So many deaths of its database a server puts up with within a minute. */
const MOST_DEATHS = 3
/** The moment of a kill lies this far behind a message, at most. */
const MOST_DELAY_MS = 40

test('kill -9 of the server, of its database, or of both at random', async () => {
  const chance = openChance()
  const dataDir = makeDataDir()
  const start = () => startCli({ dataDir, args: ['demo'], env: { PARLEY_LOG_LEVEL: 'info' } }).listening()
  let server = await start()
  const accounts = await readDemoAccounts(dataDir)
  const { databaseUrl } = server
  const drill = openDrill({ name: 'kill-at-random', chance, accounts, databaseUrl })
  drill.enter(server)

  let deaths = 0
  const kill = {
    server: async () => {
      server.child.kill('SIGKILL')
      drill.leave(server)
      await server.ended
      server = drill.enter(await start())
      deaths = 0
    },
    database: async () => {
      const killed = server.postmaster()
      killDatabase(dataDir)
      await until('the database is another process', () => server.postmaster() !== killed)
      expect(isAlive(server.child.pid ?? 0)).toBe(true)
      deaths += 1
    },
    both: () => {
      killDatabase(dataDir)
      return kill.server()
    },
  }
  const planned = chance.shuffled(KINDS.flatMap((kind) => Array.from({ length: KILLS }, () => kind)))
  const traffic = drill.startTraffic()
  let slowestMs = 0
  for (const [index, kind] of planned.entries()) {
    await traffic.begun(Math.floor((SENDS * index) / KILLS))
    await traffic.flows(20)
    await delay(chance.below(MOST_DELAY_MS))
    const began = performance.now()
    await kill[deaths === MOST_DEATHS ? 'server' : kind]()
    await traffic.flows(1)
    slowestMs = Math.max(slowestMs, Math.round(performance.now() - began))
  }
  await traffic.flows(20)
  await traffic.stop()
  tell('kill-at-random', { kills: planned.length, slowestRecoveryMs: slowestMs })

  await letMinutesPass(drill.ask)
  const { faults } = await drill.finish(false)
  expect(faults).toEqual([])
})
