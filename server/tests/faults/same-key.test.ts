// One key posted many times at once, over two processes: one message, and everybody is told of it. The same key with
// other words, or in another conversation, is refused and changes nothing.
import { expect, test } from 'vitest'
import { openChance, sized, type Chance } from './chance.ts'
import { checkTables } from './checker.ts'
import { DOORS, type DoorName, type Intent } from './doors.ts'
import type { Drill } from './drill.ts'
import { openFurnished, type Furnished } from './furnished.ts'

const KEYS = sized({ short: 40, long: 1000 })
const POSTS = sized({ short: 20, long: 50 })
const REUSED = sized({ short: 10, long: 200 })
/** Keys that are posted at the same time. */
const KEYS_AT_ONCE = 4
/** `newcomer` is a customer who writes for the first time: contact and conversation are made in the race too. */
const KEYED = ['contact', 'agent', 'customer', 'newcomer'] as const

type Draft = Omit<Intent, 'index' | 'text'> & { key: string }

async function openPair(name: string, chance: Chance) {
  const furnished = await openFurnished(name, chance)
  const [first, second] = await Promise.all([
    furnished.start('itself', { PARLEY_ROLES: 'web' }),
    furnished.start('itself', { PARLEY_ROLES: 'web,worker' }),
  ])
  furnished.drill.enter(first)
  furnished.drill.enter(second)
  return { furnished, drill: furnished.drill, origins: [first.origin, second.origin] as const }
}

function draftKeyed({ accounts }: Furnished, chance: Chance): Draft {
  const index = chance.below(accounts.length)
  const account = accounts[index]
  if (!account) throw new Error('There is no account.')
  const kind = chance.pick(KEYED)
  const door: DoorName = kind === 'newcomer' ? 'customer' : kind
  const key = chance.uuid()
  const drawn = DOORS[door].draft(account, chance)
  return { account: index, door, ...drawn, key, to: kind === 'newcomer' ? `newcomer-${key}` : drawn.to }
}

/** So many times at once, alternately to either process. */
async function post(drill: Drill, intent: Intent, origins: readonly [string, string]): Promise<void> {
  await Promise.all(
    Array.from({ length: POSTS }, (_, index) => drill.client.attempt(intent, origins[index % 2 ? 1 : 0])),
  )
}

test(`${KEYS} keys, each posted ${POSTS} times at once over two processes, are ${KEYS} messages`, async () => {
  const chance = openChance()
  const { furnished, drill, origins } = await openPair('same-key', chance)
  await using _furnished = furnished
  const intents = Array.from({ length: KEYS }, () => drill.journal.intend(draftKeyed(furnished, chance)))
  const waiting = [...intents]
  const takeTurns = async () => {
    for (let intent = waiting.shift(); intent; intent = waiting.shift()) await post(drill, intent, origins)
  }
  await Promise.all(Array.from({ length: KEYS_AT_ONCE }, takeTurns))

  const verdict = await drill.finish(true)
  expect(verdict.faults).toEqual([])
  expect(verdict).toMatchObject({ acknowledged: KEYS, unknownAtFirst: 0, attempts: KEYS * POSTS })
  const rows = await drill.ask('select from message where text like $1', [`${drill.journal.mark} %`])
  expect(rows.length).toBe(KEYS)
})

test(`a key with other words, or elsewhere, is refused, at once or later, ${REUSED} times`, async () => {
  const chance = openChance()
  const { furnished, drill, origins } = await openPair('reused-key', chance)
  await using _furnished = furnished
  const say = async (draft: Draft, origin: string) => {
    const intent = drill.journal.intend(draft)
    return { intent, outcome: await drill.client.attempt(intent, origin) }
  }
  for (let time = 0; time < REUSED; time += 1) {
    const draft = draftKeyed(furnished, chance)
    const other = { ...draft, ...otherPlace(furnished, draft, chance) }
    const raced = await Promise.all(
      Array.from({ length: 6 }, (_, index) => say(index % 3 ? draft : other, origins[index % 2 ? 1 : 0])),
    )
    const later = await say(draft, origins[0])
    const [winner, ...others] = raced.filter(({ outcome }) => outcome.state === 'acknowledged')
    const losers = [...raced, later].filter((each) => each !== winner)
    expect({ winner: winner?.outcome.state, others }).toEqual({ winner: 'acknowledged', others: [] })
    expect(new Set(losers.map(({ outcome }) => outcome.state))).toEqual(new Set(['refused']))
    expect(losers.map(({ outcome }) => 'status' in outcome && outcome.status)).toEqual(losers.map(() => 400))
    const stored = await drill.ask(
      'select text from message where id::text = $1 or client_id = $1 or provider_message_id = $1',
      [draft.key],
    )
    expect(stored.map(({ text }) => text)).toEqual([winner?.intent.text])
  }
  expect(await checkTables(drill.ask)).toEqual([])
  // Nor does a refused first message leave a customer's conversation behind.
  expect(await drill.ask('select from conversation where last_seq = 0')).toEqual([])
})

/** Another conversation of the same account, where the key does not belong either. */
function otherPlace({ accounts }: Furnished, { account, door, to }: Draft, chance: Chance): { to: string } {
  if (door === 'customer') return { to: `elsewhere-${chance.uuid()}` }
  const others = accounts[account]?.conversations.filter(({ id }) => id !== to) ?? []
  return { to: chance.pick(others).id }
}
