import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, ORIGIN, signedIn } from '../browser.ts'
import { openHouse, type TestHouse } from '../house.ts'

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

/** What an authenticator app would show. */
function codeOf(uri: string, now = Date.now()): string {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  const bytes =
    bits
      .join('')
      .match(/.{8}/g)
      ?.map((byte) => Number.parseInt(byte, 2)) ?? []
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)))
  const digest = createHmac('sha1', Buffer.from(bytes)).update(counter).digest()
  const at = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** A person of the first account with a known password. */
async function newOperator(email: string): Promise<{ email: string; password: string; number: number }> {
  const password = 'a long enough password'
  const made = await house.blingerApp.post('/operators/create', {
    operator_email: email,
    operator_password: password,
  })
  expect(made.status, made.text).toBe(200)
  return { email, password, number: made.body.data.id }
}

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
    const gone = await newOperator('gone@harbour.example')
    const idle = await newOperator('idle@harbour.example')
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

describe('sessions', () => {
  test('can be seen and ended; signing out ends this one', async () => {
    const somebody = await newOperator('sessions@harbour.example')
    const first = await signedIn(house, somebody)
    const second = await signedIn(house, somebody)
    const { items } = (await first.get('/me/sessions')).body
    expect(items).toHaveLength(2)
    expect(items.filter(({ current }: { current: boolean }) => current)).toHaveLength(1)
    const other = items.find(({ current }: { current: boolean }) => !current)
    expect((await first.delete(`/me/sessions/${other.id}`)).status).toBe(204)
    expect((await second.get('/me')).status).toBe(401)
    expect((await first.delete(`/me/sessions/${other.id}`)).status).toBe(404)
    const kept = first.line()
    expect((await first.post('/auth/sign-out')).status).toBe(204)
    expect(first.cookies.size).toBe(0)
    expect((await openBrowser(house).get('/me', { cookie: kept })).status).toBe(401)
  })

  test('another person’s session is nobody’s', async () => {
    const mine = await signedIn(house, house.fixture.owner)
    const theirs = await signedIn(house, house.other.account.owner)
    const { sessionId } = (await theirs.get('/me')).body
    expect((await mine.delete(`/me/sessions/${sessionId}`)).status).toBe(404)
    expect((await theirs.get('/me')).status).toBe(200)
  })

  test('end at once when the operator is disabled, and where somebody else does it', async () => {
    const somebody = await newOperator('disabled@harbour.example')
    const browser = await signedIn(house, somebody)
    expect((await browser.get('/events?limit=1')).status).toBe(403)
    await house.sql('update operator set is_active = false where number = $1', [somebody.number])
    expect((await browser.get('/events?limit=1')).status).toBe(401)
  })

  test('a cookie that was changed in any place opens nothing', async () => {
    const browser = await signedIn(house, house.fixture.owner)
    const [[name = '', value = ''] = []] = [...browser.cookies]
    const bent = [
      value.slice(0, -3),
      `${value}x`,
      value.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')),
      value.split('.')[0] ?? '',
      `${value.split('.')[0]}.`,
      decodeURIComponent(value).split('.')[0] ?? '',
      '',
      'null',
      'undefined',
      '[]',
      '0',
    ]
    for (const wrong of bent)
      expect((await openBrowser(house).get('/me', { cookie: `${name}=${wrong}` })).status, wrong).toBe(401)
  })

  test('somebody of another account cannot name this one', async () => {
    const theirs = await signedIn(house, house.other.account.owner)
    for (const account of [
      String(house.fixture.number),
      `acc_${house.fixture.id.replaceAll('-', '')}`,
      'acc_0',
      '-1',
      'x',
    ])
      expect(
        (await theirs.get('/events?limit=1', { 'parley-account': account })).status,
        account,
      ).toBeGreaterThan(400)
  })
})

describe('passwords', () => {
  test('are changed by who knows the old one; every other session ends', async () => {
    const somebody = await newOperator('changing@harbour.example')
    const here = await signedIn(house, somebody)
    const elsewhere = await signedIn(house, somebody)
    const wrong = await here.post('/me/password', {
      currentPassword: 'not it',
      newPassword: 'quite another one',
    })
    expect(wrong.body).toMatchObject({ status: 400, code: 'invalid' })
    const short = await here.post('/me/password', {
      currentPassword: somebody.password,
      newPassword: 'short',
    })
    expect(short.status).toBe(400)
    const changed = await here.post('/me/password', {
      currentPassword: somebody.password,
      newPassword: 'quite another one',
    })
    expect(changed.status, changed.text).toBe(204)
    expect((await here.get('/me')).status).toBe(200)
    expect((await elsewhere.get('/me')).status).toBe(401)
    await expect(signedIn(house, somebody)).rejects.toThrow()
    await signedIn(house, { ...somebody, password: 'quite another one' })
  })

  test('a link by an owner opens once, for an hour, and ends all sessions', async () => {
    const somebody = await newOperator('forgetful@harbour.example')
    const before = await signedIn(house, somebody)
    const owner = await signedIn(house, house.fixture.owner)
    const [operator] = await house.sql<{ id: string }>('select id from operator where number = $1', [
      somebody.number,
    ])
    const made = await owner.post(`/operators/${operator?.id}/password-reset`)
    expect(made.status, made.text).toBe(201)
    const token = String(made.body.link).split('#')[1] ?? ''
    expect(made.body.link).toBe(`${ORIGIN}/password#${token}`)
    const stored = await house.sql(
      `select from person_verification where identifier like '%' || $1 || '%' or value like '%' || $1 || '%'`,
      [token],
    )
    expect(stored).toEqual([])
    const asked = { token, password: 'the new password' }
    expect(
      (await openBrowser(house).post('/auth/password-reset/confirm', { ...asked, password: 'short' })).status,
    ).toBe(400)
    expect((await openBrowser(house).post('/auth/password-reset/confirm', asked)).status).toBe(204)
    expect((await openBrowser(house).post('/auth/password-reset/confirm', asked)).status).toBe(400)
    expect((await before.get('/me')).status).toBe(401)
    await signedIn(house, { ...somebody, password: 'the new password' })
  })

  test('an old link opens nothing', async () => {
    const somebody = await newOperator('late@harbour.example')
    const owner = await signedIn(house, house.fixture.owner)
    const [operator] = await house.sql<{ id: string }>('select id from operator where number = $1', [
      somebody.number,
    ])
    const made = await owner.post(`/operators/${operator?.id}/password-reset`)
    await house.sql(`update person_verification set expires_at = now() - interval '1 second'`)
    const token = String(made.body.link).split('#')[1] ?? ''
    expect(
      (await openBrowser(house).post('/auth/password-reset/confirm', { token, password: 'the new password' }))
        .status,
    ).toBe(400)
  })

  test('asking for a link tells nobody who is known', async () => {
    const browser = openBrowser(house)
    const known = await browser.post('/auth/password-reset', { email: house.fixture.owner.email })
    const unknown = await browser.post('/auth/password-reset', { email: 'nobody@harbour.example' })
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text])
    expect(known.status).toBe(202)
  })

  test('one account’s owner makes no link to a person of another one', async () => {
    const owner = await signedIn(house, house.fixture.owner)
    const theirs = house.other.account.operators[0]
    expect((await owner.post(`/operators/${theirs?.id}/password-reset`)).status).toBe(404)
  })
})

describe('the second factor', () => {
  test('is wanted after every right password, once it is on; recovery codes work once', async () => {
    const somebody = await newOperator('careful@harbour.example')
    const browser = await signedIn(house, somebody)
    expect((await browser.post('/me/second-factor', { password: 'wrong' })).status).toBe(400)
    const offer = await browser.post('/me/second-factor', { password: somebody.password })
    expect(offer.status, offer.text).toBe(200)
    // Not on before its first code.
    expect((await openBrowser(house).post('/auth/sign-in', somebody)).status).toBe(400)
    const { email, password } = somebody
    expect((await openBrowser(house).post('/auth/sign-in', { email, password })).body).toMatchObject({
      email,
    })
    expect((await browser.post('/me/second-factor/confirm', { code: '000000' })).status).toBe(400)
    const confirmed = await browser.post('/me/second-factor/confirm', { code: codeOf(offer.body.uri) })
    expect(confirmed.status, confirmed.text).toBe(204)
    expect((await browser.get('/me')).body).toMatchObject({ secondFactor: true })

    const next = openBrowser(house)
    const asked = await next.post('/auth/sign-in', { email, password })
    expect(asked.body).toEqual({ secondFactor: 'wanted' })
    expect((await next.get('/me')).status).toBe(401)
    expect((await next.post('/auth/second-factor', { code: '123456' })).status).toBe(401)
    const done = await next.post('/auth/second-factor', { code: codeOf(offer.body.uri) })
    expect(done.status, done.text).toBe(200)
    expect((await next.get('/me')).status).toBe(200)

    const [recovery] = offer.body.recoveryCodes
    const third = openBrowser(house)
    await third.post('/auth/sign-in', { email, password })
    expect((await third.post('/auth/second-factor', { code: recovery })).status).toBe(200)
    const fourth = openBrowser(house)
    await fourth.post('/auth/sign-in', { email, password })
    expect((await fourth.post('/auth/second-factor', { code: recovery })).status).toBe(401)

    expect((await third.post('/me/second-factor/remove', { password: 'wrong' })).status).toBe(400)
    expect((await third.post('/me/second-factor/remove', { password })).status).toBe(204)
    expect((await openBrowser(house).post('/auth/sign-in', { email, password })).body).toMatchObject({
      email,
    })
    expect((await auditOf('second_factor.enabled')).length).toBe(1)
    expect((await auditOf('second_factor.disabled')).length).toBe(1)
  })

  test('a code without an attempt is nothing, and an attempt ends after a few wrong ones', async () => {
    const somebody = await newOperator('guessed@harbour.example')
    const { email, password } = somebody
    const browser = await signedIn(house, somebody)
    const offer = await browser.post('/me/second-factor', { password })
    await browser.post('/me/second-factor/confirm', { code: codeOf(offer.body.uri) })
    const code = codeOf(offer.body.uri)
    expect((await openBrowser(house).post('/auth/second-factor', { code })).status).toBe(401)
    const attacker = openBrowser(house)
    await attacker.post('/auth/sign-in', { email, password })
    for (let times = 0; times < 6; times += 1)
      expect((await attacker.post('/auth/second-factor', { code: '000000' })).status).toBeGreaterThanOrEqual(
        400,
      )
    expect((await attacker.post('/auth/second-factor', { code })).status).toBeGreaterThanOrEqual(400)
  })
})

describe('invitations', () => {
  const invited = async (email: string, more: object = {}) => {
    const owner = await signedIn(house, house.fixture.owner)
    const reply = await owner.post('/invitations', { email, role: 'operator', ...more })
    expect(reply.status, reply.text).toBe(201)
    return { owner, id: reply.body.id, token: String(reply.body.link).split('#')[1] ?? '' }
  }

  test('a link makes a person once', async () => {
    const { owner, token } = await invited('new@harbour.example', { name: 'Nils' })
    const shown = await openBrowser(house).post('/invitations/show', { token })
    expect(shown.body).toMatchObject({
      accountName: 'Harbour Books',
      email: 'new@harbour.example',
      isKnown: false,
    })
    const accept = { token, password: 'my own password' }
    expect(
      (await openBrowser(house).post('/invitations/accept', { ...accept, password: 'short' })).status,
    ).toBe(400)
    expect((await openBrowser(house).post('/invitations/accept', accept)).status).toBe(204)
    expect((await openBrowser(house).post('/invitations/accept', accept)).status).toBe(404)
    const me = (
      await (await signedIn(house, { email: 'new@harbour.example', password: 'my own password' })).get('/me')
    ).body
    expect(me).toMatchObject({ name: 'Nils', accounts: [{ role: 'operator' }] })
    const waiting = (await owner.get('/invitations')).body.items
    expect(waiting.map((one: { email: string }) => one.email)).not.toContain('new@harbour.example')
  })

  test('expires, and can be withdrawn', async () => {
    await using other = await openHouse()
    const owner = await signedIn(other, other.fixture.owner)
    const make = async (email: string) =>
      String((await owner.post('/invitations', { email, role: 'viewer' })).body.link).split('#')[1]
    const [late, withdrawn] = [await make('late@x.example'), await make('withdrawn@x.example')]
    const { items } = (await owner.get('/invitations')).body
    const { id } = items.find(({ email }: { email: string }) => email === 'withdrawn@x.example')
    expect((await owner.delete(`/invitations/${id}`)).status).toBe(204)
    expect((await owner.delete(`/invitations/${id}`)).status).toBe(404)
    const show = (token: string | undefined) => openBrowser(other).post('/invitations/show', { token })
    expect((await show(withdrawn)).status).toBe(404)
    expect((await show(late)).status).toBe(200)
    other.clock.advance(8 * 86_400_000)
    expect((await show(late)).status).toBe(404)
    expect(
      (await openBrowser(other).post('/invitations/accept', { token: late, password: 'my own password' }))
        .status,
    ).toBe(404)
  })

  test('one person works in two accounts, and says in which', async () => {
    const theirs = house.other.account.owner
    const { token } = await invited(theirs.email, { role: 'supervisor' })
    expect((await openBrowser(house).post('/invitations/show', { token })).body).toMatchObject({
      isKnown: true,
    })
    expect(
      (await openBrowser(house).post('/invitations/accept', { token, password: 'my own password' })).status,
    ).toBe(409)
    const stranger = await signedIn(house, house.fixture.owner)
    expect((await stranger.post('/me/invitations/accept', { token })).status).toBe(404)
    const browser = await signedIn(house, theirs)
    const accepted = await browser.post('/me/invitations/accept', { token })
    expect(accepted.status, accepted.text).toBe(200)
    expect(accepted.body.accounts).toHaveLength(2)
    const here = { 'parley-account': String(house.fixture.number) }
    // The owner of one is a supervisor of the other.
    expect((await browser.get('/invitations')).status).toBe(200)
    expect((await browser.post('/invitations', { email: 'x@y.example', role: 'viewer' })).status).toBe(201)
    expect((await browser.post('/invitations', { email: 'x@y.example', role: 'viewer' }, here)).status).toBe(
      403,
    )
    const owner = await signedIn(house, house.fixture.owner)
    const { operatorId } = accepted.body.accounts[1]
    const link = await owner.post(`/operators/${operatorId}/password-reset`)
    expect(link.status, 'one account opens no other').toBe(409)
  })

  test('nobody invites somebody who can do more than they can', async () => {
    const admin = await invited('admin@harbour.example', { role: 'admin' })
    await openBrowser(house).post('/invitations/accept', { token: admin.token, password: 'admin password' })
    await house.sql(
      `update operator set role = 'custom', role_id = $2 where account_id = $1 and email = 'admin@harbour.example'`,
      [house.fixture.id, await ownRole(['operator.read', 'operator.write', 'conversation.read'])],
    )
    const limited = await signedIn(house, { email: 'admin@harbour.example', password: 'admin password' })
    for (const role of ['admin', 'supervisor', 'operator', 'viewer'])
      expect((await limited.post('/invitations', { email: 'friend@y.example', role })).status, role).toBe(403)
    expect((await limited.post('/invitations', { email: 'friend@y.example', role: 'owner' })).status).toBe(
      400,
    )
    const ownerId = house.fixture.operators.find(({ email }) => email === house.fixture.owner.email)?.id
    expect((await limited.post(`/operators/${ownerId}/password-reset`)).status).toBe(403)
  })
})

async function ownRole(permissions: string[]): Promise<string> {
  const [row] = await house.sql<{ id: string }>(
    `insert into role (account_id, id, name, permissions, scope, created_at, updated_at)
     values ($1, gen_random_uuid(), 'made for a test', $2, 'all', now(), now()) returning id`,
    [house.fixture.id, permissions],
  )
  return row?.id ?? ''
}
