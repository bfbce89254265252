import { MOST_BEHIND, type TalkRead } from '../../application/live/read-visits.ts'
import type { Listener } from '../../application/ports/live.ts'
import type { Party } from '../../application/ports/live-reader.ts'
import type { VisitState } from '../../application/visitors/read-visit.ts'
import type { ToldMessage } from '../../application/visitors/tell-messages.ts'

/** One visitor's conversation, and its lines in this process. */
export interface Room extends Party {
  /** Null until somebody has come in. */
  state: VisitState | null
  /** Told up to here. */
  seq: number
  /** With the last entry each was told. */
  members: Map<Listener, number>
  /** Lines that are on their way in. */
  coming: number
}

export const emptyRoom = ({ channelId, externalId }: Party): Room => ({
  ...{ channelId, externalId, state: null, seq: 0, members: new Map(), coming: 0 },
})

/** Has each done, whatever the others throw. */
export type ForEach = (listeners: Iterable<Listener>, deed: (listener: Listener) => void) => void

export const telling =
  (onBug: (error: unknown) => void): ForEach =>
  (listeners, deed) => {
    for (const listener of [...listeners])
      try {
        deed(listener)
      } catch (error) {
        onBug(error)
      }
  }

/** Tells what is new. `more`: there is more than was read; `moved`: it is another conversation than before. */
export function tellRoom(
  room: Room,
  { conversationId, messages }: TalkRead,
  forEach: ForEach,
): 'all' | 'more' | 'moved' {
  const before = room.state?.conversationId
  if (before && before !== conversationId) return 'moved'
  const told = messages.slice(0, MOST_BEHIND)
  const last = told.at(-1)?.message.seq
  if (last === undefined) return 'all'
  room.seq = last
  forEach(room.members.keys(), (listener) => {
    const known = room.members.get(listener) ?? last
    const rest = told.filter(({ message }) => message.seq > known)
    if (rest.length > 0) listener.tell(rest)
    room.members.set(listener, Math.max(known, last))
  })
  return messages.length > told.length ? 'more' : 'all'
}

export function setState(room: Room, state: VisitState, forEach: ForEach): void {
  const isChanged = JSON.stringify(state) !== JSON.stringify(room.state)
  room.state = state
  if (isChanged) forEach(room.members.keys(), (listener) => listener.change(state))
}

/** Why somebody cannot be told what comes after an entry; null when they can. */
export function whyReset(
  after: number,
  { lastSeq }: VisitState,
  messages: readonly ToldMessage[],
): 'gap' | 'unknown' | null {
  if (after > lastSeq) return 'unknown'
  return messages.length > MOST_BEHIND ? 'gap' : null
}
