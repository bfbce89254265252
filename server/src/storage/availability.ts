import { DomainError } from '../domain/errors.ts'

/**
 * PostgreSQL's and its driver's words for "not now": restarting, out of connections, or cut off. What the system says of a
 * connection (unreachable, reset, no such host) has many names, all of one form; `ERR_` are Node's own, for bugs.
 */
const SQL_STATES = /^(08...|57P0[1-5]|53...|40003)$/
const SYSTEM_CODES = /^E[A-Z0-9_]+$/
const NODES_OWN = 'ERR_'
const DRIVER_WORDS =
  /timeout exceeded when trying to connect|Connection terminated|is not queryable|Query read timeout/

/** Runs a query; a database that cannot answer now is a refusal (`overloaded`), since the caller may try again. */
export async function available<Output>(work: () => Promise<Output>): Promise<Output> {
  try {
    return await work()
  } catch (error) {
    if (isUnavailable(error))
      throw new DomainError('overloaded', { reason: 'the database does not answer' }, error)
    throw error
  }
}

/** Deadlock, serialization failure, a key that somebody else inserted or deleted meanwhile, a plan that a migration made stale. */
const SETTLED_BY_RETRY = new Set(['40P01', '40001', '23505', '23503', '0A000'])
const MOST_TRIES = 3

/** Runs a whole transaction, again if another one got in its way. Its work must have no effect outside the database. */
export async function transacting<Output>(work: () => Promise<Output>): Promise<Output> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await available(work)
    } catch (error) {
      if (tries === MOST_TRIES || !SETTLED_BY_RETRY.has(codeOf(error))) throw error
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  const isSystems = SYSTEM_CODES.test(code) && !code.startsWith(NODES_OWN)
  return isSystems || SQL_STATES.test(code) || DRIVER_WORDS.test(error.message)
}
