import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, signedIn } from '../browser.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { newOperator } from './people-desk.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

const auditOf = async (action: string) =>
  house.sql<{ account_id: string; operator_id: string; address: string }>(
    'select account_id, operator_id, address from audit_entry where action = $1 order by id',
    [action],
  )

const UNKNOWN = { code: 'unauthenticated', detail: 'The e-mail address or the password is wrong.' }

describe('signing in', () => {
  test('sets a cookie that opens the account, and nothing but the session', async () => {
    const browser = await signedIn(house, house.fixture.owner)
    const me = await browser.get('/me')
    expect(me.body).toMatchObject({ email: house.fixture.owner.email, secondFactor: false })
    expect(me.body.accounts).toMatchObject([{ accountNumber: house.fixture.number, role: 'owner' }])
    expect([...browser.cookies.keys()]).toEqual(['parley.session_token'])
    const events = await browser.get('/events?limit=1')
    expect(events.status, events.text).toBe(200)
  })

  test('over https the cookie is for this host alone', async () => {
    await using secure = await openHouse({ env: { PARLEY_PUBLIC_ORIGIN: 'https://chat.example.com' } })
    const browser = openBrowser(secure, { origin: 'https://chat.example.com' })
    const { email, password } = secure.fixture.owner
    const reply = await browser.post('/auth/sign-in', { email, password })
    expect(reply.status, reply.text).toBe(200)
    const [cookie] = [reply.headers['set-cookie']].flat().map(String)
    expect(cookie).toMatch(/^__Host-parley\.session_token=/)
    expect(cookie?.split('; ').map((part) => part.toLowerCase())).toEqual(
      expect.arrayContaining(['path=/', 'httponly', 'secure', 'samesite=lax']),
    )
    expect(cookie?.toLowerCase()).not.toContain('domain=')
    expect((await browser.get('/me')).status).toBe(200)
  })

  test('nobody learns what was wrong: one answer for a wrong password, nobody, somebody who works nowhere', async () => {
    const gone = await newOperator(house, 'gone@harbour.example')
    const idle = await newOperator(house, 'idle@harbour.example')
    await house.blingerApp.post('/operators/delete', { operator_id: gone.number })
    await house.sql(`update operator set is_active = false where number = $1`, [idle.number])
    const browser = openBrowser(house)
    const tries = [
      { email: house.fixture.owner.email, password: 'something else entirely' },
      { email: 'nobody@harbour.example', password: 'something else entirely' },
      { email: gone.email, password: gone.password },
      { email: idle.email, password: idle.password },
    ]
    const answers = []
    for (const tried of tries) answers.push(await browser.post('/auth/sign-in', tried))
    for (const answer of answers) {
      expect(answer.status).toBe(401)
      expect(answer.body).toMatchObject(UNKNOWN)
      expect(answer.text).toBe(answers[0]?.text)
      expect(answer.headers).not.toHaveProperty('set-cookie')
    }
    expect(
      await house.sql(`select from person_session s join person p on p.id = s.user_id where p.email = $1`, [
        idle.email,
      ]),
    ).toEqual([])
  })

  test('is told in the audit log of the account, and so is failing', async () => {
    const { email } = house.fixture.owner
    await openBrowser(house).post('/auth/sign-in', { email, password: 'not this one' })
    const refused = await auditOf('session.refused')
    expect(refused.at(-1)).toMatchObject({ account_id: house.fixture.id, address: '127.0.0.1' })
    expect((await auditOf('session.started')).length).toBeGreaterThan(0)
  })

  test('a page elsewhere signs nobody in, and asks nothing with the cookie', async () => {
    const { email, password } = house.fixture.owner
    const browser = await signedIn(house, house.fixture.owner)
    for (const origin of [
      'https://evil.test',
      'null',
      'http://127.0.0.1:3001',
      'http://evil.127.0.0.1:3000',
    ]) {
      const foreign = openBrowser(house, { origin })
      expect((await foreign.post('/auth/sign-in', { email, password })).status, origin).toBe(403)
      const asked = await browser.post('/me/password', { currentPassword: 'x', newPassword: 'y' }, { origin })
      expect(asked.body, origin).toMatchObject({ status: 403, code: 'forbidden' })
    }
    const silent = openBrowser(house, { origin: null })
    for (const [name, value] of browser.cookies) silent.cookies.set(name, value)
    expect((await silent.delete('/me/sessions')).status).toBe(403)
    expect((await silent.get('/me')).status).toBe(200)
  })

  test('too many failures of a person lock the person, not the neighbour, and end', async () => {
    await using locked = await openHouse()
    const [victim] = [locked.fixture.owner]
    const neighbour = locked.other.account.owner
    const browser = openBrowser(locked)
    const statuses = []
    for (let times = 0; times < 12; times += 1)
      statuses.push(
        (await browser.post('/auth/sign-in', { email: victim.email, password: `wrong ${times}` })).status,
      )
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429])
    const right = await browser.post('/auth/sign-in', { email: victim.email, password: victim.password })
    expect(right.status).toBe(429)
    expect(Number(right.headers['retry-after'])).toBeGreaterThan(0)
    const other = await browser.post('/auth/sign-in', {
      email: neighbour.email,
      password: neighbour.password,
    })
    expect(other.status, other.text).toBe(200)
    locked.clock.advance(16 * 60_000)
    const later = await browser.post('/auth/sign-in', { email: victim.email, password: victim.password })
    expect(later.status, later.text).toBe(200)
  })

  test('somebody who does not exist is locked just the same', async () => {
    await using locked = await openHouse()
    const browser = openBrowser(locked)
    const tried = { email: 'nobody@nowhere.example', password: 'guessing' }
    const statuses = []
    for (let times = 0; times < 11; times += 1)
      statuses.push((await browser.post('/auth/sign-in', tried)).status)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429])
  })

  test('guesses that come at once are counted one by one', async () => {
    await using locked = await openHouse()
    const { email } = locked.fixture.owner
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        openBrowser(locked).post('/auth/sign-in', { email, password: `guess ${index}` }),
      ),
    )
    expect(replies.filter(({ status }) => status === 401)).toHaveLength(10)
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(20)
  })
})

test('strangers of one address are not endlessly many, and others are not theirs', async () => {
  await using few = await openHouse({
    env: { PARLEY_STRANGER_RATE_LIMIT: '5', PARLEY_TRUSTED_PROXIES: '127.0.0.1' },
  })
  const ask = (address: string, url = '/parley/v1/invitations/show') =>
    few.request({
      ...{ method: 'POST', url, payload: { token: 'x'.repeat(75) } },
      headers: { 'x-forwarded-for': address },
    })
  const statuses = []
  for (let times = 0; times < 7; times += 1) statuses.push((await ask('203.0.113.7')).status)
  expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429])
  expect((await ask('203.0.113.7', '/v1/auth/refresh')).body.error.code).toBe('RATE_LIMIT_EXCEEDED')
  expect((await ask('203.0.113.8')).status).toBe(404)
  few.clock.advance(66_000)
  expect((await ask('203.0.113.7')).status).toBe(404)
})
