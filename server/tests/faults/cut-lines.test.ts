// Sockets cut at random while messages flow over two processes: each client goes on from the last thing it has, and ends with exactly what
// the database has, in order, each once.
import { expect, test } from 'vitest'
import { settleLog } from '../event-reader.ts'
import { openHouse } from '../house.ts'
import { secondProcess, talker, tokenFor } from '../live/live-desk.ts'
import { listen } from '../live/wire.ts'
import { webchatOf } from '../visitor/visitor-desk.ts'
import { openChance, sized } from './chance.ts'
import { createOperatorClient, createVisitorClient, type CutClient } from './cut-lines.ts'

const CONVERSATIONS = sized({ short: 4, long: 20 })
const VISITORS = sized({ short: 16, long: 190 })
const OPERATORS = sized({ short: 4, long: 10 })
const CUTS = sized({ short: 5, long: 20 })
const MESSAGES = sized({ short: 500, long: 10_000 })
const SENDERS = 8

test(
  'each client ends with what the database has',
  async () => {
    await using house = await openHouse({ env: { PARLEY_VISITOR_RATE_LIMIT: '1000000' } })
    await using other = await secondProcess(house)
    const ports = [await listen(house.composed), other.port]
    const chance = openChance()
    const talks = await Promise.all(Array.from({ length: CONVERSATIONS }, () => talker(house)))
    const [, anna] = house.fixture.operators
    const token = await tokenFor(house, anna!.id)
    const { widgetKey } = webchatOf(house)
    const visitors = Array.from({ length: VISITORS }, (_, at) => {
      const talk = talks[at % talks.length]!
      const parts = { ports, chance: chance.fork(), token: talk.token, widgetKey }
      return { talk, client: createVisitorClient(house, parts) }
    })
    const operators = Array.from({ length: OPERATORS }, () =>
      createOperatorClient({ ports, chance: chance.fork(), token }),
    )
    // Who connects without a cursor begins where the log can be read: what was said before must be readable by then.
    await settleLog(house)
    const [begun] = await house.sql<{ id: string }>('select max(id) as id from event')
    const clients: CutClient[] = [...visitors.map(({ client }) => client), ...operators]
    await Promise.all(clients.map((client) => client.connect()))

    const cuts = clients.flatMap((client) =>
      Array.from({ length: CUTS }, () => ({ client, at: chance.below(MESSAGES) })),
    )
    let sent = 0
    const cutting: Promise<void>[] = []
    async function sendSome(own: ReturnType<typeof chance.fork>): Promise<void> {
      while (sent < MESSAGES) {
        const at = (sent += 1)
        for (const { client } of cuts.filter((one) => one.at === at)) cutting.push(client.cut())
        const talk = own.pick(talks)
        const path = `/conversations/${talk.conversationId}/${own.happens(0.1) ? 'notes' : 'messages'}`
        const said = own.happens(0.3)
          ? await talk.ask('POST', '/messages', { id: own.uuid(), text: `${at}` })
          : await house.native.post(path, { text: `${at}` })
        expect(said.status, said.text).toBe(201)
      }
    }
    await Promise.all(Array.from({ length: SENDERS }, () => sendSome(chance.fork())))
    await Promise.all(cutting)
    await Promise.all(clients.map((client) => client.wake()))
    await settleLog(house)

    const seqs = await house.sql<{ id: string; seqs: number[] }>(
      `select conversation_id as id, array_agg(seq order by seq) as seqs from message
        where kind not in ('note', 'system') group by conversation_id`,
    )
    const told = await house.sql<{ told: string }>(
      `select 'evt_' || id as told from event where account_id = $1 and id > $2
          and type in ('message.received', 'message.queued', 'message.noted') order by transaction_id, id`,
      [house.fixture.id, begun?.id],
    )
    const expectedOf = new Map(seqs.map((row) => [row.id, row.seqs]))
    for (const { talk, client } of visitors) {
      const expected = expectedOf.get(talk.conversationId) ?? []
      await expect.poll(() => client.held.at(-1), { timeout: 60_000 }).toBe(expected.at(-1))
      expect({ held: client.held, faults: client.faults }).toEqual({ held: expected, faults: [] })
    }
    const events = told.map((row) => row.told)
    for (const client of operators) {
      await expect.poll(() => client.held.at(-1), { timeout: 60_000 }).toBe(events.at(-1))
      expect({ held: client.held, faults: client.faults }).toEqual({ held: events, faults: [] })
    }
    for (const client of clients) client.end()
    console.log(`cut lines: ${clients.length} clients, ${cuts.length} cuts, ${MESSAGES} messages`)
  },
  sized({ short: 120_000, long: 3_600_000 }),
)
