import { createHmac, generateKeyPairSync, hkdfSync, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SECRET } from '../compose.ts'
import { openHouse, type Reply, type TestHouse } from '../house.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  house.request({ method: 'POST', url: `/v1${path}`, payload: body, headers })
const get = (path: string, token: string) =>
  house.request({ method: 'GET', url: `/v1${path}`, headers: { authorization: `Bearer ${token}` } })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const login = (more: object = {}) => {
  const { email, password } = house.fixture.owner
  return post('/auth/login', { email, password, ...more })
}
const errorOf = ({ status, body }: Reply) => [status, body.error?.code]

describe('logging in', () => {
  test('gives tokens that open the API as documented', async () => {
    const reply = await login()
    expect(reply.status, reply.text).toBe(200)
    const { data, meta } = reply.body
    expect(Object.keys(data)).toEqual(['id', 'type', 'attributes', 'relationships'])
    expect(Object.keys(data.attributes)).toEqual(['email', 'name', 'emailVerified', 'lastLoginAt'])
    expect(data.relationships.organization.name).toBe('Harbour Books')
    expect(meta).toMatchObject({ expiresIn: 3600, tokenType: 'Bearer' })
    expect(meta.refreshToken).toMatch(/^rt_/)
    expect((await get('/conversations', meta.accessToken)).status).toBe(200)
    expect(
      (
        await house.request({
          method: 'GET',
          url: '/api/v1/conversations',
          headers: bearer(meta.accessToken),
        })
      ).status,
    ).toBe(200)
    const me = await get('/auth/me', meta.accessToken)
    expect(me.body.data.relationships.organization).toMatchObject({ role: 'admin' })
    expect(me.body.data.attributes.email).toBe(house.fixture.owner.email)
  })

  test('refuses alike whatever is wrong, and locks', async () => {
    await using locked = await openHouse()
    const tried = (email: string) =>
      locked.request({ method: 'POST', url: '/v1/auth/login', payload: { email, password: 'not this one' } })
    const [known, unknown] = [await tried(locked.fixture.owner.email), await tried('nobody@harbour.example')]
    expect(errorOf(known)).toEqual([401, 'INVALID_CREDENTIALS'])
    expect({ ...known.body, meta: null }).toEqual({ ...unknown.body, meta: null })
    for (let times = 0; times < 9; times += 1) await tried(locked.fixture.owner.email)
    expect(errorOf(await tried(locked.fixture.owner.email))).toEqual([403, 'ACCOUNT_LOCKED'])
  })

  test('an API key is no user', async () => {
    expect(errorOf(await get('/auth/me', house.fixture.tokens.linktor))).toEqual([
      401,
      'AUTHENTICATION_REQUIRED',
    ])
  })

  test('wrong shapes are told field by field', async () => {
    const reply = await post('/auth/login', { email: 5 })
    expect(errorOf(reply)).toEqual([400, 'VALIDATION_ERROR'])
    expect(reply.body.error.details.map(({ field }: { field: string }) => field)).toEqual([
      'email',
      'password',
    ])
  })
})

describe('refreshing', () => {
  test('each refresh token works once; a second use ends the session', async () => {
    const { accessToken, refreshToken } = (await login()).body.meta
    const next = await post('/auth/refresh', { refreshToken })
    expect(next.status, next.text).toBe(200)
    expect(next.body.data.refreshToken).not.toBe(refreshToken)
    expect((await get('/auth/me', next.body.data.accessToken)).status).toBe(200)
    expect(errorOf(await post('/auth/refresh', { refreshToken }))).toEqual([401, 'TOKEN_REVOKED'])
    expect(errorOf(await get('/auth/me', accessToken))).toEqual([401, 'INVALID_TOKEN'])
    expect(errorOf(await get('/auth/me', next.body.data.accessToken))).toEqual([401, 'INVALID_TOKEN'])
    expect(errorOf(await post('/auth/refresh', { refreshToken: next.body.data.refreshToken }))).toEqual([
      401,
      'INVALID_REFRESH_TOKEN',
    ])
  })

  test('of many at once with the same token one at most gets on', async () => {
    const { refreshToken } = (await login()).body.meta
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => post('/auth/refresh', { refreshToken })),
    )
    expect(replies.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    expect(replies.every(({ status }) => status === 200 || status === 401)).toBe(true)
  })

  test.each(['', 'rt_', 'rt_unknown', 'null', 'undefined', '0'])(
    '%j is no refresh token',
    async (refreshToken) => {
      expect((await post('/auth/refresh', { refreshToken })).status).toBeGreaterThanOrEqual(400)
    },
  )

  test('no secret of a session is kept in clear', async () => {
    const { refreshToken } = (await login()).body.meta
    const rows = await house.sql('select from refresh_token t where t::text like $1', [`%${refreshToken}%`])
    expect(rows).toEqual([])
  })
})

describe('ending', () => {
  test('logging out ends the token at once', async () => {
    const { accessToken, refreshToken } = (await login()).body.meta
    const said = await post('/auth/logout', {}, bearer(accessToken))
    expect(said.body).toEqual({ data: { message: 'Successfully logged out' } })
    expect(errorOf(await get('/conversations', accessToken))).toEqual([401, 'INVALID_TOKEN'])
    expect((await post('/auth/refresh', { refreshToken })).status).toBe(401)
  })

  test('on all devices, all of them', async () => {
    const [first, second] = [(await login()).body.meta, (await login()).body.meta]
    await post('/auth/logout', { allDevices: true }, bearer(first.accessToken))
    expect((await get('/auth/me', second.accessToken)).status).toBe(401)
  })

  test('a disabled operator’s token is dead at once', async () => {
    const made = await house.blingerApp.post('/operators/create', {
      operator_email: 'short@harbour.example',
      operator_password: 'a long enough password',
    })
    const { accessToken } = (
      await post('/auth/login', { email: 'short@harbour.example', password: 'a long enough password' })
    ).body.meta
    expect((await get('/conversations', accessToken)).status).toBe(200)
    await house.sql('update operator set is_active = false where number = $1', [made.body.data.id])
    expect((await get('/conversations', accessToken)).status).toBe(401)
  })
})

describe('API keys', () => {
  test('are shown once, do what they were given, and end', async () => {
    const { accessToken } = (await login()).body.meta
    const made = await post(
      '/api-keys',
      { name: 'Reader', permissions: ['conversations:read', 'analytics:read'] },
      bearer(accessToken),
    )
    expect(made.status, made.text).toBe(201)
    const { id, attributes } = made.body.data
    expect(Object.keys(attributes)).toEqual([
      'name',
      'key',
      'permissions',
      'lastUsedAt',
      'expiresAt',
      'createdAt',
    ])
    expect(attributes.permissions).toEqual(['conversations:read', 'analytics:read'])
    expect((await get('/conversations', attributes.key)).status).toBe(200)
    const conversation = house.fixture.conversations[0]!.id.replaceAll('-', '')
    const refused = await post(`/conversations/conv_${conversation}/close`, {}, bearer(attributes.key))
    expect(errorOf(refused)).toEqual([403, 'INSUFFICIENT_PERMISSIONS'])
    expect(errorOf(await get('/channels', attributes.key))).toEqual([403, 'INSUFFICIENT_PERMISSIONS'])
    const list = await get('/api-keys', accessToken)
    const listed = list.body.data.find((key: { id: string }) => key.id === id)
    expect(Object.keys(listed.attributes)).toEqual([
      'name',
      'permissions',
      'lastUsedAt',
      'expiresAt',
      'createdAt',
    ])
    expect(listed.attributes.lastUsedAt).not.toBeNull()
    expect(list.text).not.toContain(attributes.key)
    const ended = await house.request({
      method: 'DELETE',
      url: `/v1/api-keys/${id}`,
      headers: bearer(accessToken),
    })
    expect([ended.status, ended.text]).toEqual([204, ''])
    expect(errorOf(await get('/conversations', attributes.key))).toEqual([401, 'INVALID_API_KEY'])
    expect(
      (await house.request({ method: 'DELETE', url: `/v1/api-keys/${id}`, headers: bearer(accessToken) }))
        .status,
    ).toBe(404)
  })

  test('expire', async () => {
    await using late = await openHouse()
    const key = { name: 'Brief', permissions: ['admin'] }
    const expiresAt = new Date(late.clock.now().getTime() + 60_000).toISOString()
    const made = await late.linktor.post('/api-keys', { ...key, expiresAt })
    const { key: secret } = made.body.data.attributes
    const knock = () => late.request({ method: 'GET', url: '/v1/conversations', headers: bearer(secret) })
    expect((await knock()).status).toBe(200)
    late.clock.advance(61_000)
    expect(errorOf(await knock())).toEqual([401, 'INVALID_API_KEY'])
    expect((await late.linktor.post('/api-keys', { ...key, expiresAt })).status).toBe(400)
    for (const wrong of ['tomorrow', '', '2026-13-01', 5])
      expect((await late.linktor.post('/api-keys', { ...key, expiresAt: wrong })).status, String(wrong)).toBe(
        400,
      )
  })

  test('give nobody more than they have', async () => {
    const { accessToken } = (await login()).body.meta
    const limited = await post(
      '/api-keys',
      { name: 'Some', permissions: ['conversations:read', 'messages:read'] },
      bearer(accessToken),
    )
    const { key } = limited.body.data.attributes
    expect(errorOf(await post('/api-keys', { name: 'More', permissions: ['admin'] }, bearer(key)))).toEqual([
      403,
      'INSUFFICIENT_PERMISSIONS',
    ])
    const unknown = await post(
      '/api-keys',
      { name: 'x', permissions: ['everything:write'] },
      bearer(accessToken),
    )
    expect(unknown.status).toBe(400)
  })
})

describe('registering', () => {
  const body = { email: 'newcomer@elsewhere.example', password: 'a long enough password', name: 'Nia' }

  test('is closed unless the server says otherwise', async () => {
    expect(errorOf(await post('/auth/register', body))).toEqual([403, 'INSUFFICIENT_PERMISSIONS'])
  })

  test('makes an organization where it is open', async () => {
    await using open = await openHouse({ env: { PARLEY_OPEN_REGISTRATION: 'true' } })
    const register = (payload: object) => open.request({ method: 'POST', url: '/v1/auth/register', payload })
    const made = await register({ ...body, organizationName: 'Nia & Co' })
    expect(made.status, made.text).toBe(201)
    expect(made.body.data.relationships.organization.name).toBe('Nia & Co')
    expect(made.body.data.attributes).toMatchObject({ email: body.email, emailVerified: false })
    const list = await open.request({
      method: 'GET',
      url: '/v1/conversations',
      headers: bearer(made.body.meta.accessToken),
    })
    expect(list.body.data).toEqual([])
    expect(errorOf(await register(body))).toEqual([409, 'EMAIL_ALREADY_EXISTS'])
    expect(errorOf(await register({ ...body, email: 'x@y.example', password: 'short' }))).toEqual([
      400,
      'VALIDATION_ERROR',
    ])
  })
})

describe('resetting a password', () => {
  test('answers everybody alike, and takes no invented token', async () => {
    const [known, unknown] = [
      await post('/auth/password/reset', { email: house.fixture.owner.email }),
      await post('/auth/password/reset', { email: 'nobody@harbour.example' }),
    ]
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text])
    const confirm = await post('/auth/password/confirm', {
      token: 'invented',
      password: 'a long enough password',
    })
    expect(errorOf(confirm)).toEqual([400, 'INVALID_RESET_TOKEN'])
  })
})

describe('forged tokens', () => {
  const encode = (value: unknown) =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  const key = Buffer.from(hkdfSync('sha256', SECRET, 'parley', 'access tokens', 32))
  const hmac = (text: string, by: Buffer | string, hash = 'sha256') =>
    createHmac(hash, by).update(text).digest('base64url')
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()

  test('are refused, all of them, though the right key signed many', async () => {
    const { accessToken } = (await login()).body.meta
    const [head = '', body = '', signature = ''] = accessToken.split('.')
    const header = JSON.parse(Buffer.from(head, 'base64url').toString())
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
    const now = claims.iat
    const made = (header_: unknown, claims_: unknown, by: Buffer | string = key) => {
      const content = `${encode(header_)}.${encode(claims_)}`
      return `${content}.${hmac(content, by)}`
    }
    const without = (...names: string[]) =>
      Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)))
    const forged: Record<string, string> = {
      none: `${encode({ ...header, alg: 'none' })}.${body}.`,
      None: `${encode({ ...header, alg: 'None' })}.${body}.`,
      'none, signed': made({ ...header, alg: 'none' }, claims),
      'no algorithm': made({ typ: 'at+jwt' }, claims),
      'another hash': (() => {
        const content = `${encode({ ...header, alg: 'HS512' })}.${body}`
        return `${content}.${hmac(content, key, 'sha512')}`
      })(),
      'RS256 by its own key': (() => {
        const content = `${encode({ ...header, alg: 'RS256' })}.${body}`
        return `${content}.${sign('sha256', Buffer.from(content), rsa.privateKey).toString('base64url')}`
      })(),
      'HS256 with a public key': made(header, claims, pem),
      'HS256 with a blank before the public key': made(header, claims, ` ${pem}`),
      'HS256 with an empty key': made(header, claims, ''),
      'HS256 with a blank': made(header, claims, ' '),
      'HS256 with the word null': made(header, claims, 'null'),
      'HS256 with the root secret': made(header, claims, SECRET),
      jwk: made({ ...header, jwk: { kty: 'oct', k: encode('mine') } }, claims, 'mine'),
      jku: made({ ...header, jku: 'https://evil.test/keys' }, claims, 'mine'),
      x5u: made({ ...header, x5u: 'https://evil.test/keys' }, claims, 'mine'),
      'kid of a file': made({ ...header, kid: '../../../../dev/null' }, claims, ''),
      'kid of SQL': made({ ...header, kid: "' union select 'mine" }, claims, 'mine'),
      'unknown crit': made({ ...header, crit: ['exp', 'what'] }, claims),
      'empty crit': made({ ...header, crit: [] }, claims),
      'no type': made({ alg: 'HS256' }, claims),
      'another type': made({ ...header, typ: 'JWT' }, claims),
      'no expiry': made(header, without('exp')),
      'expiry is a text': made(header, { ...claims, exp: String(claims.exp) }),
      'long past': made(header, { ...claims, iat: now - 9000, exp: now - 5400 }),
      'not yet': made(header, { ...claims, nbf: now + 3600 }),
      'issued tomorrow': made(header, { ...claims, iat: now + 86_400, exp: now + 90_000 }),
      'good for a year': made(header, { ...claims, iat: now - 7200, exp: now + 31_536_000 }),
      'no issue': made(header, without('iat')),
      'another audience': made(header, { ...claims, aud: 'native' }),
      'no audience': made(header, without('aud')),
      'another issuer': made(header, { ...claims, iss: 'elsewhere' }),
      'no issuer': made(header, without('iss')),
      'no session': made(header, without('sid')),
      'a session that is none': made(header, { ...claims, sid: '0198c0de-ffff-7fff-8fff-ffffffffffff' }),
      'a session of another form': made(header, { ...claims, sid: { $gt: '' } }),
      'another account': made(header, { ...claims, acc: house.other.account.id }),
      'no account': made(header, without('acc')),
      'an account of another form': made(header, { ...claims, acc: ['x'] }),
      'claims that are no object': made(header, '"claims"'),
      'claims that are no JSON': made(header, '{'),
      'doubled claims': made(
        header,
        `{"acc":"${claims.acc}",${JSON.stringify({ ...claims, acc: house.other.account.id }).slice(1)}`,
      ),
      'changed claims': `${head}.${encode({ ...claims, acc: house.other.account.id })}.${signature}`,
      'cut signature': `${head}.${body}.${signature.slice(0, -2)}`,
      'no signature': `${head}.${body}.`,
      'two dots and nothing': '..',
      'doubled signature': `${head}.${body}.${signature}${signature}`,
      'padded signature': `${head}.${body}.${signature}=`,
    }
    expect(Object.keys(forged).length).toBeGreaterThanOrEqual(40)
    const accepted = []
    for (const [name, token] of Object.entries(forged)) {
      const reply = await get('/conversations', token)
      if (reply.status !== 401) accepted.push([name, reply.status, reply.text.slice(0, 100)])
    }
    expect(accepted).toEqual([])
    // What they were made of is right: signed again without a change it opens.
    expect((await get('/conversations', made(header, claims))).status).toBe(200)
  })
})
