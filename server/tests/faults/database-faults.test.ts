// The database dies or restarts under load, at named moments of a send among others. The server lives on: it answers 503
// meanwhile, and what it acknowledged is there, once.
import { expect, test } from 'vitest'
import { openChance, sized } from './chance.ts'
import { openCluster } from './cluster.ts'
import { letMinutesPass } from './dispatching.ts'
import { openDrill, tell } from './drill.ts'
import { afterCommit, afterInsert, insideCommit } from './failpoints.ts'
import { isAlive, makeDataDir, readDemoAccounts, startCli } from './program.ts'
import { openDatabaseProxy } from './proxy.ts'

const TIMES = sized({ short: 1, long: 10 })
/** Messages of each kind of fault. */
const SENDS = sized({ short: 60, long: 10_000 })

test(
  'the database is killed, restarted, and cut off under load',
  { timeout: sized({ short: 150_000, long: 3_600_000 }), retry: 2 },
  async () => {
    const chance = openChance()
    const cluster = await openCluster()
    await using proxy = await openDatabaseProxy(cluster.url)
    const dataDir = makeDataDir()
    const env = { DATABASE_URL: proxy.url, PARLEY_LOG_LEVEL: 'info' }
    const server = await startCli({ dataDir, args: ['demo'], env }).listening()
    const accounts = await readDemoAccounts(dataDir)
    const drill = openDrill({ name: 'database-faults', chance, accounts, databaseUrl: cluster.url })
    drill.enter(server)

    // After COMMIT the answer is passed on although its database is dead by then: it must be true all the same.
    const killAt = (failpoint: typeof afterCommit) => () =>
      proxy.at(
        failpoint,
        () => {
          cluster.kill()
          return 'pass'
        },
        chance.below(5),
      )
    const faults = {
      'kill after INSERT': killAt(afterInsert),
      'kill inside COMMIT': killAt(insideCommit),
      'kill after COMMIT': killAt(afterCommit),
      'fast restart': cluster.restart,
      'immediate restart': async () => cluster.quit(),
      'end of all connections': cluster.disconnectAll,
    }
    const planned = chance.shuffled(
      Object.entries(faults).flatMap((fault) => Array.from({ length: TIMES }, () => fault)),
    )

    const traffic = drill.startTraffic()
    let slowestMs = 0
    for (const [index, [, strike]] of planned.entries()) {
      await traffic.begun(Math.floor((SENDS * index) / TIMES))
      await cluster.prepareToDie()
      await traffic.flows(10)
      await strike()
      await cluster.isBack()
      const began = performance.now()
      await traffic.flows(1)
      slowestMs = Math.max(slowestMs, Math.round(performance.now() - began))
    }
    await traffic.flows(20)
    await traffic.stop()
    tell('database-faults', { faults: planned.length, slowestRecoveryMs: slowestMs })

    await letMinutesPass(drill.ask)
    const verdict = await drill.finish(true)
    expect(verdict.faults).toEqual([])
    expect(isAlive(server.child.pid ?? 0)).toBe(true)
    expect(verdict.unknownAtFirst).toBeGreaterThan(0)
  },
)
