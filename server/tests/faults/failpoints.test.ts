// The server is killed at named moments of a send, while another process of it goes on: what was acknowledged is there,
// once, and what was not can be repeated.
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openChance, sized } from './chance.ts'
import { afterCommit, afterInsert, beforeBegin, beforeCommit, insideCommit } from './failpoints.ts'
import { openFurnished } from './furnished.ts'

const KILLS = sized({ short: 1, long: 10 })
const SENDS = sized({ short: 150, long: 10_000 })
const FAILPOINTS = sized({
  short: [beforeCommit, insideCommit, afterCommit],
  long: [beforeBegin, afterInsert, beforeCommit, insideCommit, afterCommit],
})
/** Long enough for an answer that must not be given yet to get out. */
const HOLD_MS = 100

test('kill -9 of the server at each failpoint of a send', async () => {
  const chance = openChance()
  await using furnished = await openFurnished('failpoints', chance)
  const { drill, proxy } = furnished
  const start = async () => drill.enter(await furnished.start('proxy', { PARLEY_ROLES: 'web' }))
  const [first] = await Promise.all([start(), furnished.start('itself', {}).then(drill.enter)])
  let victim = first
  const kill = () => {
    victim.child.kill('SIGKILL')
    drill.leave(victim)
    return 'dead' as const
  }
  const killLater = async () => {
    await delay(HOLD_MS)
    return kill()
  }

  for (const failpoint of FAILPOINTS) {
    const traffic = drill.startTraffic()
    for (let time = 1; time <= KILLS; time += 1) {
      await traffic.begun(Math.floor((SENDS * time) / (KILLS + 1)))
      await proxy.at(failpoint, failpoint === beforeCommit ? killLater : kill, chance.below(5))
      await victim.ended
      victim = await start()
      await traffic.flows(20)
    }
    await traffic.begun(SENDS)
    await traffic.stop()
  }

  const { faults, unknownAtFirst } = await drill.finish(false)
  expect(faults).toEqual([])
  expect(unknownAtFirst).toBeGreaterThan(0)
})
