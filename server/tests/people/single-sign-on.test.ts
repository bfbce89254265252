import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, signedIn } from '../browser.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { openIdentityProvider, type IdentityProvider } from './identity-provider.ts'

let provider: IdentityProvider
let house: TestHouse
beforeAll(async () => {
  provider = await openIdentityProvider()
  house = await openHouse({
    env: {
      PARLEY_OIDC_ISSUER: provider.issuer,
      PARLEY_OIDC_CLIENT_ID: 'parley',
      PARLEY_OIDC_CLIENT_SECRET: 'of the client',
      PARLEY_OIDC_NAME: 'Example ID',
    },
  })
})
afterAll(async () => {
  await house[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})

async function signInThere(named: Partial<IdentityProvider['named']>) {
  Object.assign(provider.named, { email_verified: true, name: 'Somebody', ...named })
  const browser = openBrowser(house)
  const begun = await browser.post('/auth/single-sign-on')
  expect(begun.status, begun.text).toBe(200)
  const back = await house.request({
    method: 'GET',
    url: provider.agree(begun.body.url),
    headers: { cookie: browser.line() },
  })
  for (const set of [back.headers['set-cookie'] ?? []].flat().map(String)) {
    const [pair = ''] = set.split(';')
    browser.cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
  }
  return { browser, back, location: String(back.headers.location) }
}

const operator = async (email: string) => {
  const password = 'a long enough password'
  await house.blingerApp.post('/operators/create', { operator_email: email, operator_password: password })
  return { email, password }
}

test('is offered by name', async () => {
  expect((await openBrowser(house).get('/auth/providers')).body).toEqual({
    singleSignOn: { name: 'Example ID' },
  })
})

test('somebody who works here comes in, and goes to a page of ours', async () => {
  await operator('sso@harbour.example')
  const { browser, location } = await signInThere({ sub: 'sso-1', email: 'SSO@harbour.example' })
  expect(location).toBe('http://127.0.0.1:3000/sign-in?done=1')
  expect((await browser.get('/me')).body).toMatchObject({ email: 'sso@harbour.example', emailVerified: true })
  // The second time by the provider's own name for them, whatever the address.
  const again = await signInThere({ sub: 'sso-1', email: 'renamed@harbour.example' })
  expect((await again.browser.get('/me')).body).toMatchObject({ email: 'sso@harbour.example' })
})

test('an address nobody proved there opens nothing here', async () => {
  await operator('unproved@harbour.example')
  const { browser, location } = await signInThere({
    sub: 'sso-2',
    email: 'unproved@harbour.example',
    email_verified: false,
  })
  expect(location).toBe('http://127.0.0.1:3000/sign-in?refused=1')
  expect((await browser.get('/me')).status).toBe(401)
})

test('strangers make no person of themselves', async () => {
  const { browser, location } = await signInThere({ sub: 'sso-3', email: 'stranger@elsewhere.example' })
  expect(location).toContain('refused=1')
  expect((await browser.get('/me')).status).toBe(401)
  expect(await house.sql(`select from person where email = 'stranger@elsewhere.example'`)).toEqual([])
})

test('whoever took an address before its owner came keeps no key to it', async () => {
  const taken = await operator('victim@harbour.example')
  const squatter = await signedIn(house, taken)
  const { browser } = await signInThere({ sub: 'sso-4', email: taken.email })
  expect((await browser.get('/me')).body).toMatchObject({ email: taken.email })
  expect((await squatter.get('/me')).status).toBe(401)
  await expect(signedIn(house, taken)).rejects.toThrow()
})

test('a second factor is wanted after the provider’s word too', async () => {
  const somebody = await operator('two@harbour.example')
  const before = await signedIn(house, somebody)
  const offer = await before.post('/me/second-factor', { password: somebody.password })
  await house.sql(`update person set two_factor_enabled = true, email_verified = true where email = $1`, [
    somebody.email,
  ])
  await house.sql(`update person_second_factor set verified = true`)
  const { browser, location } = await signInThere({ sub: 'sso-5', email: somebody.email })
  expect(location).toBe('http://127.0.0.1:3000/sign-in?second-factor=1')
  expect((await browser.get('/me')).status).toBe(401)
  const [code] = offer.body.recoveryCodes
  expect((await browser.post('/auth/second-factor', { code })).status).toBe(200)
  expect((await browser.get('/me')).status).toBe(200)
})

test('somebody who was disabled does not come in', async () => {
  const gone = await operator('gone@harbour.example')
  await house.sql('update operator set is_active = false where email = $1', [gone.email])
  const { browser, location } = await signInThere({ sub: 'sso-6', email: gone.email })
  expect(location).toContain('refused=1')
  expect((await browser.get('/me')).status).toBe(401)
})

test('an answer of the provider that nobody asked for is nothing, nor in another browser, nor twice', async () => {
  await operator('state@harbour.example')
  Object.assign(provider.named, { sub: 'sso-7', email: 'state@harbour.example', email_verified: true })
  const browser = openBrowser(house)
  const begun = await browser.post('/auth/single-sign-on')
  const url = provider.agree(begun.body.url)
  const follow = async (path: string, cookie: string) =>
    String((await house.request({ method: 'GET', url: path, headers: { cookie } })).headers.location)
  expect(await follow(url, '')).toContain('refused=1')
  expect(await follow(url.replace(/state=[^&]*/, 'state=invented'), browser.line())).toContain('refused=1')
  expect(await follow('/parley/v1/auth/oauth2/callback/oidc', browser.line())).toContain('refused=1')
  expect(await follow('/parley/v1/auth/oauth2/callback/oidc?error=access_denied', browser.line())).toContain(
    'refused=1',
  )
})

test('nothing that comes with the answer sends the browser elsewhere', async () => {
  const browser = openBrowser(house)
  const begun = await browser.post('/auth/single-sign-on', {})
  const url = provider.agree(begun.body.url)
  for (const more of ['callbackURL', 'redirect', 'next', 'errorURL', 'error_description', 'iss'])
    for (const target of ['https://evil.test', '//evil.test', '/\\evil.test', 'javascript:alert(1)']) {
      const path = `${url}&${more}=${encodeURIComponent(target)}&error=x`
      const { headers } = await house.request({
        method: 'GET',
        url: path,
        headers: { cookie: browser.line() },
      })
      expect(String(headers.location)).toMatch(/^http:\/\/127\.0\.0\.1:3000\/sign-in\?/)
    }
  const other = await browser.post('/auth/single-sign-on', { callbackURL: 'https://evil.test' })
  expect(other.status === 200 ? new URL(other.body.url).origin : 'refused').toMatch(/^http:\/\/127|refused/)
})
