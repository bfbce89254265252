import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { createTurnQueue } from '../application/dispatch/turn-queue.ts'
import type { AccessTokens } from '../application/ports/access-tokens.ts'
import type { Door } from '../application/ports/door.ts'
import type { Files } from '../application/ports/files.ts'
import type { Tools } from '../application/ports/house.ts'
import type { WebhookTotals } from '../application/ports/webhook-metrics.ts'
import { createCustomAppAdapter } from '../channels/custom-app/adapter.ts'
import { createSandboxAdapter } from '../channels/sandbox/adapter.ts'
import { createWebchatAdapter } from '../channels/webchat/adapter.ts'
import { createAnswerForget, EVERY_TEN_MINUTES } from '../jobs/tasks/answer-forget.ts'
import { createConversationWake } from '../jobs/tasks/conversation-wake.ts'
import { createDeliveryForget, EVERY_HOUR_AT_41 } from '../jobs/tasks/delivery-forget.ts'
import { createEventExpire, EVERY_HOUR } from '../jobs/tasks/event-expire.ts'
import { createFileRemove, type FileRemoveParts } from '../jobs/tasks/file-remove.ts'
import { createMessageExpire, EVERY_HOUR_LATER } from '../jobs/tasks/message-expire.ts'
import { createOverdueEnqueue, EVERY_MINUTE } from '../jobs/tasks/overdue-enqueue.ts'
import { createMessageDispatch, type DispatchParts } from '../jobs/tasks/message-dispatch.ts'
import { createVisitorForget, EVERY_NIGHT } from '../jobs/tasks/visitor-forget.ts'
import { createWorker } from '../jobs/worker.ts'
import type { Worker } from '../jobs/worker.ts'
import type { Account } from '../domain/account.ts'
import { createLive } from '../delivery/live/hub.ts'
import type { Teller } from '../delivery/webhooks/teller.ts'
import type { Config } from '../platform/config.ts'
import { newId } from '../platform/ids.ts'
import type { Logger } from '../platform/logger.ts'
import { createTargetCheck } from '../platform/safe-fetch/check-target.ts'
import type { SafeFetch } from '../platform/safe-fetch/safe-fetch.ts'
import { createSafeFetch } from '../platform/safe-fetch/safe-fetch.ts'
import type { SocketBounds } from '../platform/sockets/bounds.ts'
import { createAccessTokens } from '../platform/access-tokens.ts'
import { createMail } from '../platform/mail.ts'
import { deriveKey } from '../platform/secrets.ts'
import { listAccounts } from '../storage/accounts.ts'
import { findAttachmentByPath, isDigestNamed } from '../storage/attachments.ts'
import { createDiskBlobs } from '../storage/blobs/disk-blobs.ts'
import { createFiles } from '../storage/blobs/files.ts'
import { createCredentials } from '../storage/credentials.ts'
import { closePool, createDatabase, createPool } from '../storage/database.ts'
import { expireEvents } from '../storage/event-retention.ts'
import { createStorage, type Storage, type StorageParts } from '../storage/house.ts'
import { createMemberships } from '../storage/sign-in/memberships.ts'
import { openSignIn } from '../storage/sign-in/open-sign-in.ts'
import { createRefreshTokens } from '../storage/sign-in/refresh-tokens.ts'
import { createKeptAnswers, forgetAnswers } from '../storage/kept-answers.ts'
import { enqueueFileRemoval } from '../storage/job-queue.ts'
import { createLiveFeed, type OwnedLiveFeed } from '../storage/live-feed.ts'
import { findRetaining } from '../storage/message-expiry.ts'
import { enqueueOverdue } from '../storage/overdue.ts'
import { offerSetup } from '../storage/invitations.ts'
import { createShelf } from '../storage/shelf.ts'
import { createVisitorCredentials } from '../storage/visitor-credentials.ts'
import { forgetVisitors } from '../storage/forgotten-visitors.ts'
import { forgetDeliveries } from '../storage/webhook-retention.ts'
import { createStandings } from '../storage/standings.ts'
import { createWebhookLedger } from '../storage/webhook-ledger.ts'
import { webhookTotals } from '../storage/webhook-stats.ts'
import type { DemoAccount } from './demo.ts'
import { createHouse } from './house.ts'
import type { Contract } from './docs.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import type { MountedRoute } from './mount.ts'
import { mount } from './mount.ts'
import { createRequestLimits } from './request-limits.ts'
import { createSecrets, ids } from './secrets.ts'
import { seedDemo } from './seed-demo.ts'
import { visitorProofs } from './visitor-proofs.ts'
import { createWebhookDelivery, type Webhooks } from './webhooks.ts'

/** Connections of the pool that requests and jobs share. */
const POOL_SIZE = 16
const DAY_MS = 86_400_000

export interface Parts {
  config: Config
  databaseUrl: string
  secret: string
  log: Logger
  /** The one source of time; the system's by default. */
  clock?: () => Date
  /** Bounds of sockets that are not the usual ones. */
  sockets?: Partial<SocketBounds> | undefined
}

export interface Composed {
  app: FastifyInstance
  routes: MountedRoute[]
  contracts: Contract[]
  tools: Tools
  worker: Worker
  teller: Teller
  startWorkers(): Promise<void>
  close(): Promise<void>
  /** Lets go of what is kept in memory, as a change of the account told in the log would. */
  forget(): void
  /** The secret of the link that makes the first account; null when there is one. An earlier link ends. */
  offerSetup(): Promise<string | null>
  /** The demo's accounts: those known from before while they are there, else new ones. */
  seedDemo(known: DemoAccount[]): Promise<DemoAccount[]>
  /** Every account there is. */
  accounts(): Promise<Account[]>
}

/** Puts the rooms together. Nothing is connected or listened on yet; the schema is migrated already. */
export async function compose(parts: Parts): Promise<Composed> {
  const { config, log } = parts
  const pool = createPool(parts.databaseUrl, {
    max: POOL_SIZE,
    onError: (error) => log.warn({ err: error }, 'an idle database connection was lost'),
  })
  const db = createDatabase(pool)
  const secrets = createSecrets(parts.secret)
  const safeFetch = createSafeFetch({ allow: [...config.fetch.allow] })
  const addresses = { whyNot: createTargetCheck({ allow: [...config.fetch.allow] }) }
  const files = openFiles(config, safeFetch)
  const clock = parts.clock ?? (() => new Date())
  const metrics = openMetrics(log, () => webhookTotals(db, clock()))
  const limits = createRequestLimits(config.limits, clock)
  const shelf = createShelf(db)
  const liveFeed = openLiveFeed(parts)
  const stored = { db, ids, secrets, shelf, clock, announce: liveFeed.announce }
  const storage = createStorage(stored)
  const memberships = createMemberships(db)
  const signIn = openSignIn({
    ...{ pool, db, clock, provider: config.identityProvider },
    secret: deriveKey(parts.secret, 'sign-in').toString('base64url'),
    lockoutKey: deriveKey(parts.secret, 'sign-in failures'),
    origin: () => publicOrigin(),
  })
  const mail = config.mail && createMail(config.mail)
  const webhooks = openWebhooks(parts, { stored, storage })
  const tools = createHouse({
    ...{ storage, files, ids, liveFeed, mail, signIn, memberships, addresses },
    visitorProofs,
    signals: liveFeed.signals,
    webhooks: webhooks.tools,
    onAppended: webhooks.pace.note,
  })
  const live = createLive({
    ...{ tools, standings: createStandings(db, clock) },
    onBug: (error) => log.warn({ err: error }, 'what happens could not be told for now'),
  })
  const { app, routes, contracts, publicOrigin } = await mount({
    config,
    ...{ log, pool, metrics, sockets: parts.sockets },
    door: {
      ...{ house: tools, files, live },
      credentials: createCredentials({ ...stored, limits }),
      visitors: createVisitorCredentials({ ...stored, limits }),
      limits,
      answers: createKeptAnswers(stored),
      ...{ signIn, memberships },
      refreshTokens: createRefreshTokens(stored),
      accessTokens: openAccessTokens(parts),
      isRegistrationOpen: config.isRegistrationOpen,
    },
    findAttachment: (path) => findAttachmentByPath(db, path),
    cursorKey: deriveKey(parts.secret, 'cursors'),
  })
  const worker = composeWorker({
    ...{ pool, log, tools, safeFetch, publicOrigin },
    takeTurn: createTurnQueue(storage.runBatch),
    ...housekeeping(stored, { config, files }),
  })
  const teller = webhooks.teller({ tools, publicOrigin, metrics: metrics.webhooks })
  return {
    ...{ app, routes, contracts, tools, worker, teller },
    startWorkers: async () => {
      await worker.start()
      teller.start()
    },
    forget: () => shelf.forgetAll(),
    offerSetup: async () => {
      const secret = ids.token(43)
      return (await offerSetup(db, secrets.hash(secret))) ? secret : null
    },
    seedDemo: (known) => seedDemo(tools, known),
    accounts: () => listAccounts(db),
    close: () => closeAll({ liveFeed, app, live, metrics, worker, teller, pool }),
  }
}

interface Open extends Pick<Composed, 'app' | 'worker' | 'teller'> {
  liveFeed: OwnedLiveFeed
  live: { close(): void }
  metrics: Metrics
  pool: Pool
}

async function closeAll({ liveFeed, app, live, metrics, worker, teller, pool }: Open): Promise<void> {
  // Whoever waits for events is answered first; what the last jobs recorded is announced.
  liveFeed.endWaiting()
  await app.close()
  live.close()
  metrics.close()
  await Promise.all([worker.stop(), teller.stop()])
  await Promise.all([liveFeed.close(), closePool(pool)])
}

function openWebhooks(
  { config, databaseUrl, log }: Parts,
  { stored, storage }: { stored: StorageParts; storage: Storage },
): Webhooks {
  return createWebhookDelivery({
    ...{ runBatch: storage.runBatch, ledger: createWebhookLedger(stored), clock: stored.clock },
    ...{ databaseUrl, allow: [...config.fetch.allow], scale: config.webhooks.retryScale },
    onBug: (error) => log.warn({ err: error }, 'webhooks could not be told for now'),
  })
}

function openMetrics(log: Logger, countWebhooks: () => Promise<WebhookTotals[]>): Metrics {
  const onBug = (error: unknown) => log.warn({ err: error }, 'webhooks could not be counted')
  return createMetrics({ webhookTotals: countWebhooks, onBug })
}

function openAccessTokens({ secret }: Parts): AccessTokens {
  const key = deriveKey(secret, 'access tokens')
  return createAccessTokens({ key, audience: 'linktor', clock: () => new Date() })
}

function openFiles(config: Config, safeFetch: SafeFetch): Files {
  return createFiles({
    blobs: createDiskBlobs(join(config.dataDir, 'files')),
    safeFetch,
    maxBytes: config.files.maxBytes,
    variantsDir: join(config.dataDir, 'variants'),
  })
}

function openLiveFeed({ databaseUrl, log }: Parts): OwnedLiveFeed {
  const onLost = (error: unknown) => log.warn({ err: error }, 'the connection for wake-ups was lost')
  return createLiveFeed({ databaseUrl, onLost })
}

/** What is done to the database again and again. */
function housekeeping(
  stored: StorageParts,
  { config, files }: { config: Config; files: Files },
): Housekeeping {
  const { db } = stored
  return {
    enqueueOverdue: () => enqueueOverdue(db),
    forgetAnswers: () => forgetAnswers(stored),
    forgetVisitors: () => forgetVisitors(stored),
    expireEvents: () =>
      expireEvents(db, new Date(stored.clock().getTime() - config.events.keepDays * DAY_MS)),
    forgetDeliveries: () =>
      forgetDeliveries(db, new Date(stored.clock().getTime() - config.webhooks.keepDays * DAY_MS)),
    findRetaining: () => findRetaining(db),
    removal: {
      remove: files.remove,
      isNamed: (digest) => isDigestNamed(db, digest),
      enqueueLater: (digests, delayMs) => enqueueFileRemoval(db, digests, delayMs),
    },
  }
}

interface WorkerParts extends Pick<Door, 'publicOrigin'>, Housekeeping {
  pool: Pool
  log: Logger
  tools: Tools
  safeFetch: SafeFetch
  takeTurn: DispatchParts['takeTurn']
}

interface Housekeeping {
  enqueueOverdue(): Promise<void>
  forgetAnswers(): Promise<void>
  forgetVisitors(): Promise<void>
  expireEvents(): Promise<void>
  forgetDeliveries(): Promise<void>
  findRetaining(): Promise<{ accountId: string; channelId: string }[]>
  removal: FileRemoveParts
}

function composeWorker(parts: WorkerParts): Worker {
  const { pool, log, tools, safeFetch, publicOrigin } = parts
  const dispatch = createMessageDispatch({
    takeTurn: parts.takeTurn,
    adapters: {
      sandbox: createSandboxAdapter(),
      webchat: createWebchatAdapter(),
      custom_app: createCustomAppAdapter({ post: poster(safeFetch) }),
    },
    publicOrigin,
    newHolder: newId,
    onBug: (error) => log.error({ err: error }, 'a transport threw'),
  })
  const tasks = {
    'message.dispatch': dispatch,
    'conversation.wake': createConversationWake(tools),
    'overdue.enqueue': createOverdueEnqueue(parts.enqueueOverdue),
    'answer.forget': createAnswerForget(parts.forgetAnswers),
    'visitor.forget': createVisitorForget(parts.forgetVisitors),
    'event.expire': createEventExpire(parts.expireEvents),
    'delivery.forget': createDeliveryForget(parts.forgetDeliveries),
    'message.expire': createMessageExpire(tools, parts.findRetaining),
    'file.remove': createFileRemove(parts.removal),
  }
  const recurring = [
    ...[EVERY_MINUTE, EVERY_TEN_MINUTES, EVERY_HOUR, EVERY_HOUR_AT_41, EVERY_HOUR_LATER, EVERY_NIGHT],
  ]
  return createWorker({ pool, log, tasks, recurring })
}

/** POSTs through the guard. Once the status is known the rest of the answer does not matter. */
function poster(safeFetch: SafeFetch) {
  return async (url: string, headers: Record<string, string>, body: string): Promise<{ status: number }> => {
    const answer = await safeFetch(url, { method: 'POST', headers, body, timeoutMs: 10_000 })
    answer.discard()
    return { status: answer.status }
  }
}
