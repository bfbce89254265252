// The database or the server is killed under load: what was acknowledged is there, once, and what was not can be repeated.
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DemoAccount } from '../../src/main/demo.ts'
import { isAlive, makeDataDir, query, startCli, until } from './program.ts'

const KILLS = 3
const SENDERS = 6

async function readAccount(dataDir: string): Promise<DemoAccount | undefined> {
  await until('the demo is told', () => existsSync(join(dataDir, 'demo.json')))
  const { accounts } = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as {
    accounts: DemoAccount[]
  }
  return accounts[0]
}

test('kill -9 of the database under load: the server lives, and what it acknowledged is there, once', async () => {
  const dataDir = makeDataDir()
  const server = await startCli({ dataDir, args: ['demo'], env: { PARLEY_LOG_LEVEL: 'info' } }).listening()
  await until('the demo is told', () => existsSync(join(dataDir, 'demo.json')))
  const { accounts } = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as {
    accounts: DemoAccount[]
  }
  const [account] = accounts
  const acknowledged: number[] = []
  const statuses = new Set<number>()

  const send = async (index: number): Promise<number> => {
    const conversation = account?.conversations[index % account.conversations.length]
    const reply = await fetch(`${server.origin}/api/conversations/send-message`, {
      method: 'POST',
      headers: { authentication: account?.tokens.blingerApp ?? '', 'content-type': 'application/json' },
      body: JSON.stringify({ conversation_id: conversation?.number, text: `message ${index}` }),
    })
    const body = (await reply.json()) as { data: { id: number } }
    if (reply.status === 200) acknowledged.push(body.data.id)
    statuses.add(reply.status)
    return reply.status
  }

  const load = { isOver: false }
  let index = 0
  const senders = Array.from({ length: SENDERS }, async () => {
    while (!load.isOver) await send(index++)
  })
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = acknowledged.length
    await until('messages are flowing', () => acknowledged.length > before + 20)
    const killed = server.postmaster()
    process.kill(killed, 'SIGKILL')
    await until('the database is another process', () => server.postmaster() !== killed)
  }
  const flowing = acknowledged.length
  await until('messages flow again', () => acknowledged.length > flowing + 20)
  load.isOver = true
  await Promise.all(senders)

  expect(isAlive(server.child.pid ?? 0)).toBe(true)
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([])
  const rows = await query(server, `select number from message where direction = 'outbound'`)
  const stored = new Set(rows.map(({ number }) => Number(number)))
  expect(acknowledged.filter((number) => !stored.has(number))).toEqual([])
  expect(new Set(acknowledged).size).toBe(acknowledged.length)
  const [dense] = await query(
    server,
    `select bool_and(c.last_seq = m.entries and m.entries = m.highest) as dense from conversation c join (
       select conversation_id, count(*) as entries, max(seq) as highest from message group by 1) m on m.conversation_id = c.id`,
  )
  expect(dense?.dense).toBe(true)

  // A conversation of its own: one that was being dispatched when the database died waits until that lease runs out.
  const app = account?.channels.find(({ kind }) => kind === 'custom_app')
  const told = await fetch(`${server.origin}/api/custom-app/message`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app?.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      custom_channel_id: app?.customAppId,
      client_id: 'afterwards',
      type: 'text',
      data: 'Hello',
    }),
  })
  expect(told.status).toBe(200)
  const [fresh] = await query(
    server,
    `select c.id, c.number, c.channel_id as "channelId" from conversation c
       join contact_identity i on i.id = c.identity_id where i.external_id = 'afterwards'`,
  )
  account?.conversations.splice(0, Infinity, {
    id: String(fresh?.id),
    number: Number(fresh?.number),
    channelId: String(fresh?.channelId),
  })
  expect(await send(0)).toBe(200)
  await until('jobs are done again', async () => {
    const [last] = await query(server, 'select status from message order by number desc limit 1')
    return last?.status === 'sent'
  })
})

test('kill -9 of the server under load: every message is there once, after its sender asked again', async () => {
  const dataDir = makeDataDir()
  const journal = new Map<string, 'unknown' | 'acknowledged'>()
  for (let kill = 0; kill <= KILLS; kill += 1) {
    const server = await startCli({ dataDir, args: ['demo'], env: { PARLEY_LOG_LEVEL: 'info' } }).listening()
    const account = await readAccount(dataDir)
    const chat = account?.conversations[0]?.id ?? ''
    const send = async (uuid: string): Promise<void> => {
      if (!journal.has(uuid)) journal.set(uuid, 'unknown')
      const reply = await fetch(`${server.origin}/api/external/v1/conversation/${chat}/send-text-message`, {
        method: 'POST',
        headers: { authorization: account?.tokens.blingerWidget ?? '', 'content-type': 'application/json' },
        body: JSON.stringify({ uuid, text: `message ${uuid}` }),
      })
      if (reply.status === 200) journal.set(uuid, 'acknowledged')
    }
    for (const [uuid, state] of journal) if (state === 'unknown') await send(uuid)
    if (kill === KILLS) {
      const rows = await query(server, `select id from message where text like 'message %' order by id`)
      expect(rows.map(({ id }) => id)).toEqual([...journal.keys()].sort())
      expect([...journal.values()].filter((state) => state === 'unknown')).toEqual([])
      break
    }
    const before = journal.size
    const load = { isOver: false }
    const senders = Array.from({ length: SENDERS }, async () => {
      while (!load.isOver) await send(randomUUID()).catch(() => undefined)
    })
    await until('messages are flowing', () => journal.size > before + 50)
    server.child.kill('SIGKILL')
    load.isOver = true
    await Promise.all(senders)
    await server.ended
  }
})
