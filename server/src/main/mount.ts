import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import type { Door } from '../application/ports/door.ts'
import type { Policy } from '../application/ports/policy.ts'
import { blingerAppPlugin } from '../dialects/blinger-app/plugin.ts'
import { blingerWidgetPlugin } from '../dialects/blinger-widget/plugin.ts'
import { filesPlugin } from '../dialects/files/plugin.ts'
import { linktorPlugin } from '../dialects/linktor/plugin.ts'
import { nativePlugin } from '../dialects/native/plugin.ts'
import { pactPlugin } from '../dialects/pact/plugin.ts'
import { visitorPlugin } from '../dialects/visitor/plugin.ts'
import type { Attachment } from '../domain/attachment.ts'
import type { Config } from '../platform/config.ts'
import type { Logger } from '../platform/logger.ts'
import { shareSerializers } from '../platform/serializers.ts'
import type { SocketBounds } from '../platform/sockets/bounds.ts'
import { createApp } from './app.ts'
import { CONTRACTS, type ContractInfo } from './contracts.ts'
import type { Contract } from './docs.ts'
import { mountDocs } from './docs.ts'
import { mountHealth } from './health.ts'
import type { Metrics } from './metrics.ts'
import { mountMetrics } from './metrics-route.ts'
import { mountPeoplePages } from './people-pages.ts'
import { mountWidget } from './widget-files.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. */
    policy?: Policy
  }
}

export interface MountParts {
  config: Config
  log: Logger
  pool: Pool
  metrics: Metrics
  sockets?: Partial<SocketBounds> | undefined
  door: Omit<Door, 'publicOrigin'>
  findAttachment(path: string): Promise<Attachment | null>
  cursorKey: Buffer
}

/** A route as it is mounted: what the law tests walk. */
export interface MountedRoute {
  method: string
  url: string
  schema: { hide?: boolean; summary?: string; response?: unknown }
  policy: Policy | null
}

export interface Mounted {
  app: FastifyInstance
  routes: MountedRoute[]
  contracts: Contract[]
  publicOrigin(): string
}

/** Every door of the server on one page: what is mounted where. */
export async function mount(parts: MountParts): Promise<Mounted> {
  const app = createApp(parts.config, parts.log, parts.sockets)
  parts.metrics.countRequests(app)
  await shareSerializers(app)
  const publicOrigin = () => parts.config.http.publicOrigin ?? listeningOrigin(app)
  const door: Door = { ...parts.door, publicOrigin }
  const pact = { ...door, isTextRequired: parts.config.pact.textRequired, cursorKey: parts.cursorKey }
  const contracts: Contract[] = []
  const routes: MountedRoute[] = []
  app.addHook('onRoute', ({ method, url, schema, config }) => {
    const policy = config?.policy ?? null
    for (const verb of [method].flat()) routes.push({ method: verb, url, schema: schema ?? {}, policy })
  })

  /** A dialect in a scope of its own, with the OpenAPI document of just its routes. */
  const publish = (
    name: keyof typeof CONTRACTS,
    plug: (scope: FastifyInstance) => Promise<void>,
    prefix = '',
  ) =>
    app.register(
      async (scope) => {
        contracts.push(await documented(scope, name, CONTRACTS[name]))
        await plug(scope)
      },
      { prefix },
    )

  await publish('blinger-app', (scope) => blingerAppPlugin(scope, door))
  await publish('blinger-widget', (scope) => blingerWidgetPlugin(scope, door), '/api/external/v1')
  await publish('pact', (scope) => pactPlugin(scope, pact), '/p1')
  await publish('linktor', (scope) => linktorPlugin(scope, door), '/v1')
  await app.register((scope) => linktorPlugin(scope, door), { prefix: '/api/v1' })
  await publish('native', (scope) => nativePlugin(scope, door), '/parley/v1')
  await publish('visitor', (scope) => visitorPlugin(scope, door), '/visitor/v1')
  await app.register((scope) =>
    filesPlugin(scope, { files: parts.door.files, findAttachment: parts.findAttachment }),
  )
  mountHealth(app, parts.pool)
  mountMetrics(app, parts.metrics, parts.config.metrics.token)
  mountDocs(app, contracts)
  await mountPeoplePages(app)
  mountWidget(app, door.visitors)
  return { app, routes, contracts, publicOrigin }
}

async function documented(scope: FastifyInstance, name: string, info: ContractInfo): Promise<Contract> {
  await scope.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: info.title, description: info.description, version: info.version },
      components: { securitySchemes: { token: info.credential } },
      security: [{ token: [] }],
    },
  })
  return { name, title: info.title, document: () => scope.swagger() }
}

function listeningOrigin(app: FastifyInstance): string {
  const address = app.server.address()
  if (address === null || typeof address === 'string') return 'http://127.0.0.1:3000'
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host === '0.0.0.0' || host === '[::]' ? 'localhost' : host}:${address.port}`
}
