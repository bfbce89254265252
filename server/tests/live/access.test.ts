import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nativeDesk } from '../dialects/native-talk.ts'
import { openBrowser, ORIGIN, signedIn, type Browser } from '../browser.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { newOperator } from '../people/people-desk.ts'
import { bearer, greet, SOCKET, tokenFor } from './live-desk.ts'
import { connect, listen, outcomeOf, type LineOptions, type TestLine } from './wire.ts'

let house: TestHouse
let port: number
beforeAll(async () => {
  house = await openHouse({ env: { PARLEY_PUBLIC_ORIGIN: ORIGIN } })
  port = await listen(house.composed)
})
afterAll(() => house[Symbol.asyncDispose]())

const cookie = (browser: Browser, origin: string | null = ORIGIN): LineOptions => ({
  headers: { cookie: browser.line(), ...(origin !== null && { origin }) },
})
const say = async () => {
  const { conversationId } = await nativeDesk(house).guest(randomUUID())
  return conversationId
}

/** All that this server's own origin, `http://127.0.0.1:3000`, is not. */
const FOREIGN = [
  ...[null, 'null', '', ' ', 'undefined', 'file://', 'about:blank', 'data:', 'chrome-extension://abcdef'],
  ...[
    'http://127.0.0.1',
    'http://127.0.0.1:80',
    'http://127.0.0.1:3001',
    'http://127.0.0.1:30000',
    'http://127.0.0.1:03000',
  ],
  ...[
    'https://127.0.0.1:3000',
    'ws://127.0.0.1:3000',
    'HTTP://127.0.0.1:3000',
    '//127.0.0.1:3000',
    '127.0.0.1:3000',
  ],
  ...[
    'http://127.0.0.1:3000/',
    'http://127.0.0.1:3000/x',
    'http://127.0.0.1:3000?',
    'http://127.0.0.1:3000#',
    'http://127.0.0.1:3000\\',
  ],
  ...[
    'http://127.0.0.1:3000.evil.example',
    'http://127.0.0.1.evil.example:3000',
    'http://evil127.0.0.1:3000',
  ],
  ...[
    'http://evil.example',
    'http://evil.example/http://127.0.0.1:3000',
    'http://127.0.0.1:3000@evil.example',
  ],
  ...[
    'http://user@127.0.0.1:3000',
    'http://127.0.0.1:3000, http://127.0.0.1:3000',
    'http://127.0.0.1:3000 http://evil.example',
  ],
  ...[
    'http://127.1:3000',
    'http://2130706433:3000',
    'http://0x7f000001:3000',
    'http://127.0.0.2:3000',
    'http://0.0.0.0:3000',
  ],
  ...[
    'http://[::ffff:127.0.0.1]:3000',
    'http://xn--127.0.0.1:3000',
    'http://LOCALHOST:3000',
    'http://localhost.:3000',
    'http://sub.localhost:3000',
  ],
]

describe('a cookie', () => {
  test('lets in pages of ours, and no other', async () => {
    const browser = await signedIn(house, house.fixture.owner)
    expect(FOREIGN.length).toBeGreaterThanOrEqual(40)
    for (const origin of FOREIGN)
      expect(await outcomeOf(connect(port, SOCKET, cookie(browser, origin))), String(origin)).toBe(
        'status 403',
      )
    // Whether there is a session behind it makes no difference to them.
    const nobodys = { headers: { cookie: 'parley.session_token=x', origin: 'http://evil.example' } }
    expect(await outcomeOf(connect(port, SOCKET, nobodys))).toBe('status 403')
    const line = await greet(port, cookie(browser))
    // Who comes by a page is there, without saying so.
    const { operator, presence } = await line.first('ready')
    expect(presence).toContainEqual({ operatorId: operator.id, state: 'online' })
    line.end()
  })

  test('names the account where its person works in several', async () => {
    const browser = await signedIn(house, house.fixture.owner)
    const at = (path: string, headers = {}) =>
      connect(port, path, { headers: { ...cookie(browser).headers, ...headers } })
    const { number, id } = house.fixture
    for (const named of [number, id]) expect(await outcomeOf(at(`${SOCKET}?account=${named}`))).toBe('open')
    expect(await outcomeOf(at(SOCKET, { 'parley-account': String(number) }))).toBe('open')
    const other = house.other.account
    for (const named of [other.number, other.id])
      expect(await outcomeOf(at(`${SOCKET}?account=${named}`))).toBe('status 401')
    expect(await outcomeOf(at(SOCKET, { 'parley-account': String(other.number) }))).toBe('status 401')
  })
})

test('a token is taken in three places, and a forged one in none', async () => {
  const token = house.fixture.tokens.native
  const offered = (secret: string): LineOptions => ({ protocols: ['parley.v1', `bearer.${secret}`] })
  const good = await greet(port, offered(token))
  expect([good.ws.protocol, good.frames[0]?.type]).toEqual(['parley.v1', 'ready'])
  good.end()
  const late = await greet(port, { protocols: ['parley.v1'] }, { token })
  expect(late.frames[0]?.type).toBe('ready')
  late.end()
  const [, anna] = house.fixture.operators
  const expired = await tokenFor(house, anna!.id)
  await house.sql(`update token set expires_at = '2000-01-01' where name = 'a line'`)
  const { tokens } = house.other.account
  const forged = [
    `${token}x`,
    token.slice(1),
    token.toUpperCase(),
    tokens.linktor,
    house.fixture.tokens.pact,
    expired,
    'x',
  ]
  for (const secret of forged) {
    expect(await outcomeOf(connect(port, SOCKET, bearer(secret))), secret).toBe('status 401')
    expect(await outcomeOf(connect(port, SOCKET, offered(secret))), secret).toBe('status 401')
    const line = await connect(port, SOCKET, { protocols: ['parley.v1'] })
    line.send({ type: 'hello', token: secret })
    expect(await line.closed).toEqual({ code: 4401, reason: 'token' })
    expect(line.frames).toEqual([])
  }
  // A page elsewhere says who it is before it is let in.
  const elsewhere = { headers: { origin: 'https://elsewhere.example' } }
  expect(await outcomeOf(connect(port, SOCKET, elsewhere))).toBe('status 403')
  expect(await outcomeOf(connect(port, SOCKET, { ...offered(token), ...elsewhere }))).toBe('open')
  // In the URL it is no credential.
  expect(await outcomeOf(connect(port, `${SOCKET}?token=${token}`))).toBe('status 400')
  const nobody = await connect(port, SOCKET)
  nobody.send({ type: 'hello' })
  expect((await nobody.closed).code).toBe(4401)
})

/** Closed, in less time than the bar allows, and told nothing of what came after. */
async function expectDead(line: TestLine, since = performance.now()): Promise<void> {
  expect(await line.closed).toEqual({ code: 4401, reason: 'token' })
  expect(performance.now() - since).toBeLessThan(5000)
  const later = await say()
  expect(line.frames.filter((frame) => JSON.stringify(frame).includes(later))).toEqual([])
}

describe('a line ends', () => {
  test('when its person signs out, or chooses another password elsewhere', async () => {
    const somebody = await newOperator(house, 'leaving@harbour.example')
    const browsers = [await signedIn(house, somebody), await signedIn(house, somebody)] as const
    const lines = [await greet(port, cookie(browsers[0])), await greet(port, cookie(browsers[1]))] as const
    await browsers[0].post('/auth/sign-out')
    await expectDead(lines[0])
    const third = await signedIn(house, somebody)
    const { password } = somebody
    const changed = { currentPassword: password, newPassword: 'quite another password' }
    expect((await third.post('/me/password', changed)).status).toBe(204)
    await expectDead(lines[1])
    const kept = await greet(port, cookie(third))
    expect(kept.frames[0]?.type).toBe('ready')
    kept.end()
  }, 30_000)

  test('at once when its operator is disabled, or its token is revoked', async () => {
    const somebody = await newOperator(house, 'disabled@harbour.example')
    const line = await greet(port, cookie(await signedIn(house, somebody)))
    const { publicId } = nativeDesk(house)
    const { body } = await house.native.get('/operators', { limit: 100 })
    const { id } = body.items.find(({ email }: { email: string }) => email === somebody.email)
    const program = await greet(
      port,
      await tokenFor(house, id.replace('op_', '').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')),
    )
    expect((await house.native.patch(`/operators/${id}`, { isActive: false })).status).toBe(200)
    const told = await say()
    for (const one of [line, program]) {
      await expectDead(one)
      expect(JSON.stringify(one.frames)).not.toContain(told)
      expect(one.frames.filter(({ event }) => event?.type === 'operator.updated')).toEqual([])
    }
    const [, anna] = house.fixture.operators
    const secret = await tokenFor(house, anna!.id)
    const revoked = await greet(port, secret)
    const tokens = (await house.native.get('/tokens', { limit: 100 })).body.items
    const { id: tokenId } = tokens.find(({ name }: { name: string }) => name === 'a line')
    expect((await house.native.delete(`/tokens/${tokenId}`)).status).toBe(204)
    const after = await say()
    await expectDead(revoked)
    expect(JSON.stringify(revoked.frames)).not.toContain(after)
    expect(publicId('op', anna!.id)).toMatch(/^op_/)
  }, 30_000)

  test('and begins anew when what its operator may do is another thing', async () => {
    const somebody = await newOperator(house, 'demoted@harbour.example')
    await house.sql(`update operator set role = 'admin' where email = 'demoted@harbour.example'`)
    const browser = await signedIn(house, somebody)
    const line = await greet(port, cookie(browser))
    const seen = await say()
    await line.find(({ event }) => event?.conversationId === seen)
    const { items } = (await house.native.get('/operators', { limit: 100 })).body
    const { id } = items.find(({ email }: { email: string }) => email === somebody.email)
    expect((await house.native.patch(`/operators/${id}`, { role: 'operator' })).status).toBe(200)
    expect((await line.first('reset')).reason).toBe('access')
    expect(line.ws.readyState).toBe(line.ws.OPEN)
    line.end()
    const stranger = openBrowser(house)
    expect(await outcomeOf(connect(port, SOCKET, cookie(stranger)))).not.toBe('open')
  }, 30_000)
})
