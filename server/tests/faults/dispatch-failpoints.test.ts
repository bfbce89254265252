// A dispatcher is killed between claiming a message and recording what became of it: the message arrives all the same,
// in its place, and twice at most where the transport had taken it already.
import { expect, test } from 'vitest'
import { openCustomAppServer, type Received } from '../custom-app-server.ts'
import { openChance, sized } from './chance.ts'
import { letMinutesPass, untilDispatched } from './dispatching.ts'
import { customAppOf } from './doors.ts'
import { tell } from './drill.ts'
import { afterClaim, beforeOutcome, jobDone } from './failpoints.ts'
import { openFurnished, type Furnished } from './furnished.ts'

const KILLS = sized({ short: 1, long: 10 })
const SENDS = sized({ short: 40, long: 5000 })
/** Conversations of each account's custom app. */
const CONVERSATIONS = 6
/** Each conversation has one message out at a time: so many may have been handed over when a dispatcher dies. */
const AT_ONCE = 2 * CONVERSATIONS

const CUTS = sized({ short: 2, long: 40 })

test(`a dispatcher goes on after its connection was cut in the midst of its jobs, ${CUTS} times`, async () => {
  const chance = openChance()
  await using furnished = await openFurnished('dispatch-cuts', chance)
  const { drill, proxy } = furnished
  drill.enter(await furnished.start('proxy', {}))
  for (let cut = 0; cut < CUTS; cut += 1) {
    const traffic = drill.startTraffic(['agent', 'keylessOperator'])
    await traffic.flows(20)
    await proxy.at(jobDone, () => 'reset', chance.below(10))
    await traffic.flows(20)
    await traffic.stop()
    await letMinutesPass(drill.ask)
    await untilDispatched(drill.ask)
  }
  const { faults } = await drill.finish(true)
  expect(faults).toEqual([])
})

test('kill -9 of the dispatcher after its claim, and after the transport accepted', async () => {
  const chance = openChance()
  await using app = await openCustomAppServer()
  await using furnished = await openFurnished('dispatch-failpoints', chance)
  const { drill, proxy } = furnished
  const startWorker = () =>
    furnished.start('proxy', { PARLEY_ROLES: 'worker', PARLEY_FETCH_ALLOW: app.place })
  const [web, first] = await Promise.all([furnished.start('itself', { PARLEY_ROLES: 'web' }), startWorker()])
  let worker = first
  drill.enter(web)
  await moveToCustomApps(furnished, app.url)

  for (const failpoint of [afterClaim, beforeOutcome]) {
    const traffic = drill.startTraffic(['agent', 'keylessOperator'])
    for (let time = 1; time <= KILLS; time += 1) {
      await traffic.begun(Math.floor((SENDS * time) / KILLS))
      const kill = () => {
        worker.child.kill('SIGKILL')
        return 'dead' as const
      }
      await proxy.at(failpoint, kill, chance.below(10))
      // After the last one nobody writes any more: what lies there must be found without a new message.
      if (time === KILLS) await traffic.stop()
      await worker.ended
      await letMinutesPass(drill.ask)
      worker = await startWorker()
    }
  }

  const { faults } = await drill.finish(true)
  expect(faults).toEqual([])
  const sent = await drill.ask(
    `select m.text, m.status, i.external_id as client from message m
       join conversation c on c.account_id = m.account_id and c.id = m.conversation_id
       join contact_identity i on i.account_id = c.account_id and i.id = c.identity_id
      where m.text like $1 and m.direction = 'outbound' order by m.seq`,
    [`${drill.journal.mark} %`],
  )
  expect(new Set(sent.map(({ status }) => status))).toEqual(new Set(['delivered']))
  expect(arrivals(app.received)).toEqual(Map.groupBy(sent.map(toArrival), ({ client }) => client))
  const repeated = app.received.length - sent.length
  tell('dispatch-failpoints', { dispatched: sent.length, repeated })
  expect(repeated).toBeGreaterThanOrEqual(KILLS)
  expect(repeated).toBeLessThanOrEqual(2 * KILLS * AT_ONCE)
})

/** Has everybody write to customers of the custom apps, which are told of it by webhook. */
async function moveToCustomApps({ drill, accounts }: Furnished, url: string): Promise<void> {
  await drill.ask(`update channel set webhook_url = $1 where transport = 'custom_app'`, [url])
  for (const [index, account] of accounts.entries()) {
    const { id } = customAppOf(account.channels)
    for (let count = 0; count < CONVERSATIONS; count += 1) {
      const to = `writer-${index}-${count}`
      await drill.client.attempt(drill.journal.intend({ door: 'customer', account: index, to, key: to }))
    }
    const rows = await drill.ask(
      `select c.id, c.number from conversation c
         join contact_identity i on i.account_id = c.account_id and i.id = c.identity_id
        where c.channel_id = $1 and i.external_id like 'writer-%'`,
      [id],
    )
    account.conversations = rows.map((row) => ({
      ...{ id: String(row.id), number: Number(row.number), channelId: id },
    }))
    expect(account.conversations.length).toBe(CONVERSATIONS)
  }
}

const toArrival = (row: Record<string, unknown>) => ({ client: String(row.client), text: String(row.text) })

/** What came to each customer, in the order in which it came first. */
function arrivals(received: Received[]) {
  const firsts = new Map(
    received.map(({ body }) => [body.data, { client: body.client_id, text: body.data }] as const),
  )
  return Map.groupBy(firsts.values(), ({ client }) => client)
}
