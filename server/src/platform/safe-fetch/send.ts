import type { IncomingMessage } from 'node:http'
import { openConnection, type Connection, type Dial } from './connect.ts'
import type { Deadline } from './deadline.ts'
import { exchange, StaleConnection, type Sending } from './exchange.ts'
import type { IdleConnections } from './idle-connections.ts'
import type { Lookups } from './resolve.ts'
import { resolveTarget, type Rules, type Target } from './target.ts'

/** How a fetcher reaches others. */
export interface Way {
  lookups: Lookups
  dial: Dial
  /** null: each request has a connection of its own. */
  idle: IdleConnections | null
}

export interface Hop extends Way {
  rules: Rules
  deadline: Deadline
}

/** One request to the target, whose addresses are judged anew, also when a connection to it is open. */
export async function send(target: Target, sending: Sending, hop: Hop): Promise<IncomingMessage> {
  const { deadline, rules, dial, lookups, idle } = hop
  const lookup = target.isOpened ? lookups.ofOwner : lookups.ofStrangers
  const addresses = await deadline.race(resolveTarget(target, rules, lookup))
  const open = idle?.take(target, addresses)
  const onFree = (connection: Connection) =>
    idle && ((response: IncomingMessage) => idle.keep(target, connection, response))
  try {
    if (open) {
      const line = { socket: open.socket, isReused: true, onFree: onFree(open) }
      return await exchange(target, sending, line, deadline.signal)
    }
  } catch (failure) {
    // Servers close idle connections whenever they like; on a new one the target speaks for itself.
    if (!(failure instanceof StaleConnection)) throw failure
  }
  const fresh = await openConnection(target, addresses, dial, deadline.signal)
  const line = { socket: fresh.socket, isReused: false, onFree: onFree(fresh) }
  return exchange(target, sending, line, deadline.signal)
}
