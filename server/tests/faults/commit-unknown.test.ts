// The connection to the database is cut around COMMIT: nobody can know then whether it took place, and a client that
// asks again under its key finds its message once. The server itself must not ask again for those who have no key.
import { expect, test } from 'vitest'
import { openChance, sized } from './chance.ts'
import { afterCommit, afterInsert, insideCommit, type Failpoint } from './failpoints.ts'
import { openFurnished } from './furnished.ts'
import { stateOf } from './journal.ts'
import { isAlive } from './program.ts'
import { draft } from './traffic.ts'

const CUTS: [Failpoint, number][] = [
  [afterCommit, sized({ short: 40, long: 500 })],
  [insideCommit, sized({ short: 10, long: 500 })],
  [afterInsert, sized({ short: 5, long: 100 })],
]
/** Messages sent at once: some share a transaction. */
const MOST_AT_ONCE = 8

test('a connection cut around COMMIT loses nothing and doubles nothing', async () => {
  const chance = openChance()
  await using furnished = await openFurnished('commit-unknown', chance)
  const { drill, proxy, accounts } = furnished
  const server = drill.enter(await furnished.start('proxy', {}))

  /** Sends messages at once, and again those of which nobody knows; how many these were. */
  const sendSome = async (): Promise<number> => {
    const count = 1 + chance.below(MOST_AT_ONCE)
    const intents = Array.from({ length: count }, () => drill.journal.intend(draft({ accounts }, chance)))
    const first = await Promise.all(intents.map((intent) => drill.client.attempt(intent)))
    const unknown = intents.filter((_, index) => first[index]?.state === 'unknown')
    const repeatable = unknown.filter(({ key }) => key !== null)
    await Promise.all(repeatable.map((intent) => drill.client.attempt(intent)))
    return unknown.length
  }

  let largestCut = 0
  for (const [failpoint, cuts] of CUTS) {
    for (let cut = 0; cut < cuts; cut += 1) {
      const load = { isOver: false }
      const way = chance.pick(['reset', 'close'] as const)
      const cutting = proxy
        .at(failpoint, () => way, chance.below(3))
        .then(() => {
          load.isOver = true
        })
      while (!load.isOver) largestCut = Math.max(largestCut, await sendSome())
      await cutting
    }
  }

  const { faults } = await drill.finish(true)
  expect(faults).toEqual([])
  expect(isAlive(server.child.pid ?? 0)).toBe(true)
  expect(largestCut, 'messages that shared a transaction that was cut').toBeGreaterThan(1)
  const keyless = drill.journal.read().filter(({ intent }) => intent.key === null)
  expect(keyless.filter((entry) => stateOf(entry) === 'unknown').length).toBeGreaterThan(0)
})
