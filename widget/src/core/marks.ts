import { countUnread, lastTeamSeq } from './messages.ts'
import type { Cancel, Clock } from './ports.ts'
import type { State } from './protocol.ts'
import type { Screen } from './snapshot.ts'

/** Marks within this time are told as one. */
const TOGETHER = 300
/** The team's typing ends by itself after this. */
const TYPING_ENDS = 6_000
/** Own typing is told again at most this often, and is over after a pause. */
const TYPING_AGAIN = 3_000
const TYPING_PAUSE = 4_000

export type Mark =
  { type: 'seen'; receivedSeq?: number; readSeq?: number } | { type: 'typing'; isTyping: boolean }

/** What is seen and who is typing. Lost marks do no harm: the next one says more. */
export interface Marks {
  /** Whether somebody looks at the conversation right now. */
  watch(isWatched: boolean): void
  /** Tells how far this side has received and read, if that is news. */
  look(): void
  /** Takes what the server says, without going back behind what was read here. */
  takeState(state: State): void
  teamTypes(name: string | null): void
  typed(): void
  stoppedTyping(): void
  reset(): void
}

export function createMarks(clock: Clock, screen: Screen, tell: (mark: Mark) => boolean): Marks {
  let isWatched = false
  let received = 0
  let read = 0
  let cancelLook: Cancel | null = null
  let cancelTyping: Cancel = () => {}
  let cancelPause: Cancel = () => {}
  let toldTypingAt: number | null = null

  function count(): void {
    const { messages, state, hasEarlier, unread: before } = screen.get()
    if (state === null) return
    const readSeq = Math.max(state.readSeq, read)
    const isAllHeld = !hasEarlier || (messages[0]?.seq ?? 0) <= readSeq
    const held = countUnread(messages, readSeq)
    const unread = isAllHeld ? held : Math.max(held, state.unreadCount)
    if (unread !== before) screen.set({ unread })
  }

  function look(): void {
    count()
    cancelLook ??= clock.after(TOGETHER, () => {
      cancelLook = null
      report()
    })
  }

  function report(): void {
    const { messages, state, unread } = screen.get()
    const last = lastTeamSeq(messages)
    if (state === null) return
    if (isWatched && unread > 0) {
      if (tell({ type: 'seen', readSeq: last })) {
        read = received = last
        count()
      }
    } else if (last > Math.max(received, state.readSeq)) {
      if (tell({ type: 'seen', receivedSeq: last })) received = last
    }
  }

  function stoppedTyping(): void {
    cancelPause()
    if (toldTypingAt === null) return
    toldTypingAt = null
    tell({ type: 'typing', isTyping: false })
  }

  return {
    look,
    stoppedTyping,
    watch(now) {
      isWatched = now
      look()
    },
    takeState(state) {
      screen.set({ state: { ...state, readSeq: Math.max(state.readSeq, read) } })
      look()
    },
    teamTypes(name) {
      cancelTyping()
      screen.set({ typing: name })
      if (name !== null) cancelTyping = clock.after(TYPING_ENDS, () => screen.set({ typing: null }))
    },
    typed() {
      cancelPause()
      cancelPause = clock.after(TYPING_PAUSE, stoppedTyping)
      if (toldTypingAt !== null && clock.now() - toldTypingAt < TYPING_AGAIN) return
      toldTypingAt = clock.now()
      tell({ type: 'typing', isTyping: true })
    },
    reset() {
      received = read = 0
    },
  }
}
