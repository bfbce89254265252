import { betterAuth } from 'better-auth'
import { Pool } from 'pg'
import { expect, test } from 'vitest'
import { openHouse } from '../house.ts'

/** The sign-in store as better-auth is told to see it: its four models under our names. */
function openSignIn(pool: Pool) {
  const times = { createdAt: 'created_at', updatedAt: 'updated_at' }
  return betterAuth({
    database: pool,
    secret: 'a secret of the tests, long enough to be one',
    baseURL: 'http://127.0.0.1:3000',
    emailAndPassword: { enabled: true },
    user: { modelName: 'person', fields: { emailVerified: 'email_verified', ...times } },
    account: {
      modelName: 'person_credential',
      fields: {
        accountId: 'account_id',
        providerId: 'provider_id',
        userId: 'user_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...times,
      },
    },
    session: {
      modelName: 'person_session',
      fields: {
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        userId: 'user_id',
        ...times,
      },
    },
    verification: { modelName: 'person_verification', fields: { expiresAt: 'expires_at', ...times } },
  })
}

test('whoever was made an operator can sign in, with that password only', async () => {
  await using house = await openHouse()
  const { databaseUrl } = house
  const pool = new Pool({ connectionString: databaseUrl, max: 2 })
  try {
    const { api } = openSignIn(pool)
    const [email, password] = ['Nina@Harbour.example', 'a long enough password']
    const made = await house.blingerApp.post('/operators/create', {
      operator_email: email,
      operator_password: password,
    })
    expect(made.status, made.text).toBe(200)

    const signedIn = await api.signInEmail({ body: { email: 'nina@harbour.example', password } })
    expect(signedIn.user.email).toBe('nina@harbour.example')
    await expect(
      api.signInEmail({ body: { email: 'nina@harbour.example', password: 'another one' } }),
    ).rejects.toThrow()

    const { owner } = house.fixture
    expect((await api.signInEmail({ body: owner })).user.email).toBe(owner.email)

    await house.blingerApp.post('/operators/delete', { operator_id: made.body.data.id })
    await expect(api.signInEmail({ body: { email: 'nina@harbour.example', password } })).rejects.toThrow()
  } finally {
    await pool.end()
  }
})

test('no password, token or channel secret is kept in clear', async () => {
  await using house = await openHouse()
  const secrets = [house.fixture, house.other.account].flatMap(({ owner, tokens, channels }) => [
    owner.password,
    ...Object.values(tokens),
    ...channels.flatMap(({ token }) => token ?? []),
  ])
  const tables = await house.sql<{ name: string }>(
    `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
      where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`,
  )
  const contents = await Promise.all(
    tables.map(({ name }) =>
      house.sql<{ all: string | null }>(`select string_agg(t::text, ' ') as all from ${name} t`),
    ),
  )
  const everything = contents.map(([row]) => row?.all ?? '').join('\n')
  expect(everything.length).toBeGreaterThan(1000)
  expect(secrets.length).toBeGreaterThan(12)
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([])
})
