import type { News } from '../../application/live/look-at-log.ts'
import type { Credential, Standing, Standings } from '../../application/ports/standings.ts'

/** How long a credential may have been dead unnoticed, where no event tells of it. */
const EVERY_MS = 2500

export interface Guards {
  /** `standing`: what it is worth as far as is known. */
  add(credential: Credential, standing: Standing, onChange: (standing: Standing | null) => void): Disposable
  /** Looks at all credentials of an account if these events may have changed what they are worth. */
  heed(accountId: string, news: readonly News[]): Promise<void>
  close(): void
}

interface Guarded {
  credential: Credential
  onChange(standing: Standing | null): void
  /** The last one, as text. */
  was: string
}

const TELLING = /^(operator|token|role|group)\./

export function createGuards(standings: Standings, onBug: (error: unknown) => void): Guards {
  const all = new Set<Guarded>()
  let timer: NodeJS.Timeout | null = null
  let isLooking = false

  async function look(guarded: Guarded[]): Promise<void> {
    if (guarded.length === 0) return
    const found = await standings.of(guarded.map(({ credential }) => credential))
    guarded.forEach((one, at) => note(one, found[at] ?? null))
  }

  function note(one: Guarded, standing: Standing | null): void {
    const now = textOf(standing)
    if (now === one.was || !all.has(one)) return
    one.was = now
    one.onChange(standing)
  }

  /** A database that does not answer ends nobody's line. */
  function lookAtAll(): void {
    if (isLooking) return
    isLooking = true
    void look([...all])
      .catch(onBug)
      .finally(() => (isLooking = false))
  }

  function stop(): void {
    if (timer) clearInterval(timer)
    timer = null
  }

  return {
    add: (credential, standing, onChange) => {
      const one: Guarded = { credential, onChange, was: textOf(standing) }
      all.add(one)
      timer ??= setInterval(lookAtAll, EVERY_MS).unref()
      return {
        [Symbol.dispose]: () => {
          all.delete(one)
          if (all.size === 0) stop()
        },
      }
    },
    heed: async (accountId, news) => {
      if (news.some(({ event }) => TELLING.test(event.type)))
        await look([...all].filter(({ credential }) => credential.accountId === accountId))
    },
    close: stop,
  }
}

const textOf = (standing: Standing | null) =>
  JSON.stringify(standing && [[...standing.permissions].toSorted(), standing.reach])
