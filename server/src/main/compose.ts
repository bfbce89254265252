// STUB until the real composition replaces it.
import { fastify, type FastifyInstance } from 'fastify'
import { Pool } from 'pg'
import type { Config } from '../platform/config.ts'
import type { Logger } from '../platform/logger.ts'
import type { DemoAccounts } from './demo.ts'
import { mountHealth } from './health.ts'

export interface Parts {
  config: Config
  databaseUrl: string
  secret: string
  log: Logger
}

export interface Composed {
  app: FastifyInstance
  startWorkers(): Promise<void>
  close(): Promise<void>
  seedDemo(origin: string): Promise<DemoAccounts>
}

export async function compose({ databaseUrl, log }: Parts): Promise<Composed> {
  const pool = new Pool({ connectionString: databaseUrl, max: 10 })
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection broke'))
  const app = fastify({ loggerInstance: log }) as unknown as FastifyInstance
  mountHealth(app, pool)
  return {
    app,
    startWorkers: async () => undefined,
    close: async () => {
      await app.close()
      await pool.end()
    },
    seedDemo: async (origin) => ({
      people: [{ role: 'owner', email: 'owner@demo.example', password: 'demo' }],
      credentials: [],
      examples: [{ title: 'Is it alive?', command: `curl ${origin}/health` }],
    }),
  }
}
