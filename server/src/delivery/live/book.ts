import type { Listener } from '../../application/ports/live.ts'
import type { Party } from '../../application/ports/live-reader.ts'
import type { DomainEvent } from '../../domain/events.ts'
import { emptyRoom, type Room } from './room.ts'

/** Somebody on the way in, who has been told up to `after`. */
export interface Comer {
  room: Room
  after: number
  listener: Listener
  hasBegun: boolean
  isGone: boolean
}

export type Book = ReturnType<typeof createBook>

const keyOf = ({ channelId, externalId }: Party) => `${channelId} ${externalId}`

/** Which rooms there are, and which of them are to be read. */
export function createBook() {
  const rooms = new Map<string, Room>()
  const byConversation = new Map<string, Room>()
  const book = {
    rooms,
    stirred: new Set<Room>(),
    coming: new Set<Comer>(),
    /** Conversations that have just begun: whose they are is to be asked. */
    begun: new Set<string>(),
    /** Conversations of which something was heard while others were read: whoever comes in by that reading is behind. */
    heeded: null as Set<string> | null,
    isTeamStirred: false,
    isStirred: () => book.stirred.size + book.coming.size + book.begun.size > 0 || book.isTeamStirred,
    stir: (party: Party) => {
      const room = rooms.get(keyOf(party))
      if (room?.state) book.stirred.add(room)
    },
    heed: (event: DomainEvent) => {
      if (/^(operator|channel|bot)\./.test(event.type)) book.isTeamStirred = rooms.size > 0
      if (event.type === 'conversation.created' && rooms.size > 0) book.begun.add(event.conversationId)
      for (const id of conversationsOf(event)) {
        book.heeded?.add(id)
        const room = byConversation.get(id)
        if (room) book.stirred.add(room)
      }
    },
    /** Somebody is in it now, or it has got another state. */
    note: (room: Room) => {
      const id = room.state?.conversationId
      if (!id || rooms.get(keyOf(room)) !== room) return
      byConversation.set(id, room)
      if (book.heeded?.has(id)) book.stirred.add(room)
    },
    drop: (room: Room) => {
      room.members.clear()
      if (rooms.get(keyOf(room)) === room) rooms.delete(keyOf(room))
      book.stirred.delete(room)
      const id = room.state?.conversationId
      if (id && byConversation.get(id) === room) byConversation.delete(id)
    },
    enter: (party: Party, after: number, listener: Listener): Comer => {
      const room = rooms.get(keyOf(party)) ?? emptyRoom(party)
      rooms.set(keyOf(party), room)
      room.coming += 1
      const comer = { room, after, listener, hasBegun: false, isGone: false }
      book.coming.add(comer)
      return comer
    },
    leave: (comer: Comer) => {
      const { room, listener } = comer
      if (comer.isGone) return
      comer.isGone = true
      room.coming -= 1
      book.coming.delete(comer)
      room.members.delete(listener)
      if (room.coming === 0) book.drop(room)
    },
    membersOf: (conversationId: string) => byConversation.get(conversationId)?.members.keys() ?? [],
  }
  return book
}

function conversationsOf(event: DomainEvent): string[] {
  if ('conversationId' in event) return [event.conversationId]
  return event.type === 'contact.deleted' ? event.conversationIds : []
}
