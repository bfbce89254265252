import { createHash } from 'node:crypto'
import type { Door } from '../../application/ports/door.ts'
import { readPage, readState, type VisitState } from '../../application/visitors/read-visit.ts'
import type { Actor } from '../../domain/actor.ts'
import { allowVisitor } from '../../domain/permissions.ts'
import { presentPage, presentState } from './present.ts'
import type { StateBody } from './schema/objects.ts'
import type { UpdatesBody, UpdatesQuery } from './schema/socket.ts'

const MOST_MESSAGES = 100
/** Those who may wait at once; beyond them everybody is answered at once. */
const MOST_WAITING = 5000

/** What has come since, for those who cannot keep a line open: asked again and again. */
export interface Updates {
  read(actor: Actor, asked: UpdatesQuery, signal: AbortSignal): Promise<UpdatesBody>
  /** Answers all who wait; nobody waits from then on. */
  endWaiting(): void
}

export function createUpdates({ house, live, publicOrigin }: Door): Updates {
  const waiting = new Set<() => void>()
  let isOver = false

  async function look(actor: Actor, after: number): Promise<UpdatesBody> {
    const state = await house.ask(readState, actor, null)
    const page = await house.ask(readPage, actor, { afterSeq: after, order: 'asc', limit: MOST_MESSAGES })
    const { items: messages, hasMore } = presentPage(page, publicOrigin())
    const shown = presentState(state, publicOrigin())
    return { messages, hasMore, state: shown, version: versionOf(shown), isReset: after > state.lastSeq }
  }

  /** Until something comes after that, or the state is another one. */
  function wait(actor: Actor, found: UpdatesBody, { after, waitMs, signal }: Waiting): Promise<void> {
    const isOther = (state: VisitState) => versionOf(presentState(state, publicOrigin())) !== found.version
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = () => resolve()
    const listening = live.listen(allowVisitor(actor), after, {
      begin: (state) => isOther(state) && end(),
      catchUp: async () => end(),
      change: (state) => isOther(state) && end(),
      ...{ tell: end, reset: end, fail: end, hear: () => undefined },
    })
    const timer = setTimeout(end, waitMs)
    signal.addEventListener('abort', end)
    waiting.add(end)
    return promise.finally(() => {
      waiting.delete(end)
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      listening[Symbol.dispose]()
    })
  }

  return {
    read: async (actor, { after, state, wait: seconds = 0 }, signal) => {
      const found = await look(actor, after)
      const isNews = found.messages.length > 0 || found.isReset || found.version !== state
      if (isNews || seconds === 0 || isOver || waiting.size >= MOST_WAITING || signal.aborted) return found
      await wait(actor, found, { after, waitMs: seconds * 1000, signal })
      return look(actor, after)
    },
    endWaiting: () => {
      isOver = true
      for (const end of waiting) end()
    },
  }
}

interface Waiting {
  after: number
  waitMs: number
  signal: AbortSignal
}

const versionOf = (state: StateBody) =>
  createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 16)
