import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { StartError } from './start-error.ts'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const ROLES = ['web', 'worker'] as const
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i
const SECRET_LENGTH = 32
/** What templates and scripts leave where a value was to be. */
const NOTHING = new Set(['', 'null', 'undefined'])
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
  }
  readonly dataDir: string
  /** null: the server runs a PostgreSQL of its own under `dataDir`. */
  readonly database: { readonly url: string | null }
  readonly files: { readonly maxBytes: number }
  /** Places inside private networks that may be fetched all the same: `host:port` or CIDR. */
  readonly fetch: { readonly allow: readonly string[] }
  readonly log: { readonly level: LogLevel }
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
}

/** Everything wrong with the environment, one line each. */
export class ConfigError extends StartError {
  override readonly name = 'ConfigError'
}

/** Reads the environment once. Throws one ConfigError that lists all faults. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const faults: string[] = []

  /** Blank is like unset here; what `parse` does not understand is a fault. */
  function setting<T>(name: string, parse: (text: string) => T | undefined, must: string): T | undefined {
    const text = env[name]?.trim()
    if (!text) return undefined
    const value = parse(text)
    if (value === undefined) faults.push(`${name} must be ${must}, but is ${JSON.stringify(text)}`)
    return value
  }

  /** A blank secret, or the name of nothing, is more likely a broken deployment than a wish: a fault. The value is never shown. */
  function confidential(name: string, parse: (text: string) => string | undefined, must: string) {
    const text = env[name]
    if (text === undefined) return null
    const given = text.trim()
    const value = NOTHING.has(given.toLowerCase()) ? undefined : parse(given)
    if (value === undefined) faults.push(`${name} must be ${must}${given ? '' : ', but is blank'}`)
    return value ?? null
  }

  const config: Config = {
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
    },
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
    roles: new Set(
      setting('PARLEY_ROLES', listOf(oneOf(ROLES)), `a comma-separated list of ${ROLES.join(', ')}`) ?? ROLES,
    ),
    secret: confidential('PARLEY_SECRET', secret, `at least ${SECRET_LENGTH} characters long`),
    pact: { textRequired: setting('PARLEY_PACT_TEXT_REQUIRED', boolean, 'true or false') ?? false },
    mail: together(faults, {
      url: {
        name: 'PARLEY_SMTP_URL',
        value: confidential('PARLEY_SMTP_URL', smtpUrl, 'an smtp:// or smtps:// address'),
      },
      from: {
        name: 'PARLEY_MAIL_FROM',
        value: setting('PARLEY_MAIL_FROM', mailAddress, 'an e-mail address') ?? null,
      },
    }),
    identityProvider: together(faults, {
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
    events: {
      keepDays:
        setting('PARLEY_EVENTS_KEEP_DAYS', integer(1, MOST_DAYS), `a whole number from 1 to ${MOST_DAYS}`) ??
        90,
    },
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return config
}

/** Settings that only mean something together: null without any of them, a fault with some. `other` stands in for one that is not given. */
function together<Names extends string>(
  faults: string[],
  parts: Record<Names, { name: string; value: string | null; other?: string }>,
): Record<Names, string> | null {
  const given = Object.entries<{ name: string; value: string | null; other?: string }>(parts)
  const needed = given.filter(([, { other }]) => other === undefined)
  if (needed.every(([, { value }]) => value === null)) return null
  for (const [, { name, value }] of needed)
    if (value === null) faults.push(`${name} must be set, since the settings beside it are`)
  const filled = given.map(([key, { value, other = '' }]) => [key, value ?? other])
  return Object.fromEntries(filled) as Record<Names, string>
}

/** Whether a text can serve as PARLEY_SECRET. */
export function isStrongSecret(text: string): boolean {
  return text.length >= SECRET_LENGTH
}

const any = (text: string) => text
const secret = (text: string) => (isStrongSecret(text) ? text : undefined)
const host = (text: string) => (isIP(text) || HOST_NAME.test(text) ? text : undefined)
const boolean = (text: string) => ({ true: true, '1': true, false: false, '0': false })[text.toLowerCase()]

function integer(least: number, most: number) {
  return (text: string) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most ? value : undefined
  }
}

function oneOf<T extends string>(words: readonly T[]) {
  return (text: string) => words.find((word) => word === text.toLowerCase())
}

function listOf<T>(parse: (text: string) => T | undefined) {
  return (text: string): T[] | undefined => {
    const items = text.split(',').map((item) => parse(item.trim()))
    const understood = items.filter((item) => item !== undefined)
    return understood.length === items.length ? understood : undefined
  }
}

function origin(text: string): string | undefined {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined
  return url.pathname === '/' && !url.search && !url.hash ? url.origin : undefined
}

function postgresUrl(text: string): string | undefined {
  const url = URL.parse(text)
  return url && /^postgres(ql)?:$/.test(url.protocol) ? text : undefined
}

function smtpUrl(text: string): string | undefined {
  const url = URL.parse(text)
  return url && /^smtps?:$/.test(url.protocol) && url.hostname ? text : undefined
}

const mailAddress = (text: string) => (/^[^\s<>@,;]+@[^\s<>@,;]+$/.test(text) ? text : undefined)

/** Only this machine may be asked without TLS. */
function issuerUrl(text: string): string | undefined {
  const url = URL.parse(text)
  const isHere = url?.protocol === 'http:' && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname)
  return url && (url.protocol === 'https:' || isHere) && !url.username ? text : undefined
}

/** Trusting every address would let every client name its own. */
function proxy(text: string): string | undefined {
  if (isIP(text)) return text
  return /\/0+$/.test(text) ? undefined : cidr(text)
}

function cidr(text: string): string | undefined {
  const [, network = '', prefix] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(text) ?? []
  const width = { 4: 32, 6: 128 }[isIP(network)] ?? -1
  return Number(prefix) <= width ? text : undefined
}

function fetchTarget(text: string): string | undefined {
  if (text.includes('/')) return cidr(text)
  const place = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text)
  if (!place || integer(1, 65_535)(place[3] ?? '') === undefined) return undefined
  const known = place[1] === undefined ? host(place[2] ?? '') : isIP(place[1]) === 6
  return known ? text.toLowerCase() : undefined
}
