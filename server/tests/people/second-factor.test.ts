import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, signedIn } from '../browser.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { codeOf, newOperator } from './people-desk.ts'

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

describe('the second factor', () => {
  test('is wanted after every right password, once it is on; recovery codes work once', async () => {
    const somebody = await newOperator(house, 'careful@harbour.example')
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
    const somebody = await newOperator(house, 'guessed@harbour.example')
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
