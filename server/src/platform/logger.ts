import { pino, type DestinationStream, type Logger } from 'pino'
import type { LogLevel } from './config.ts'

export type { Logger } from 'pino'

const HIDDEN = '[hidden]'
/** The name of whatever is secret at one of the borders has one of these words in it. */
const SECRET_NAME = /authorization|authentication|cookie|passw|secret|token|api-?key/i
/** Deeper than anything that is logged on purpose. */
const MOST_LEVELS = 8

/** JSON lines on stdout, or where they are told to go. Secrets never reach them, wherever in what is logged they stand. */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    serializers: { err: describeError },
    formatters: { log: (logged: Record<string, unknown>) => withoutSecrets(logged, 0) },
    hooks: { streamWrite: clean },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** Values are hidden by the names they go by. */
function withoutSecrets(logged: Record<string, unknown>, level: number): Record<string, unknown> {
  const entries = Object.entries(logged).map(([name, value]) => [
    name,
    SECRET_NAME.test(name) && value !== null ? HIDDEN : visible(value, level + 1),
  ])
  return Object.fromEntries(entries)
}

function visible(value: unknown, level: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date)
    return value
  if (level > MOST_LEVELS) return '[deep]'
  if (Array.isArray(value)) return value.map((item) => visible(item, level + 1))
  return withoutSecrets({ ...value }, level)
}

/** What of an error is ours or PostgreSQL's to tell. Its other members may hold rows, requests or addresses with a password. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { code, severity, table, constraint } = error as Error & Record<string, unknown>
  const cause = error.cause instanceof Error ? { cause: describeError(error.cause) } : {}
  const { name, message, stack } = error
  return { type: name, message, stack, ...{ code, severity, table, constraint }, ...cause }
}

/** Secrets that have got into a text, by what stands before them. */
const SECRETS_IN_TEXT: readonly [RegExp, string][] = [
  [/(private(?:_|%5f)api(?:_|%5f)token(?:=|%3d))[^&"\\\s]*/gi, `$1${HIDDEN}`],
  [/\b(bearer |basic )[\w.~+/=-]+/gi, `$1${HIDDEN}`],
  [/(:\/\/)[^/@"\\\s]+@/g, `$1${HIDDEN}@`],
]
/** What JSON leaves as it is, and terminals and viewers take for a command or the end of a line. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const UNSEEN = /[\u007f-\u009f\u2028\u2029]/g

/** The last look at a line. JSON has escaped line breaks in it already, so that nobody can write a second one. */
function clean(line: string): string {
  const hidden = SECRETS_IN_TEXT.reduce((text, [pattern, put]) => text.replace(pattern, put), line)
  return hidden.replace(UNSEEN, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
