import { countToDo } from '../../application/live/count-to-do.ts'
import type { News } from '../../application/live/look-at-log.ts'
import type { House } from '../../application/ports/house.ts'
import type { Follower } from '../../application/ports/live.ts'
import type { Actor } from '../../domain/actor.ts'

/** Counting waits so long for more to count. */
const PAUSE_MS = 500

const COUNTED = /^(conversation|message|group|contact)\./

/** Tells an account's followers anew how much there is to do, some time after that may have changed. */
export interface ToDo extends Disposable {
  heed(news: readonly News[]): void
}

export function createToDo(
  house: Pick<House, 'ask'>,
  followers: ReadonlySet<Follower>,
  onBug: (error: unknown) => void,
): ToDo {
  let timer: NodeJS.Timeout | null = null

  /** Who sees the same has the same to do: counted once. */
  async function countAll(): Promise<void> {
    const alike = Map.groupBy(followers, (follower) => keyOf(follower.actor()))
    for (const same of alike.values()) {
      const [first] = same
      if (!first?.actor().permissions.has('conversation.read')) continue
      const counters = await house.ask(countToDo, first.actor(), null)
      for (const follower of same) follower.count(counters)
    }
  }

  function countNow(): void {
    void countAll()
      .catch(onBug)
      .finally(() => (timer = null))
  }

  return {
    heed: (news) => {
      if (followers.size === 0 || !news.some(({ event }) => COUNTED.test(event.type))) return
      timer ??= setTimeout(countNow, PAUSE_MS).unref()
    },
    [Symbol.dispose]: () => {
      if (timer) clearTimeout(timer)
    },
  }
}

const keyOf = ({ reach, operatorId }: Actor) => JSON.stringify([reach, operatorId])
