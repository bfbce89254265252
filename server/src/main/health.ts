import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'

/** A red answer must not wait as long as the trouble it reports. */
const ANSWER_LIMIT_MS = 3000

/** What makes an answered message a kept one. A server that runs without them must not look ready. */
const DURABILITY = ['fsync', 'synchronous_commit', 'full_page_writes'] as const

type Ask = Pick<Pool, 'query'>

const text = { type: 'string' }
const answer = (properties: Record<string, { type: string }>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
})
/** For machines that watch us, not for clients: left out of the published contracts. */
const schemaOf = (response: Record<number, unknown>) => ({ hide: true, response })

/** GET /health and /live: the process answers. GET /ready: it can also keep what it is given. */
export function mountHealth(app: FastifyInstance, database: Ask) {
  const config = { policy: { public: 'for machines that watch us' } }
  const healthy = schemaOf({ 200: answer({ status: text, uptime: { type: 'integer' } }) })
  const live = schemaOf({ 200: answer({ status: text }) })
  const ready = schemaOf({ 200: answer({ status: text }), 503: answer({ status: text, reason: text }) })

  app.get('/health', { schema: healthy, config }, () => ({
    status: 'ok',
    uptime: Math.floor(process.uptime()),
  }))
  app.get('/live', { schema: live, config }, () => ({ status: 'ok' }))
  app.get('/ready', { schema: ready, config }, async (_request, reply) => {
    const reason = await whyNotReady(database)
    if (reason === null) return { status: 'ok' }
    return reply.code(503).header('retry-after', '1').send({ status: 'unavailable', reason })
  })
}

/** null when ready; else a reason fit for strangers: no host, no account, no message of the database. */
export async function whyNotReady(database: Ask): Promise<string | null> {
  try {
    const off = await bounded(readUnsafeSettings(database))
    return off.length === 0 ? null : `the database runs with ${off.join(', ')}: answered messages may be lost`
  } catch {
    return 'the database does not answer'
  }
}

async function readUnsafeSettings(database: Ask): Promise<string[]> {
  const names = DURABILITY.map((name) => `current_setting('${name}') as ${name}`)
  const { rows } = await database.query<Record<string, string>>(`select ${names.join(', ')}`)
  return DURABILITY.filter((name) => !isDurable(rows[0]?.[name])).map(
    (name) => `${name} = ${rows[0]?.[name]}`,
  )
}

/** synchronous_commit knows stronger words than `on`, and two weaker ones than flushing at home. */
function isDurable(value: string | undefined): boolean {
  return value === 'on' || value === 'remote_apply' || value === 'remote_write' || value === 'local'
}

async function bounded<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), ANSWER_LIMIT_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
