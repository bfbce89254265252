import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openHouse, type TestHouse } from '../house.ts'
import { createLogger } from '../../src/platform/logger.ts'

/** Of each kind; the doors are few, so that every one of them would be held. */
const MANY = 200

interface Standing extends AsyncDisposable {
  house: TestHouse
  port: number
  /** Lines told as errors. */
  errors: string[]
}

/** A house that listens, with little patience. */
async function open(env: Record<string, string>): Promise<Standing> {
  const errors: string[] = []
  const log = createLogger('error', { write: (line) => void errors.push(line) })
  const house = await openHouse({ env, log })
  await house.composed.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = house.composed.app.server.address() as { port: number }
  return { house, port, errors, [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() }
}

/** Answers that arrive whole, asked beside each other. */
async function answers({ port, house }: Standing, times: number): Promise<number> {
  const headers = { authorization: `Bearer ${house.fixture.tokens.linktor}` }
  const asked = Array.from({ length: times }, async () => {
    const reply = await fetch(`http://127.0.0.1:${port}/v1/channels`, { headers })
    await reply.json()
    return reply.status
  })
  return (await Promise.all(asked)).filter((status) => status === 200).length
}

const OPEN = existsSync('/proc/self/fd') ? '/proc/self/fd' : '/dev/fd'
const descriptors = () => readdirSync(OPEN).length
/** What is open once the pool of the database and the clients' own connections are. */
async function settledDescriptors(standing: Standing): Promise<number> {
  await answers(standing, 64)
  return descriptors()
}
const eventually = (isTrue: () => boolean) =>
  vi.waitFor(() => expect(isTrue()).toBe(true), { timeout: 60_000, interval: 20 })

/** Sockets that have said this, and whether the server has ended each. */
async function sayAndWait(
  { port }: Standing,
  said: string,
): Promise<{ sockets: Socket[]; ended: Promise<unknown>[] }> {
  const sockets = Array.from({ length: MANY }, () => connect({ port, host: '127.0.0.1' }))
  const ended = sockets.map((socket) => once(socket.on('error', () => undefined).resume(), 'close'))
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  for (const socket of sockets) socket.write(said)
  return { sockets, ended }
}

const PATIENCE = { PARLEY_HEADER_SECONDS: '1', PARLEY_REQUEST_SECONDS: '2' }

test.each<[string, (house: TestHouse) => string]>([
  ['half a line', () => 'GET /v1/chan'],
  ['half of its headers', () => 'GET /v1/channels HTTP/1.1\r\nHost: x\r\nX-Slow: '],
  [
    'half of a JSON body',
    ({ fixture }) =>
      `POST /v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${fixture.tokens.linktor}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"to":',
  ],
  [
    'half of a body, to a stranger',
    () => 'POST /api/operators/create HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"to":',
  ],
])('whoever says %s is let go, and holds up nobody meanwhile', { timeout: 90_000 }, async (_, say) => {
  await using standing = await open(PATIENCE)
  const before = await settledDescriptors(standing)
  const { ended } = await sayAndWait(standing, say(standing.house))
  expect(await answers(standing, 50)).toBe(50)
  await Promise.all(ended)
  await eventually(() => descriptors() <= before + 2)
  expect(standing.errors).toEqual([])
})

test('200 uploads that break off leave no file and no descriptor behind', { timeout: 90_000 }, async () => {
  await using standing = await open({})
  const { house } = standing
  const incoming = join(house.dataDir, 'files', 'incoming')
  const before = await settledDescriptors(standing)
  const { number, tokens, conversations } = house.fixture
  const path = `/p1/companies/${number}/conversations/${conversations[0]!.number}/messages/attachments`
  const { sockets, ended } = await sayAndWait(
    standing,
    `POST ${path} HTTP/1.1\r\nHost: x\r\nX-Private-Api-Token: ${tokens.pact}\r\nContent-Length: 9000000\r\n` +
      'Content-Type: multipart/form-data; boundary=x\r\n\r\n' +
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n' +
      'x'.repeat(100_000),
  )
  await eventually(() => readdirSync(incoming).length === MANY)
  expect(await answers(standing, 50)).toBe(50)
  for (const [index, socket] of sockets.entries()) {
    if (index % 2 === 0) socket.destroy()
    else socket.resetAndDestroy()
  }
  await Promise.all(ended)
  await eventually(() => readdirSync(incoming).length === 0)
  await eventually(() => descriptors() <= before + 2)
  expect(await house.sql('select 1 from attachment')).toEqual([])
  expect(standing.errors).toEqual([])
})

test(
  'an upload that stops half-way is ended by the time limit, and its file goes',
  { timeout: 90_000 },
  async () => {
    await using standing = await open(PATIENCE)
    const { house } = standing
    const incoming = join(house.dataDir, 'files', 'incoming')
    const before = await settledDescriptors(standing)
    const { number, tokens, conversations } = house.fixture
    const path = `/p1/companies/${number}/conversations/${conversations[0]!.number}/messages/attachments`
    const { ended } = await sayAndWait(
      standing,
      `POST ${path} HTTP/1.1\r\nHost: x\r\nX-Private-Api-Token: ${tokens.pact}\r\nContent-Length: 9000000\r\n` +
        'Content-Type: multipart/form-data; boundary=x\r\n\r\n' +
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\nxxx',
    )
    expect(await answers(standing, 50)).toBe(50)
    await Promise.all(ended)
    await eventually(() => readdirSync(incoming).length === 0)
    await eventually(() => descriptors() <= before + 2)
    expect(standing.errors).toEqual([])
  },
)
