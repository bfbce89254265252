import { expect, test } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { faultOfShape } from '../probing.ts'
import type { Sample } from '../requests.ts'
import { knock, visit } from '../visitor/visitor-desk.ts'
import type { Dialect } from './principals.ts'

/** A cheap call of each dialect, and the header its token travels in. */
const CALLS: { dialect: Dialect; url: string; header: string }[] = [
  { dialect: 'blinger-app', url: '/api/operators/all', header: 'authentication' },
  { dialect: 'blinger-widget', url: '/api/external/v1/agents', header: 'authorization' },
  { dialect: 'pact', url: '/p1/companies', header: 'x-private-api-token' },
  { dialect: 'linktor', url: '/v1/channels', header: 'authorization' },
  { dialect: 'native', url: '/parley/v1/events', header: 'authorization' },
]
const KINDS = { linktor: 'linktor', native: 'native', pact: 'pact' } as const

const tokenOf = (house: TestHouse, dialect: Dialect): string => {
  const { tokens } = house.fixture
  const names = { 'blinger-app': tokens.blingerApp, 'blinger-widget': tokens.blingerWidget }
  return {
    ...names,
    pact: tokens.pact,
    linktor: `Bearer ${tokens.linktor}`,
    native: `Bearer ${tokens.native}`,
  }[dialect]
}

const ask = (house: TestHouse, call: (typeof CALLS)[number], secret = tokenOf(house, call.dialect)) =>
  house.request({ method: 'GET', url: call.url, headers: { [call.header]: secret } })

function expectTooMany(dialect: Sample['dialect'], reply: Reply): void {
  expect(reply.status, reply.text).toBe(429)
  expect(faultOfShape(dialect, reply)).toBeNull()
  expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0)
}

test.each(CALLS)('a token of $dialect keeps to its own limit', async (call) => {
  await using house = await openHouse()
  expect((await ask(house, call)).status).toBe(200)
  const kind = { ...KINDS, 'blinger-app': 'blinger_app', 'blinger-widget': 'blinger_widget' }[call.dialect]
  await house.sql('update token set rate_limit = 3 where kind = $1 and account_id = $2', [
    kind,
    house.fixture.id,
  ])
  for (let asked = 0; asked < 3; asked += 1) expect((await ask(house, call)).status).toBe(200)
  const refused = await ask(house, call)
  expectTooMany(call.dialect, refused)
  // Its neighbours, and the account's other tokens, are not held up.
  for (const other of CALLS.filter(({ dialect }) => dialect !== call.dialect))
    expect((await ask(house, other)).status).toBe(200)
  house.clock.advance(Number(refused.headers['retry-after']) * 1000)
  expect((await ask(house, call)).status).toBe(200)
})

test('an account keeps to its limit over all its tokens, channels’ among them; another account has its own', async () => {
  await using house = await openHouse({ env: { PARLEY_ACCOUNT_RATE_LIMIT: '5' } })
  for (const call of CALLS) expect((await ask(house, call)).status).toBe(200)
  for (const call of CALLS) expectTooMany(call.dialect, await ask(house, call))
  expectTooMany('blinger-app', await house.customApp.post('/message', {}))
  expect((await house.other.linktor.get('/channels')).status).toBe(200)
})

test('what one limit refuses the other does not count', async () => {
  await using house = await openHouse({ env: { PARLEY_ACCOUNT_RATE_LIMIT: '4' } })
  await house.sql(`update token set rate_limit = 1 where kind = 'linktor'`)
  for (let asked = 0; asked < 20; asked += 1) await house.linktor.get('/channels')
  const statuses = await Promise.all(
    [1, 2, 3, 4].map(async () => (await house.pact.get('/companies')).status),
  )
  expect(statuses.sort()).toEqual([200, 200, 200, 429])
})

test('Linktor tells its numbers with every answer of a limited token, refusals too, and none without a limit', async () => {
  await using house = await openHouse()
  expect(Object.keys((await house.linktor.get('/channels')).headers)).not.toContain('x-ratelimit-limit')
  await house.sql(`update token set rate_limit = 3 where kind = 'linktor'`)
  const seconds = house.clock.now().getTime() / 1000
  const answers = [
    await house.linktor.get('/channels'),
    await house.linktor.get('/conversations/conv_none'),
    await house.linktor.post('/messages', { to: 7 }),
    await house.linktor.get('/channels'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 400, 429])
  expect(answers.map(({ headers }) => headers['x-ratelimit-remaining'])).toEqual(['2', '1', '0', '0'])
  for (const { headers } of answers) {
    expect(headers['x-ratelimit-limit']).toBe('3')
    expect(Number(headers['x-ratelimit-reset'])).toBeGreaterThan(seconds + 59)
    expect(Number(headers['x-ratelimit-reset'])).toBeLessThan(seconds + 70)
  }
  const refused = answers[3]!
  expect(refused.body.error.retryAfter).toBe(Number(refused.headers['retry-after']))
})

test('a limit that is set applies at once, and so does one that is taken back', async () => {
  await using house = await openHouse()
  await house.sql(`update token set rate_limit = 1 where kind = 'pact'`)
  expect((await house.pact.get('/companies')).status).toBe(200)
  expect((await house.pact.get('/companies')).status).toBe(429)
  await house.sql(`update token set rate_limit = null where kind = 'pact'`)
  expect((await house.pact.get('/companies')).status).toBe(200)
})

/** Spellings of what a client may say about its own address. */
function forged(round: number): Record<string, string> {
  const v4 = `${round % 223}.${(round * 7) % 256}.${(round * 13) % 256}.${round % 256}`
  const v6 = `2001:db8:${(round % 65_536).toString(16)}::${round.toString(16)}`
  const spellings: Record<string, string>[] = [
    { 'x-forwarded-for': v4 },
    { 'X-Forwarded-For': `${v4}, 127.0.0.1` },
    { 'X-FORWARDED-FOR': `${v6}, ${v4}` },
    { 'x-real-ip': v4, 'X-Client-IP': v4, 'true-client-ip': v6, 'cf-connecting-ip': v4 },
    { forwarded: `for=${v4};proto=https`, Forwarded: `for="[${v6}]"` },
    {
      'x-forwarded-for': `, ,${v4},\t`,
      'x-forwarded-host': `h${round}.example`,
      'x-forwarded-proto': 'https',
    },
  ]
  return spellings[round % spellings.length] ?? {}
}

test('10,000 wrong secrets under forged addresses stay within the limit of the one address they come from', async () => {
  await using house = await openHouse({ env: { PARLEY_FAILED_CREDENTIALS_LIMIT: '60' } })
  const answered = new Map<number, number>()
  const before = house.clock.now().getTime()
  for (let round = 0; round < 10_000; round += 1) {
    const call = CALLS[round % CALLS.length]!
    const secret = round % 2 === 0 ? `wrong-${round}` : `wrong.${round}.token`
    const headers = { ...forged(round), [call.header]: `Bearer ${secret}` }
    const { status } = await house.request({
      method: 'GET',
      url: call.url,
      headers,
      remoteAddress: '198.51.100.9',
    })
    answered.set(status, (answered.get(status) ?? 0) + 1)
  }
  // The clock of tests takes a millisecond a look, so this may be more than one minute.
  const minutes = Math.ceil((house.clock.now().getTime() - before) / 60_000)
  expect([...answered.keys()].sort()).toEqual([401, 429])
  expect(answered.get(401)).toBeLessThanOrEqual(60 * minutes * 1.05)
  // Right secrets from the same address are let in all the while.
  for (const { dialect, url, header } of CALLS) {
    const headers = { [header]: tokenOf(house, dialect) }
    const reply = await house.request({ method: 'GET', url, headers, remoteAddress: '198.51.100.9' })
    expect(reply.status, reply.text).toBe(200)
  }
})

test('one /64 is one address, and the next one another', async () => {
  await using house = await openHouse({ env: { PARLEY_FAILED_CREDENTIALS_LIMIT: '10' } })
  const from = async (remoteAddress: string) =>
    (
      await house.request({
        method: 'GET',
        url: '/v1/channels',
        headers: { authorization: 'Bearer wrong' },
        remoteAddress,
      })
    ).status
  const statuses: number[] = []
  for (let round = 0; round < 500; round += 1)
    statuses.push(await from(`2001:db8:1:2:${round.toString(16)}:${(round * 31).toString(16)}::${round}`))
  expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  expect(await from('2001:db8:1:3::1')).toBe(401)
  expect(await from('::ffff:198.51.100.1')).toBe(401)
})

test('every dialect answers too many wrong secrets in its own words, right ones not at all', async () => {
  await using house = await openHouse({ env: { PARLEY_FAILED_CREDENTIALS_LIMIT: '1' } })
  expect((await ask(house, CALLS[0]!, 'wrong')).status).toBe(401)
  for (const call of CALLS) {
    expectTooMany(call.dialect, await ask(house, call, 'Bearer wrong'))
    expect((await ask(house, call)).status).toBe(200)
  }
  expectTooMany('linktor', await ask(house, CALLS[3]!, 'Bearer not.a.token'))
  const inBody = { method: 'POST' as const, url: `/p1/companies/${house.fixture.number}/conversations` }
  expectTooMany('pact', await house.request({ ...inBody, payload: { private_api_token: 'wrong' } }))
  expectTooMany('blinger-app', await house.customApp.post('/message', {}, { authorization: 'Bearer wrong' }))
  house.clock.advance(65_000)
  expect((await ask(house, CALLS[0]!, 'wrong')).status).toBe(401)
})

test('a trusted proxy’s word counts, and only the last untrusted address of it', async () => {
  await using house = await openHouse({
    env: { PARLEY_FAILED_CREDENTIALS_LIMIT: '5', PARLEY_TRUSTED_PROXIES: '10.0.0.7,192.168.0.0/16' },
  })
  const statusFor = async (remoteAddress: string, forwarded: string) =>
    (
      await house.request({
        method: 'GET',
        url: '/v1/channels',
        headers: { authorization: 'Bearer wrong', 'x-forwarded-for': forwarded },
        remoteAddress,
      })
    ).status
  const twenty = async (remoteAddress: string, forwarded: (round: number) => string) => {
    const statuses = []
    for (let round = 0; round < 20; round += 1)
      statuses.push(await statusFor(remoteAddress, forwarded(round)))
    return statuses.filter((status) => status === 401).length
  }
  // Clients behind the proxy are told apart …
  expect(await twenty('10.0.0.7', (round) => `203.0.113.${round}`)).toBe(20)
  // … what a client wrote before the proxy did is not believed, not even through a second proxy …
  expect(await twenty('10.0.0.7', (round) => `203.0.114.${round}, 198.51.100.1`)).toBe(5)
  expect(await twenty('10.0.0.7', (round) => `203.0.115.${round}, 198.51.100.2, 192.168.4.4`)).toBe(5)
  // … and whoever is no proxy is not asked.
  expect(await twenty('10.0.0.8', (round) => `203.0.116.${round}`)).toBe(5)
})

test('the audit log keeps the same address that is counted', async () => {
  await using house = await openHouse({ env: { PARLEY_TRUSTED_PROXIES: '10.0.0.7' } })
  const send = (remoteAddress: string, text: string) =>
    house.request({
      method: 'POST',
      url: '/api/conversations/close',
      headers: {
        authentication: house.fixture.tokens.blingerApp,
        'x-forwarded-for': '203.0.113.4',
        'x-real-ip': '1.1.1.1',
      },
      remoteAddress,
      payload: { conversation_id: house.fixture.conversations[text === 'direct' ? 0 : 1]!.number },
    })
  expect((await send('198.51.100.9', 'direct')).status).toBe(200)
  expect((await send('10.0.0.7', 'by proxy')).status).toBe(200)
  const rows = await house.sql<{ address: string }>('select address from audit_entry order by id')
  expect(rows.map(({ address }) => address).slice(-2)).toEqual(['198.51.100.9', '203.0.113.4'])
})

test('visitors of one place keep to its limit, whatever they show; its neighbours, and the accounts, have their own', async () => {
  await using house = await openHouse({ env: { PARLEY_VISITOR_RATE_LIMIT: '12' } })
  const visitor = await visit(house)
  const from = (remoteAddress: string, round: number) => {
    const token = round % 2 === 0 ? visitor.token : 'x'.repeat(43)
    const headers = { ...forged(round), authorization: `Bearer ${token}` }
    return house.request({ method: 'GET', url: '/visitor/v1/messages', headers, remoteAddress })
  }
  const answered = async (addressOf: (round: number) => string) => {
    const statuses: number[] = []
    for (let round = 0; round < 40; round += 1) statuses.push((await from(addressOf(round), round)).status)
    return statuses.filter((status) => status !== 429)
  }
  expect(await answered(() => '198.51.100.9')).toEqual([
    200, 401, 200, 401, 200, 401, 200, 401, 200, 401, 200, 401,
  ])
  expect(await answered((round) => `2001:db8:1:2::${round.toString(16)}`)).toHaveLength(12)
  expect((await from('2001:db8:1:3::1', 0)).status).toBe(200)
  // One session was begun from here already.
  for (let round = 1; round < 12; round += 1) expect((await knock(house)).status).toBe(201)
  const refused = await knock(house)
  expectTooMany('visitor', refused)
  expectTooMany('visitor', await knock(house, { widgetKey: 'nobody' }))
  expectTooMany('visitor', await visitor.ask('DELETE', '/session'))
  for (const call of CALLS) expect((await ask(house, call)).status).toBe(200)
  house.clock.advance(Number(refused.headers['retry-after']) * 1000)
  expect((await knock(house)).status).toBe(201)
})
