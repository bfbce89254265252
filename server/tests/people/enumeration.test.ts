import { expect, test } from 'vitest'
import { openHouse, type Reply, type TestHouse } from '../house.ts'
import { AGAIN, areaUnderCurve, timed, told } from '../timing.ts'

/** The bar of the long form is what is promised; the short one finds a door that does no work for strangers. */
const IS_LONG = process.env.PARLEY_FAULTS === 'long'
const TIMES = IS_LONG ? 1000 : 25
const MOST_APART = IS_LONG ? 0.55 : 0.75

interface Door {
  name: string
  ask(house: TestHouse, email: string, turn: number): Promise<Reply>
}

const post = (house: TestHouse, url: string, payload: object) =>
  house.request({ method: 'POST', url, payload })

const DOORS: Door[] = [
  {
    name: 'signing in',
    ask: (house, email, turn) =>
      post(house, '/parley/v1/auth/sign-in', { email, password: `not the password ${turn}` }),
  },
  {
    name: 'logging in',
    ask: (house, email, turn) =>
      post(house, '/v1/auth/login', { email, password: `not the password ${turn}` }),
  },
  {
    name: 'asking for a link',
    ask: (house, email) => post(house, '/parley/v1/auth/password-reset', { email }),
  },
]

test.each(DOORS)('$name tells neither by words nor by time who is known', AGAIN, async ({ ask }) => {
  await using house = await openHouse()
  const known: number[] = []
  const unknown: number[] = []
  const words = new Set<string>()
  for (let turn = 0; turn < TIMES; turn += 1) {
    // Failures are counted by the minute: nobody is locked out meanwhile.
    house.clock.advance(16 * 60_000)
    const asks = [
      { times: known, email: house.fixture.owner.email },
      { times: unknown, email: `stranger-${turn % 7}@harbour.example` },
    ]
    for (const { times, email } of turn % 2 === 0 ? asks : asks.toReversed()) {
      const { reply, ms } = await timed(() => ask(house, email, turn))
      times.push(ms)
      words.add(told(reply))
    }
  }
  expect([...words]).toHaveLength(1)
  const area = areaUnderCurve(known, unknown)
  expect(Math.max(area, 1 - area)).toBeLessThanOrEqual(MOST_APART)
})
