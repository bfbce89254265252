import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const SECRET = 'a-long-enough-secret-for-a-server'

function faultsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

test('an empty environment gives the defaults', () => {
  expect(readConfig({})).toEqual({
    http: {
      ...{ host: '127.0.0.1', port: 3000, publicOrigin: null },
      ...{ trustedProxies: [], headerSeconds: 20, requestSeconds: 120 },
    },
    limits: {
      ...{ accountRate: null, failedCredentials: 60, strangers: 60, visitors: 30_000 },
      ...{ socketsPerAddress: 20_000, socketsPerAccount: 50_000 },
    },
    dataDir: resolve('./data'),
    database: { url: null },
    files: { maxBytes: 26_214_400 },
    fetch: { allow: [] },
    log: { level: 'info' },
    metrics: { token: null },
    roles: new Set(['web', 'worker']),
    secret: null,
    pact: { textRequired: false },
    mail: null,
    identityProvider: null,
    isRegistrationOpen: false,
    events: { keepDays: 90 },
    webhooks: { retryScale: 1, keepDays: 30 },
  })
})

test('each setting is read', () => {
  const config = readConfig({
    PORT: '0',
    HOST: '::1',
    PARLEY_DATA_DIR: 'x/y',
    DATABASE_URL: 'postgresql://me:secret@db:6543/parley',
    PARLEY_PUBLIC_ORIGIN: 'https://chat.example.com/',
    PARLEY_MAX_FILE_BYTES: '1',
    PARLEY_FETCH_ALLOW: 'Media.internal:8080, 10.1.0.0/16,[fd00::1]:443,fd00::/8',
    PARLEY_LOG_LEVEL: 'silent',
    PARLEY_METRICS_TOKEN: 'for-the-scraper-1',
    PARLEY_ROLES: 'worker',
    PARLEY_SECRET: SECRET,
    PARLEY_PACT_TEXT_REQUIRED: 'true',
    PARLEY_SMTP_URL: 'smtps://me:secret@mail:465',
    PARLEY_MAIL_FROM: 'parley@example.com',
    PARLEY_OIDC_ISSUER: 'https://id.example.com/realm',
    PARLEY_OIDC_CLIENT_ID: 'parley',
    PARLEY_OIDC_CLIENT_SECRET: 'of the client',
    PARLEY_OIDC_NAME: 'Example',
    PARLEY_OPEN_REGISTRATION: 'true',
    PARLEY_EVENTS_KEEP_DAYS: '7',
    PARLEY_WEBHOOK_RETRY_SCALE: '0.01',
    PARLEY_WEBHOOKS_KEEP_DAYS: '3',
    PARLEY_TRUSTED_PROXIES: '10.0.0.7, 192.168.0.0/16,fd00::/8',
    PARLEY_HEADER_SECONDS: '5',
    PARLEY_REQUEST_SECONDS: '60',
    PARLEY_ACCOUNT_RATE_LIMIT: '6000',
    PARLEY_FAILED_CREDENTIALS_LIMIT: '10',
    PARLEY_STRANGER_RATE_LIMIT: '5',
    PARLEY_VISITOR_RATE_LIMIT: '7',
    PARLEY_SOCKETS_PER_ADDRESS: '8',
    PARLEY_SOCKETS_PER_ACCOUNT: '9',
  })
  expect(config).toEqual({
    http: {
      ...{ host: '::1', port: 0, publicOrigin: 'https://chat.example.com' },
      ...{ trustedProxies: ['10.0.0.7', '192.168.0.0/16', 'fd00::/8'], headerSeconds: 5, requestSeconds: 60 },
    },
    limits: {
      ...{ accountRate: 6000, failedCredentials: 10, strangers: 5, visitors: 7 },
      ...{ socketsPerAddress: 8, socketsPerAccount: 9 },
    },
    dataDir: resolve('x/y'),
    database: { url: 'postgresql://me:secret@db:6543/parley' },
    files: { maxBytes: 1 },
    fetch: { allow: ['media.internal:8080', '10.1.0.0/16', '[fd00::1]:443', 'fd00::/8'] },
    log: { level: 'silent' },
    metrics: { token: 'for-the-scraper-1' },
    roles: new Set(['worker']),
    secret: SECRET,
    pact: { textRequired: true },
    mail: { url: 'smtps://me:secret@mail:465', from: 'parley@example.com' },
    identityProvider: {
      issuer: 'https://id.example.com/realm',
      clientId: 'parley',
      clientSecret: 'of the client',
      name: 'Example',
    },
    isRegistrationOpen: true,
    events: { keepDays: 7 },
    webhooks: { retryScale: 0.01, keepDays: 3 },
  })
})

test('blank is like unset where nothing is confided', () => {
  const names = [
    'PORT',
    'HOST',
    'PARLEY_DATA_DIR',
    'PARLEY_PUBLIC_ORIGIN',
    'PARLEY_ROLES',
    'PARLEY_FETCH_ALLOW',
    'PARLEY_TRUSTED_PROXIES',
    'PARLEY_FAILED_CREDENTIALS_LIMIT',
  ]
  expect(readConfig(Object.fromEntries(names.map((name) => [name, ' '])))).toEqual(readConfig({}))
})

test.each([
  ['PORT', ['-1', '65536', '3000x', '0x10', '1e3', '3.5', 'null']],
  ['HOST', ['a b', 'http://x', '1.2.3.4:80', '-x', '']],
  [
    'PARLEY_PUBLIC_ORIGIN',
    ['chat.example.com', 'ftp://x', 'https://x/path', 'https://me:pw@x', 'https://x?q'],
  ],
  ['PARLEY_MAX_FILE_BYTES', ['0', '-5', '25MB', '99999999999999999999']],
  [
    'PARLEY_FETCH_ALLOW',
    ['host', 'host:0', 'host:70000', '10.0.0.0/33', 'fd00::/129', '10.0/8', 'a:1,,b:2', '::1:80'],
  ],
  ['PARLEY_LOG_LEVEL', ['loud']],
  ['PARLEY_ROLES', ['web,cook', ',']],
  ['PARLEY_PACT_TEXT_REQUIRED', ['yes please', 'null']],
  ['PARLEY_WEBHOOK_RETRY_SCALE', ['0', '-1', '1e-3', '.5', '1001', 'never', 'null']],
  ['PARLEY_WEBHOOKS_KEEP_DAYS', ['0', '-1', '1.5', '36501', 'forever', 'null']],
  ['PARLEY_EVENTS_KEEP_DAYS', ['0', '-1', '1.5', '36501', 'forever', 'null']],
  [
    'PARLEY_TRUSTED_PROXIES',
    [
      'true',
      '*',
      'null',
      'undefined',
      'loopback',
      'proxy.internal',
      '0.0.0.0/0',
      '::/0',
      '10.0.0.0/33',
      '10.0.0.1,',
      '1',
    ],
  ],
  ['PARLEY_HEADER_SECONDS', ['0', '-1', '1.5', 'null', '3601']],
  ['PARLEY_REQUEST_SECONDS', ['0', 'null', '86401']],
  ['PARLEY_ACCOUNT_RATE_LIMIT', ['0', '-1', '60/m', 'null', 'undefined']],
  ['PARLEY_FAILED_CREDENTIALS_LIMIT', ['0', '-1', 'off', 'null', 'undefined']],
  ['DATABASE_URL', ['', '  ', 'null', 'undefined', 'mysql://x/y', '/tmp/socket']],
  ['PARLEY_OIDC_CLIENT_SECRET', ['null', 'undefined', ' NULL ']],
  ['PARLEY_METRICS_TOKEN', ['', '  ', 'null', 'undefined', 'short', 'with blanks in it, long']],
  ['PARLEY_SECRET', ['', ' '.repeat(40), 'null', 'undefined', 'short']],
])('%s is refused when it is not what it should be', (name, values) => {
  for (const value of values.filter(
    (text) => text !== '' || ['DATABASE_URL', 'PARLEY_SECRET', 'PARLEY_METRICS_TOKEN'].includes(name),
  )) {
    const faults = faultsOf({ [name]: value })
    expect(faults, JSON.stringify(value)).toHaveLength(1)
    expect(faults[0]).toMatch(new RegExp(`^${name} must be [^\\n]+$`))
  }
})

test.each([
  [{ PARLEY_SMTP_URL: 'smtp://mail' }, /PARLEY_MAIL_FROM/],
  [{ PARLEY_MAIL_FROM: 'parley@example.com' }, /PARLEY_SMTP_URL/],
  [{ PARLEY_SMTP_URL: ' ', PARLEY_MAIL_FROM: 'parley@example.com' }, /PARLEY_SMTP_URL/],
  [{ PARLEY_OIDC_ISSUER: 'https://id.example.com' }, /PARLEY_OIDC_CLIENT_ID/],
  [
    { PARLEY_OIDC_ISSUER: 'https://id.example.com', PARLEY_OIDC_CLIENT_ID: 'parley' },
    /PARLEY_OIDC_CLIENT_SECRET/,
  ],
  [
    {
      PARLEY_OIDC_ISSUER: 'https://id.example.com',
      PARLEY_OIDC_CLIENT_ID: 'p',
      PARLEY_OIDC_CLIENT_SECRET: '',
    },
    /PARLEY_OIDC_CLIENT_SECRET/,
  ],
  [
    {
      PARLEY_OIDC_ISSUER: 'http://id.example.com',
      PARLEY_OIDC_CLIENT_ID: 'p',
      PARLEY_OIDC_CLIENT_SECRET: 's',
    },
    /PARLEY_OIDC_ISSUER/,
  ],
])('half a setting is a fault: %j', (env, fault) => {
  expect(faultsOf(env).join('\n')).toMatch(fault)
})

test('all faults are told at once', () => {
  const faults = faultsOf({ PORT: 'x', HOST: '?', PARLEY_SECRET: '', DATABASE_URL: 'x', PARLEY_ROLES: 'x' })
  expect(faults.map((line) => line.split(' ')[0]).sort()).toEqual([
    'DATABASE_URL',
    'HOST',
    'PARLEY_ROLES',
    'PARLEY_SECRET',
    'PORT',
  ])
})

test('what is confided is never repeated', () => {
  const faults = faultsOf({ PARLEY_SECRET: 'hunter2', DATABASE_URL: 'mysql://me:hunter2@db/x' })
  expect(faults).toHaveLength(2)
  expect(faults.join()).not.toContain('hunter2')
})
