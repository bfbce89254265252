import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { AGAIN, areaUnderCurve, timed, told } from '../timing.ts'
import { askForReview, openVisited } from './visited.ts'
import { knock, visit, webchatOf, type TestVisitor } from './visitor-desk.ts'

/** As in `people/enumeration`: the long form holds what is promised, the short one finds a door that does more for one than for the other. */
const IS_LONG = process.env.PARLEY_FAULTS === 'long'
const TIMES = IS_LONG ? 1000 : 50
const MOST_APART = IS_LONG ? 0.55 : 0.75

let house: TestHouse
let visitor: TestVisitor
/** What is somebody else's, by kind. */
const theirs = { reviewId: '', token: '', widgetKey: '' }
beforeAll(async () => {
  house = await openVisited()
  visitor = await visit(house)
  await visitor.says('Hello')
  const victim = await visit(house)
  await victim.says('Hello')
  theirs.reviewId = (await askForReview(house, victim)).reviewId
  theirs.token = (await visit(house, {}, { tenant: house.other })).token
  const { body } = await house.native.post('/channels', { kind: 'webchat', name: 'Gone' })
  theirs.widgetKey = body.widgetKey
  await house.native.delete(`/channels/${body.id}`)
})
afterAll(() => house[Symbol.asyncDispose]())

const NOBODYS = {
  reviewId: '0198c0de-0000-7000-8000-000000000000',
  token: 'x'.repeat(43),
  widgetKey: 'x'.repeat(32),
}

const DOORS: { name: keyof typeof NOBODYS; ask(name: string): Promise<Reply> }[] = [
  { name: 'reviewId', ask: (id) => visitor.ask('PUT', `/reviews/${id}`, { mark: 5, isConfirmed: true }) },
  {
    name: 'token',
    ask: (token) => knock(house, { token, widgetKey: webchatOf(house).widgetKey }),
  },
  { name: 'widgetKey', ask: (widgetKey) => knock(house, { widgetKey }) },
]

test.each(DOORS)(
  'neither words nor time tell whether a $name is somebody’s',
  AGAIN,
  async ({ name, ask }) => {
    const known: number[] = []
    const unknown: number[] = []
    const words = new Set<string>()
    for (let turn = 0; turn < TIMES; turn += 1) {
      const asks = [
        { times: known, given: theirs[name] },
        { times: unknown, given: NOBODYS[name] },
      ]
      for (const { times, given } of turn % 2 === 0 ? asks : asks.toReversed()) {
        const { reply, ms } = await timed(() => ask(given))
        times.push(ms)
        words.add(told(reply).replace(/"token":"[\w-]{43}"|"id":"[0-9a-f-]{36}"/g, '…'))
      }
    }
    expect([...words]).toHaveLength(1)
    const area = areaUnderCurve(known, unknown)
    expect(Math.max(area, 1 - area)).toBeLessThanOrEqual(MOST_APART)
  },
)
