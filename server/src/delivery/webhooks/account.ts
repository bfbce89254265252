import { readTellings, type TellingsRead } from '../../application/webhooks/read-tellings.ts'
import type { Tools } from '../../application/ports/house.ts'
import type { WebhookLedger } from '../../application/ports/webhooks.ts'
import { systemActor } from '../../domain/actor.ts'
import type { Place } from '../../domain/event-log.ts'
import { createEndpoint, type Endpoint, type EndpointParts } from './endpoint.ts'

/** Events of one look: what is told of them is in memory at once. */
const MOST_AT_ONCE = 200
/** Looks that are remembered, for webhooks that come to the same place a moment later. */
const REMEMBERED = 8
/** Webhooks are looked up again at most so often. */
const RELOAD_MS = 500

type OfEndpoint = 'recorder' | 'pace' | 'clock' | 'chance' | 'scale' | 'onTried' | 'onBug'

export interface AccountParts extends Pick<EndpointParts, OfEndpoint> {
  accountId: string
  tools: Pick<Tools, 'ask' | 'webhooks'>
  ledger: WebhookLedger
  publicOrigin(): string
}

/** Tells one account's webhooks what happens. */
export interface AccountTeller {
  /** There may be something new, or other webhooks. */
  wake(): void
  /** Looks its webhooks up, and resolves when nothing is left that could be told now. */
  settle(): Promise<void>
  close(): Promise<void>
}

export function createAccountTeller(parts: AccountParts): AccountTeller {
  const { accountId, ledger } = parts
  const endpoints = new Map<string, Endpoint>()
  const reading = createSharedReading(parts)
  let isClosed = false
  let loading: Promise<void> | null = null
  let reload: NodeJS.Timeout | null = null

  async function load(): Promise<void> {
    const [open, due] = await Promise.all([ledger.open(accountId), ledger.nextDue(accountId)])
    if (isClosed) return
    const active = new Set(open.map(({ webhook }) => webhook.id))
    for (const [id, endpoint] of endpoints)
      if (!active.has(id)) {
        endpoints.delete(id)
        void endpoint.close()
      }
    for (const one of open) {
      const { id, dialect } = one.webhook
      const endpoint =
        endpoints.get(id) ??
        createEndpoint({
          ...parts,
          ...{ open: one, read: reading.read, speech: parts.tools.webhooks.speeches[dialect] },
          attempt: parts.tools.webhooks.attempt,
          deliveryId: parts.tools.webhooks.deliveryId,
          known: (ids) => ledger.known(accountId, ids),
          pending: (limit) => ledger.pending(accountId, id, limit),
          forget: (gone) => ledger.forget(accountId, gone),
        })
      endpoints.set(id, endpoint)
      endpoint.update(one, due.get(id) ?? null)
    }
  }

  const loadOnce = () => {
    loading ??= load().finally(() => {
      loading = null
    })
    return loading
  }

  /** A change of a webhook is in force so soon, however much happens. */
  function loadSoon(): void {
    reload ??= setTimeout(() => {
      reload = null
      loadOnce().catch(parts.onBug)
    }, RELOAD_MS).unref()
  }

  return {
    wake: () => {
      reading.wake()
      for (const endpoint of endpoints.values()) endpoint.wake()
      if (endpoints.size === 0) loadOnce().catch(parts.onBug)
      else loadSoon()
    },
    settle: async () => {
      await loadOnce()
      reading.wake()
      for (const endpoint of endpoints.values()) endpoint.wake()
      await Promise.all([...endpoints.values()].map((endpoint) => endpoint.idle()))
    },
    close: async () => {
      isClosed = true
      if (reload) clearTimeout(reload)
      await Promise.all([...endpoints.values()].map((endpoint) => endpoint.close()))
    },
  }
}

/** One reading for all webhooks that stand at the same place: most do. */
function createSharedReading({ accountId, tools, publicOrigin }: AccountParts) {
  const actor = systemActor(accountId, new Set(['event.read']))
  const remembered = new Map<string, { looking: Promise<TellingsRead>; wakes: number }>()
  let wakes = 0

  async function look(key: string, after: Place): Promise<TellingsRead> {
    const found = await tools.ask(readTellings, actor, { after, limit: MOST_AT_ONCE, origin: publicOrigin() })
    // There may be something there in a moment.
    if (found.tellings.length === 0) remembered.delete(key)
    return found
  }

  const read: EndpointParts['read'] = async (after) => {
    const key = `${after.transactionId}:${after.id}`
    const shared = remembered.get(key) ?? { looking: look(key, after), wakes }
    remembered.set(key, shared)
    shared.looking.catch(() => remembered.delete(key))
    for (const old of [...remembered.keys()].slice(0, -REMEMBERED)) remembered.delete(old)
    // A look that began since the last wake has seen all that it was about.
    return { ...(await shared.looking), isAgain: shared.wakes < wakes }
  }
  return {
    read,
    /** What was read before may not be all there is now. */
    wake: () => {
      wakes += 1
    },
  }
}
