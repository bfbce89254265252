// An endpoint that answers 500, hangs and resets, and two servers that are killed while they tell it what happens: each event arrives, under
// one id, and of each conversation the first tries come in order.
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { nativeId } from '../dialects/native-desk.ts'
import { openSink, type Received } from '../delivery/webhook-sink.ts'
import { openChance, sized, type Chance } from './chance.ts'
import { openFurnished } from './furnished.ts'
import { query, until, type Started } from './program.ts'

const MESSAGES = sized({ short: 120, long: 6000 })
const KILLS = sized({ short: 3, long: 10 })
const SENDERS = 6
const TOLD = ['message.queued', 'message.advanced']
const TIME_LIMIT = sized({ short: 120_000, long: 3_600_000 })

test(
  'every event arrives, whatever the endpoint does and whoever is killed',
  async () => {
    const chance = openChance()
    await using sink = await openSink()
    await using furnished = await openFurnished('webhook-kills', chance)
    const env = {
      PARLEY_FETCH_ALLOW: sink.place,
      PARLEY_WEBHOOK_RETRY_SCALE: '0.0001',
      PARLEY_LOG_LEVEL: 'info',
    }
    const start = () => furnished.start('itself', env)
    const servers = [await start(), await start()]
    const [account] = furnished.accounts
    const headers = { authorization: `Bearer ${account?.tokens.native}`, 'content-type': 'application/json' }
    const ask = async (path: string, body: object): Promise<Response> =>
      fetch(`${chance.pick(servers).origin}/parley/v1${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })

    const made = await ask('/webhooks', { url: sink.url(), events: [...TOLD], timeoutSeconds: 1 })
    expect(made.status).toBe(201)
    const { id: webhookId } = (await made.json()) as { id: string }
    const database = servers[0]!
    const [begun] = await query(database, 'select max(id) as id from event')

    const faults = chance.fork()
    let armed: (() => void) | null = null
    sink.behave((_received, response) => {
      const fate = faults.below(100)
      if (fate < 30) response.writeHead(500).end('no')
      else if (fate < 35) return
      else if (fate < 40) response.socket?.resetAndDestroy()
      else response.writeHead(200).end('yes', () => armed?.())
    })

    let sent = 0
    async function send(own: Chance): Promise<void> {
      while (sent < MESSAGES) {
        const text = `message ${(sent += 1)}`
        const id = nativeId('conv', own.pick(account!.conversations).id)
        const body = { text, clientId: own.uuid() }
        // Whom the killed one was serving asks again, under the same key.
        while (
          !(await ask(`/conversations/${id}/messages`, body).then(
            ({ ok }) => ok,
            () => false,
          ))
        )
          await delay(5)
      }
    }
    const sending = Array.from({ length: SENDERS }, () => send(chance.fork()))

    for (let kill = 0; kill < KILLS; kill += 1) {
      await until(
        'more is told',
        () => sink.received.length >= (kill + 1) * (MESSAGES / KILLS / 2),
        TIME_LIMIT,
      )
      const victim = await tellerOf(servers)
      // Every other time just after the endpoint has answered: that cannot have been written down.
      if (kill % 2 === 0) await new Promise<void>((resolve) => (armed = resolve))
      armed = null
      victim.child.kill('SIGKILL')
      await victim.ended
      servers[servers.indexOf(victim)] = await start()
    }
    await Promise.all(sending)
    // What is still dispatched is told too.
    const waiting = 'select count(*)::int as waiting from outbox'
    const isDispatched = async () => (await query(servers[0]!, waiting))[0]?.['waiting'] === 0
    await until('everything is dispatched', isDispatched, TIME_LIMIT)
    const told = await query(
      servers[0]!,
      `select 'evt_' || id as key, conversation_id from event
      where account_id = $1 and id > $2 and type = any($3) order by transaction_id, id`,
      [account?.id, begun?.['id'], TOLD],
    )
    const keys = told.map(({ key }) => String(key))
    const arrived = () => new Set(sink.received.map(keyOf).filter((key) => keys.includes(key)))
    await until('every event has arrived', () => arrived().size === keys.length, TIME_LIMIT)
    // The account has another webhook, which is off.
    const ours = `from webhook_delivery where webhook_id = '${webhookId.replace('wh_', '')}'`
    const states = async () =>
      (await query(servers[0]!, `select distinct status ${ours}`)).map(({ status }) => status)
    await until('nothing waits any more', async () => !(await states()).includes('pending'), TIME_LIMIT)
    // Bad luck ten times in a row: told again by hand.
    while ((await states()).includes('failed')) {
      expect((await ask(`/webhooks/${webhookId}/replay`, { status: 'failed' })).status).toBe(202)
      await until('what failed was told again', async () => !(await states()).includes('pending'), TIME_LIMIT)
    }

    expect(arrived()).toEqual(new Set(keys))
    expect(sink.received.map(keyOf).filter((key) => !keys.includes(key))).toEqual([])
    const conversationOf = new Map(told.map(({ key, conversation_id: id }) => [String(key), String(id)]))
    const firsts = [...new Set(sink.received.map(keyOf))]
    for (const [conversation, expected] of Map.groupBy(keys, (key) => conversationOf.get(key)))
      expect(firsts.filter((key) => conversationOf.get(key) === conversation)).toEqual(expected)
    const [row] = await query(servers[0]!, `select count(*)::int as recorded ${ours}`)
    expect(row?.['recorded']).toBe(keys.length)
    process.stderr.write(
      `webhook kills: ${keys.length} events, ${sink.received.length} tries, ${KILLS} kills\n`,
    )
  },
  TIME_LIMIT,
)

const keyOf = ({ headers }: Received) => String(headers['webhook-id'])

/** Whichever of them tells the account's webhooks now. */
async function tellerOf(servers: Started[]): Promise<Started> {
  let found: Started | undefined
  await until('somebody tells', async () => {
    const rows = await query(
      servers[0]!,
      `select a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
        where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database where datname = current_database())`,
    )
    found = servers.find(({ child }) => rows.some(({ name }) => name === `parley-webhooks ${child.pid}`))
    return found !== undefined
  })
  return found!
}
