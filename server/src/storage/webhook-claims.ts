import { Client } from 'pg'
import type { WebhookClaims } from '../application/ports/webhooks.ts'

const ANSWER_LIMIT_MS = 5000
/** Of two keys of an advisory lock the first, which says what it is about: nobody else uses locks of two keys. */
const WEBHOOKS = 1

/**
 * Claims as advisory locks of one connection: they end with it, however the process ends, and no clock is asked. Two accounts whose hashes
 * are the same share a lock, and so their process.
 */
export function createWebhookClaims(databaseUrl: string): WebhookClaims {
  let connecting: Promise<Client> | null = null
  let lose: () => void = () => undefined
  let isClosed = false

  async function connect(): Promise<Client> {
    const client = new Client({
      connectionString: databaseUrl,
      // Whoever looks at the database sees which process tells.
      application_name: `parley-webhooks ${process.pid}`,
      connectionTimeoutMillis: ANSWER_LIMIT_MS,
      query_timeout: ANSWER_LIMIT_MS,
      keepAlive: true,
    })
    const end = () => {
      if (connecting === null) return
      connecting = null
      if (!isClosed) lose()
    }
    client.on('error', end)
    client.on('end', end)
    await client.connect()
    return client
  }

  async function ask(text: string, accountId: string): Promise<boolean> {
    connecting ??= connect()
    const current = connecting
    try {
      const client = await current
      const { rows } = await client.query<{ held: boolean }>(text, [WEBHOOKS, accountId])
      return rows[0]?.held === true
    } catch (error) {
      // A connection that does not answer is a lost one.
      if (connecting === current) connecting = null
      await current.then((client) => client.end()).catch(() => undefined)
      lose()
      throw error
    }
  }

  return {
    claim: (accountId) => ask('select pg_try_advisory_lock($1, hashtext($2)) as held', accountId),
    release: async (accountId) => {
      await ask('select pg_advisory_unlock($1, hashtext($2)) as held', accountId)
    },
    onLost: (told) => {
      lose = told
    },
    close: async () => {
      isClosed = true
      const current = connecting
      connecting = null
      await current?.then((client) => client.end()).catch(() => undefined)
    },
  }
}
