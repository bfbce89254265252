import { compose } from '../src/main/compose.ts'
import type { Composed } from '../src/main/compose.ts'
import { readConfig } from '../src/platform/config.ts'
import { createLogger, type Logger } from '../src/platform/logger.ts'
import type { SocketBounds } from '../src/platform/sockets/bounds.ts'

/** The moment at which tests begin. */
export const BEGINNING = Date.parse('2026-03-02T09:00:00.000Z')

/** What the furnished database's tokens are hashed with. */
export const SECRET = 'a secret of the tests, long enough to be one'

/** Tests knock with wrong secrets by the thousand, from one address; the limit's own tests set it. */
const USUAL = { PARLEY_LOG_LEVEL: 'error', PARLEY_FAILED_CREDENTIALS_LIMIT: '1000000' }

/** All requests of a test come from one address, within a moment. */
const PATIENT = { PARLEY_STRANGER_RATE_LIMIT: '100000', PARLEY_VISITOR_RATE_LIMIT: '1000000' }

/** The real composition; only the clock and the secret are chosen. */
export async function composeForTests(
  databaseUrl: string,
  dataDir: string,
  options: {
    env?: Record<string, string>
    clock?: () => Date
    log?: Logger
    sockets?: Partial<SocketBounds>
  } = {},
): Promise<Composed> {
  const config = readConfig({ ...USUAL, PARLEY_DATA_DIR: dataDir, ...PATIENT, ...options.env })
  return compose({
    config,
    databaseUrl,
    secret: SECRET,
    log: options.log ?? createLogger(config.log.level),
    sockets: options.sockets,
    clock: options.clock ?? (() => new Date(BEGINNING)),
  })
}
