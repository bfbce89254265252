import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { CHANNEL, createOutbox, SIGNALS, type Notice } from './wake-outbox.ts'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5000
const ANSWER_LIMIT_MS = 5000
/** Between two notifications: one after every commit cost a lone sender a sixth of its speed. */
const SPACING_MS = 20

export interface WakeLineParts {
  databaseUrl: string
  /** Something was committed in these accounts; null: in any. */
  onWake(accountIds: string[] | null): void
  /** What another process said by `tell`. */
  onTold(text: string): void
  /** Told once each time a line that stood is lost; it comes back by itself. */
  onLost(error: unknown): void
}

/** Wake-ups between processes on one database, by LISTEN and NOTIFY on a connection of its own. */
export interface WakeLine {
  /** Connects, if it is not connected yet. */
  open(): void
  /** Says so to the other processes: at most one notification is under way, and what comes meanwhile goes with the next. */
  send(accountIds: Iterable<string>): void
  /** Takes words to the other processes, with the next notification, or never: what cannot be sent at once is not kept. */
  tell(text: string): void
  /** Sends what is left, then hangs up. */
  close(): Promise<void>
}

export function createWakeLine(parts: WakeLineParts): WakeLine {
  const closing = new AbortController()
  let letGo: (error: unknown) => void = () => undefined
  /** Marks our own notifications, which are news to nobody here. */
  const self = randomUUID()
  let kept: Promise<void> | null = null
  let line: Client | null = null
  let sending: Promise<void> | null = null
  const outbox = createOutbox(self)

  const rest = (ms: number) => delay(ms, undefined, { signal: closing.signal }).catch(() => undefined)

  /** What comes while it runs goes with its next round. */
  async function sendAll(): Promise<void> {
    while (line && !outbox.isEmpty()) {
      const through = line
      const { accountIds, notices } = outbox.take()
      try {
        await notify(through, notices)
        await rest(SPACING_MS)
      } catch {
        outbox.wake(accountIds)
        // A line that does not answer is a lost one.
        if (line === through) line = null
        await hangUp(through)
      }
    }
  }

  function flush(): void {
    if (!line || outbox.isEmpty()) return
    sending ??= sendAll().finally(() => {
      sending = null
      flush()
    })
  }

  async function keep(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS
    while (!closing.signal.aborted) {
      const client = createClient(parts.databaseUrl)
      const lost = new Promise<unknown>((resolve) => {
        client.on('error', resolve)
        client.on('end', () => resolve(new Error('The connection has ended.')))
        letGo = resolve
      })
      client.on('notification', ({ channel, payload = '' }) => {
        if (!payload.startsWith(self)) take(parts, channel, payload)
      })
      if (await connect(client, lost)) {
        pauseMs = FIRST_PAUSE_MS
        line = client
        // What was committed while nobody listened.
        parts.onWake(null)
        flush()
        const error = await lost
        line = null
        if (error) parts.onLost(error)
      }
      await hangUp(client)
      await rest(pauseMs)
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
    }
  }

  const open = () => {
    if (!closing.signal.aborted) kept ??= keep()
  }
  return {
    open,
    send: (accountIds) => {
      open()
      outbox.wake(accountIds)
      flush()
    },
    tell: (text) => {
      open()
      outbox.tell(text)
      flush()
    },
    close: async () => {
      closing.abort()
      await sending
      letGo(null)
      await kept
    },
  }
}

function createClient(connectionString: string): Client {
  return new Client({
    connectionString,
    application_name: 'parley-wake-line',
    connectionTimeoutMillis: ANSWER_LIMIT_MS,
    query_timeout: ANSWER_LIMIT_MS,
    keepAlive: true,
  })
}

/** All in one round trip. */
async function notify(client: Client, notices: Notice[]): Promise<void> {
  const calls = notices.map((_notice, at) => `pg_notify($${2 * at + 1}, $${2 * at + 2})`)
  await client.query(`select ${calls.join(', ')}`, notices.flat())
}

/** A notification keeps nothing: its commit need not wait for the disk. */
async function connect(client: Client, lost: Promise<unknown>): Promise<boolean> {
  const listening = client
    .connect()
    .then(() => client.query(`set synchronous_commit = off; listen ${CHANNEL}; listen ${SIGNALS}`))
    .then(() => true)
  return Promise.race([listening.catch(() => false), lost.then(() => false)])
}

async function hangUp(client: Client): Promise<void> {
  await client.end().catch(() => undefined)
}

/** What another process said; who it was heads it. */
function take(parts: WakeLineParts, channel: string, payload: string): void {
  if (channel === SIGNALS) parts.onTold(payload.slice(payload.indexOf(' ') + 1))
  else parts.onWake(accountsIn(payload))
}

function accountsIn(payload: string): string[] | null {
  const [, ...accountIds] = payload.split(' ')
  return accountIds.length > 0 ? accountIds : null
}
