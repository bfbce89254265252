import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InjectOptions } from 'fastify'
import { Pool, type QueryResultRow } from 'pg'
import { inject } from 'vitest'
import type { Composed } from '../src/main/compose.ts'
import type { DemoAccount } from '../src/main/demo.ts'
import type { Logger } from '../src/platform/logger.ts'
import type { SocketBounds } from '../src/platform/sockets/bounds.ts'
import { BEGINNING, composeForTests } from './compose.ts'
import { cloneDatabase } from './postgres.ts'

export interface Reply {
  status: number
  headers: Record<string, unknown>
  text: string
  /** The parsed body; undefined when it is not JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  body: any
}

type Body = object | string | Buffer | undefined

/** A client of one dialect, with its token; `headers` given replace or add. */
export interface Client {
  get(path: string, query?: Record<string, unknown>, headers?: Record<string, string>): Promise<Reply>
  post(path: string, body?: Body, headers?: Record<string, string>): Promise<Reply>
  put(path: string, body?: Body, headers?: Record<string, string>): Promise<Reply>
  patch(path: string, body?: Body, headers?: Record<string, string>): Promise<Reply>
  delete(path: string, body?: Body, headers?: Record<string, string>): Promise<Reply>
}

/** One tenant of the house, with a client for each dialect. Paths begin after the dialect's prefix. */
export interface Tenant {
  account: DemoAccount
  blingerApp: Client
  blingerWidget: Client
  pact: Client
  linktor: Client
  native: Client
  /** Speaks as the customer of the account's custom app. */
  customApp: Client
}

export interface TestHouse extends Tenant, AsyncDisposable {
  composed: Composed
  /** The first account; `other` is another tenant of the same server. */
  fixture: DemoAccount
  other: Tenant
  /** What a test names besides what every house has, as samples call it. */
  besides: Map<string, unknown>
  clock: { now(): Date; advance(ms: number): void }
  /** Any request, without a token unless given. */
  request(options: InjectOptions): Promise<Reply>
  /** Works off every job that is due, and tells webhooks what can be told: nothing in a test sleeps. */
  settle(): Promise<void>
  /** Makes deferred jobs due, as if their time had come. */
  hurry(): Promise<void>
  /** A look into the database, for what no dialect shows. */
  sql<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  dataDir: string
  databaseUrl: string
}

export interface HouseOptions {
  /** Environment settings on top of the defaults. */
  env?: Record<string, string>
  /** Where what happens is told, instead of on stdout. */
  log?: Logger
  /** Bounds of sockets that are not the usual ones. */
  sockets?: Partial<SocketBounds>
}

/** The whole server on a database of its own; only providers' networks and the clock are false. */
export async function openHouse(options: HouseOptions = {}): Promise<TestHouse> {
  const stack = new AsyncDisposableStack()
  const database = stack.use(await cloneDatabase('furnished'))
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-house-'))
  stack.defer(() => rm(dataDir, { recursive: true, force: true, maxRetries: 3 }))
  const clock = createClock()
  const home = settleIn(await composeForTests(database.url, dataDir, { ...options, clock: clock.now }))
  stack.defer(home.leave)
  const pool = new Pool({ connectionString: database.url, max: 2 })
  // A database that is dropped under an ending connection is no news.
  pool.on('connect', (client) => client.on('error', () => undefined))
  stack.defer(() => pool.end())
  await home.composed().app.ready()
  const [first, second] = inject('demoAccounts')
  if (!first || !second) throw new Error('The demo has two accounts.')
  const sql: TestHouse['sql'] = async (text, values) => {
    const { rows } = await pool.query(text, values)
    // A change behind the house's back is told in no log.
    home.composed().forget()
    return rows
  }
  return {
    ...tenant(home, first),
    other: tenant(home, second),
    fixture: first,
    besides: new Map(),
    get composed() {
      return home.composed()
    },
    clock,
    dataDir,
    databaseUrl: database.url,
    sql,
    request: (request) => send(home, request),
    settle: async () => {
      const { worker, teller } = home.composed()
      await worker.drain()
      await teller.drain()
    },
    hurry: async () => {
      await sql(`update graphile_worker._private_jobs set run_at = now() where run_at > now()`)
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

interface Home {
  composed(): Composed
  leave(): Promise<void>
}

/** Lets go of a server that was closed: files that have run stay loaded, and each would keep its house in memory. */
function settleIn(opened: Composed): Home {
  let composed: Composed | null = opened
  return {
    composed: () => {
      if (!composed) throw new Error('This house is closed.')
      return composed
    },
    leave: async () => {
      await composed?.close()
      composed = null
    },
  }
}

/** Every look at the clock finds it a millisecond later, so that no two moments are the same. */
function createClock() {
  let at = BEGINNING + 60_000
  return {
    now: () => new Date((at += 1)),
    advance: (ms: number) => {
      at += ms
    },
  }
}

function tenant(home: Home, account: DemoAccount): Tenant {
  const { tokens } = account
  const appToken = account.channels.find((channel) => channel.token)?.token ?? ''
  const client = (prefix: string, headers: Record<string, string>): Client =>
    createClient(home, prefix, headers)
  return {
    account,
    blingerApp: client('/api', { authentication: tokens.blingerApp }),
    blingerWidget: client('/api/external/v1', { authorization: tokens.blingerWidget }),
    pact: client('/p1', { 'x-private-api-token': tokens.pact }),
    linktor: client('/v1', { authorization: `Bearer ${tokens.linktor}` }),
    native: client('/parley/v1', { authorization: `Bearer ${tokens.native}` }),
    customApp: client('/api/custom-app', { authorization: `Bearer ${appToken}` }),
  }
}

function createClient(home: Home, prefix: string, token: Record<string, string>): Client {
  const withBody =
    (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE') =>
    (path: string, body?: Body, headers?: Record<string, string>) =>
      send(home, { method, url: prefix + path, payload: body, headers: { ...token, ...headers } })
  return {
    get: (path, query, headers) => {
      const asked = query
        ? `?${new URLSearchParams(Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]))}`
        : ''
      return send(home, { method: 'GET', url: prefix + path + asked, headers: { ...token, ...headers } })
    },
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: withBody('PATCH'),
    delete: withBody('DELETE'),
  }
}

async function send(home: Home, options: InjectOptions): Promise<Reply> {
  const answer = await home.composed().app.inject(options)
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.body,
    body: parse(answer.body),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
