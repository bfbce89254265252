import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, ORIGIN, signedIn } from '../browser.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { newOperator } from './people-desk.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

describe('sessions', () => {
  test('can be seen and ended; signing out ends this one', async () => {
    const somebody = await newOperator(house, 'sessions@harbour.example')
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
    const somebody = await newOperator(house, 'disabled@harbour.example')
    const browser = await signedIn(house, somebody)
    expect((await browser.get('/events?limit=1')).status).toBe(403)
    await house.sql('update operator set is_active = false where number = $1', [somebody.number])
    expect((await browser.get('/events?limit=1')).status).toBe(401)
  })

  test('a cookie that was changed in any place opens nothing', async () => {
    const browser = await signedIn(house, house.fixture.owner)
    const [name, value] = [...browser.cookies][0] ?? ['', '']
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
    const somebody = await newOperator(house, 'changing@harbour.example')
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
    const somebody = await newOperator(house, 'forgetful@harbour.example')
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
    const somebody = await newOperator(house, 'late@harbour.example')
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
