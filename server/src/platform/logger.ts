import { pino, type Logger } from 'pino'
import type { LogLevel } from './config.ts'

export type { Logger } from 'pino'

/** Headers that carry a credential, as Node writes them and as a person may write them. */
const LOWER = ['authorization', 'authentication', 'x-private-api-token', 'x-api-key', 'cookie', 'set-cookie']
const UPPER = LOWER.map((name) => name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase()))
const CREDENTIALS = [...LOWER, ...UPPER, 'X-API-Key']

/** JSON lines on stdout. Credentials in headers never reach them, whichever object the headers hang on. */
export function createLogger(level: LogLevel): Logger {
  const paths = CREDENTIALS.flatMap((name) => [`headers["${name}"]`, `*.headers["${name}"]`])
  return pino({ level, redact: { paths, censor: '[hidden]' } })
}
