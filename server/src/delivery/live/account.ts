import type { News } from '../../application/live/look-at-log.ts'
import type { Tools } from '../../application/ports/house.ts'
import type { Follower, Heard, Listener } from '../../application/ports/live.ts'
import { isBeyond, type EventPosition, type ResetReason } from '../../domain/event-log.ts'
import { createAccountLog, type AccountLog } from './account-log.ts'
import { heardBy } from './hearsay.ts'
import type { Visitor } from '../../domain/visitor.ts'
import { createRooms } from './rooms.ts'
import { createToDo } from './to-do.ts'

export interface LiveAccountParts {
  accountId: string
  tools: Pick<Tools, 'ask' | 'liveFeed'>
  /** To be done before anything of these events is told. */
  prepare(news: readonly News[]): Promise<void>
  onBug(error: unknown): void
}

/** One account as it is told live in this process: its reader of the log, and all who follow it. */
export interface LiveAccount extends Disposable {
  add(after: EventPosition | null, follower: Follower): Disposable
  listen(visitor: Visitor, after: number, listener: Listener): Disposable
  hear(heard: Heard): Promise<void>
  isEmpty(): boolean
}

export function createLiveAccount(parts: LiveAccountParts): LiveAccount {
  const { accountId, tools, onBug } = parts
  /** All of them, those who know where they begin, and those who have caught up. */
  const followers = new Set<Follower>()
  const begun = new Set<Follower>()
  const abreast = new Set<Follower>()
  /** How far those have been told who read on their own beyond the rest. */
  const ahead = new Map<Follower, EventPosition>()
  const toDo = createToDo(tools, abreast, onBug)

  function tell(news: readonly News[]): void {
    rooms.heed(news)
    for (const follower of abreast) tellOne(follower, news)
    toDo.heed(news)
  }

  function tellOne(follower: Follower, news: readonly News[]): void {
    const told = ahead.get(follower)
    if (!told) return guarded(() => follower.tell(news))
    const rest = news.filter(({ position }) => isBeyond(position, told))
    if (rest.length === 0) return
    ahead.delete(follower)
    guarded(() => follower.tell(rest))
  }

  const guarded = guarding(onBug)

  const log: AccountLog = createAccountLog({
    ...{ accountId, tools, onBug, tell, prepare: parts.prepare },
    isShown: () => followers.size > 0,
    reset: (reason: ResetReason, position) => {
      ahead.clear()
      for (const follower of abreast) guarded(() => follower.reset(reason, position))
    },
  })

  const rooms = createRooms({ accountId, house: tools, ready: log.opened, onBug })

  /** Reads on its own until it is abreast of the log's reader, or beyond it. */
  async function join(after: EventPosition | null, follower: Follower): Promise<void> {
    await log.opened
    let position = after ?? log.position()
    if (!followers.has(follower)) return
    guarded(() => follower.begin(position))
    begun.add(follower)
    for (let isBehind = after !== null; isBehind && followers.has(follower);) {
      const found = await log.look(position)
      if (found.kind === 'reset') {
        position = log.position()
        guarded(() => follower.reset(found.reason, position))
        break
      }
      await parts.prepare(found.news)
      await follower.catchUp(found.news)
      position = found.position
      isBehind = isBeyond(log.position(), position)
    }
    if (!followers.has(follower)) return
    if (isBeyond(position, log.position())) ahead.set(follower, position)
    abreast.add(follower)
  }

  return {
    add: (after, follower) => {
      followers.add(follower)
      join(after, follower).catch((error: unknown) => {
        onBug(error)
        follower.fail()
      })
      return {
        [Symbol.dispose]: () => {
          for (const those of [followers, begun, abreast, ahead]) those.delete(follower)
        },
      }
    },
    listen: rooms.enter,
    hear: async (heard) => {
      if (heard.type === 'typing' && heard.by.kind !== 'contact')
        rooms.hear(heard.conversationId, heard.by.name, heard.isTyping)
      for (const { follower, told } of await heardBy(tools, { accountId, followers: begun, heard }))
        guarded(() => follower.hear(told))
    },
    isEmpty: () => followers.size === 0 && rooms.isEmpty(),
    [Symbol.dispose]: () => {
      log[Symbol.dispose]()
      toDo[Symbol.dispose]()
      rooms[Symbol.dispose]()
    },
  }
}

/** What one of them throws keeps the others from nothing. */
const guarding = (onBug: (error: unknown) => void) => (deed: () => void) => {
  try {
    deed()
  } catch (error) {
    onBug(error)
  }
}
