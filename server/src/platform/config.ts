import { resolve } from 'node:path'
import {
  any,
  boolean,
  factor,
  fetchTarget,
  host,
  integer,
  issuerUrl,
  listOf,
  mailAddress,
  oneOf,
  origin,
  postgresUrl,
  proxy,
  smtpUrl,
} from './setting-values.ts'
import { createSettings, type Settings } from './settings.ts'
import { StartError } from './start-error.ts'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const ROLES = ['web', 'worker'] as const
const SECRET_LENGTH = 32
const TOKEN_LENGTH = 16
const MOST_DAYS = 36_500
const MOST_RATE = 1_000_000_000

export type LogLevel = (typeof LOG_LEVELS)[number]
export type Role = (typeof ROLES)[number]

export interface Config {
  /** `publicOrigin` null: the address actually listened on. `port` 0: any free one. */
  readonly http: {
    readonly host: string
    readonly port: number
    readonly publicOrigin: string | null
    /** Addresses and CIDRs whose word on a client's address counts. */
    readonly trustedProxies: readonly string[]
    /** How long a request's headers may take to come in, and all of it. */
    readonly headerSeconds: number
    readonly requestSeconds: number
  }
  readonly limits: {
    /** Requests a minute of all tokens of an account; null for no limit. */
    readonly accountRate: number | null
    /** Credentials a minute from one address that open nothing. */
    readonly failedCredentials: number
    /** Requests a minute of one place on the network that nobody stands for: signing in, joining, asking for links. */
    readonly strangers: number
    /** Requests a minute of visitors of all sites from one place on the network. */
    readonly visitors: number
    /** Lines (sockets) from one place on the network, and of one account. */
    readonly socketsPerAddress: number
    readonly socketsPerAccount: number
  }
  readonly dataDir: string
  /** null: the server runs a PostgreSQL of its own under `dataDir`. */
  readonly database: { readonly url: string | null }
  readonly files: { readonly maxBytes: number }
  /** Places inside private networks that may be fetched all the same: `host:port` or CIDR. */
  readonly fetch: { readonly allow: readonly string[] }
  readonly log: { readonly level: LogLevel }
  /** null: numbers are told to this machine alone. */
  readonly metrics: { readonly token: string | null }
  readonly roles: ReadonlySet<Role>
  /** null: made once and kept in `dataDir`, see secrets.ts. */
  readonly secret: string | null
  readonly pact: { readonly textRequired: boolean }
  /** null: no mail goes out, and links are shown to whoever asked for them. */
  readonly mail: { readonly url: string; readonly from: string } | null
  /** null: nobody signs in elsewhere. */
  readonly identityProvider: {
    readonly issuer: string
    readonly clientId: string
    readonly clientSecret: string
    readonly name: string
  } | null
  /** Whether strangers may make accounts of their own. */
  readonly isRegistrationOpen: boolean
  /** How long the event log is kept. */
  readonly events: { readonly keepDays: number }
  readonly webhooks: {
    /** Multiplies every pause between tries. */
    readonly retryScale: number
    /** How long what was told is kept. */
    readonly keepDays: number
  }
}

/** Everything wrong with the environment, one line each. */
export class ConfigError extends StartError {
  override readonly name = 'ConfigError'
}

/** Reads the environment once. Throws one ConfigError that lists all faults. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const settings = createSettings(env)
  const config = { ...readDoors(settings), ...readHouse(settings), ...readPeople(settings) }
  if (settings.faults.length > 0) throw new ConfigError(settings.faults)
  return config
}

function readDoors({ setting }: Settings): Pick<Config, 'http' | 'limits' | 'pact'> {
  return {
    http: {
      host: setting('HOST', host, 'an IP address or a host name') ?? '127.0.0.1',
      port: setting('PORT', integer(0, 65_535), 'a whole number from 0 to 65535') ?? 3000,
      publicOrigin:
        setting(
          'PARLEY_PUBLIC_ORIGIN',
          origin,
          'an origin such as https://chat.example.com, without a path',
        ) ?? null,
      trustedProxies:
        setting('PARLEY_TRUSTED_PROXIES', listOf(proxy), 'a comma-separated list of addresses or CIDRs') ??
        [],
      headerSeconds:
        setting('PARLEY_HEADER_SECONDS', integer(1, 3600), 'a whole number from 1 to 3600') ?? 20,
      requestSeconds:
        setting('PARLEY_REQUEST_SECONDS', integer(1, 86_400), 'a whole number from 1 to 86400') ?? 120,
    },
    limits: {
      accountRate:
        setting('PARLEY_ACCOUNT_RATE_LIMIT', integer(1, MOST_RATE), 'a whole number above 0') ?? null,
      failedCredentials:
        setting('PARLEY_FAILED_CREDENTIALS_LIMIT', integer(1, MOST_RATE), 'a whole number above 0') ?? 60,
      strangers: setting('PARLEY_STRANGER_RATE_LIMIT', integer(1, MOST_RATE), 'a whole number above 0') ?? 60,
      visitors:
        setting('PARLEY_VISITOR_RATE_LIMIT', integer(1, MOST_RATE), 'a whole number above 0') ?? 30_000,
      socketsPerAddress:
        setting('PARLEY_SOCKETS_PER_ADDRESS', integer(1, MOST_RATE), 'a whole number above 0') ?? 20_000,
      socketsPerAccount:
        setting('PARLEY_SOCKETS_PER_ACCOUNT', integer(1, MOST_RATE), 'a whole number above 0') ?? 50_000,
    },
    pact: { textRequired: setting('PARLEY_PACT_TEXT_REQUIRED', boolean, 'true or false') ?? false },
  }
}

type OfHouse = Pick<
  Config,
  'dataDir' | 'database' | 'files' | 'fetch' | 'log' | 'metrics' | 'roles' | 'secret' | 'events' | 'webhooks'
>

function readHouse({ setting, confidential }: Settings): OfHouse {
  return {
    dataDir: resolve(setting('PARLEY_DATA_DIR', any, 'a folder') ?? './data'),
    database: {
      url: confidential('DATABASE_URL', postgresUrl, 'a postgres:// or postgresql:// address'),
    },
    files: {
      maxBytes:
        setting('PARLEY_MAX_FILE_BYTES', integer(1, Number.MAX_SAFE_INTEGER), 'a whole number above 0') ??
        26_214_400,
    },
    fetch: {
      allow:
        setting('PARLEY_FETCH_ALLOW', listOf(fetchTarget), 'a comma-separated list of host:port or CIDR') ??
        [],
    },
    log: {
      level: setting('PARLEY_LOG_LEVEL', oneOf(LOG_LEVELS), `one of ${LOG_LEVELS.join(', ')}`) ?? 'info',
    },
    metrics: {
      token: confidential(
        'PARLEY_METRICS_TOKEN',
        metricsToken,
        `at least ${TOKEN_LENGTH} characters long, letters, digits and -._~+/= alone`,
      ),
    },
    roles: new Set(
      setting('PARLEY_ROLES', listOf(oneOf(ROLES)), `a comma-separated list of ${ROLES.join(', ')}`) ?? ROLES,
    ),
    secret: confidential('PARLEY_SECRET', secret, `at least ${SECRET_LENGTH} characters long`),
    events: {
      keepDays:
        setting('PARLEY_EVENTS_KEEP_DAYS', integer(1, MOST_DAYS), `a whole number from 1 to ${MOST_DAYS}`) ??
        90,
    },
    webhooks: {
      retryScale:
        setting('PARLEY_WEBHOOK_RETRY_SCALE', factor(1000), 'a number above 0, such as 1 or 0.01') ?? 1,
      keepDays:
        setting(
          'PARLEY_WEBHOOKS_KEEP_DAYS',
          integer(1, MOST_DAYS),
          `a whole number from 1 to ${MOST_DAYS}`,
        ) ?? 30,
    },
  }
}

type OfPeople = Pick<Config, 'mail' | 'identityProvider' | 'isRegistrationOpen'>

function readPeople({ setting, confidential, together }: Settings): OfPeople {
  return {
    mail: together({
      url: {
        name: 'PARLEY_SMTP_URL',
        value: confidential('PARLEY_SMTP_URL', smtpUrl, 'an smtp:// or smtps:// address'),
      },
      from: {
        name: 'PARLEY_MAIL_FROM',
        value: setting('PARLEY_MAIL_FROM', mailAddress, 'an e-mail address') ?? null,
      },
    }),
    identityProvider: together({
      issuer: {
        name: 'PARLEY_OIDC_ISSUER',
        value: setting('PARLEY_OIDC_ISSUER', issuerUrl, 'an https:// address') ?? null,
      },
      clientId: {
        name: 'PARLEY_OIDC_CLIENT_ID',
        value: setting('PARLEY_OIDC_CLIENT_ID', any, 'a text') ?? null,
      },
      clientSecret: {
        name: 'PARLEY_OIDC_CLIENT_SECRET',
        value: confidential('PARLEY_OIDC_CLIENT_SECRET', any, 'a text'),
      },
      name: {
        name: 'PARLEY_OIDC_NAME',
        value: setting('PARLEY_OIDC_NAME', any, 'a text') ?? null,
        other: 'single sign-on',
      },
    }),
    isRegistrationOpen: setting('PARLEY_OPEN_REGISTRATION', boolean, 'true or false') ?? false,
  }
}

/** Whether a text can serve as PARLEY_SECRET. */
export function isStrongSecret(text: string): boolean {
  return text.length >= SECRET_LENGTH
}

/** What fits behind `Bearer`. */
const metricsToken = (text: string) =>
  text.length >= TOKEN_LENGTH && /^[\w.~+/=-]+$/.test(text) ? text : undefined
const secret = (text: string) => (isStrongSecret(text) ? text : undefined)
