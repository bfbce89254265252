import type { Actor } from '../../domain/actor.ts'
import type { EventPosition, ResetReason } from '../../domain/event-log.ts'
import type { PresenceState } from '../../domain/presence.ts'
import type { Channel } from '../../domain/channel.ts'
import type { Visitor } from '../../domain/visitor.ts'
import type { News } from '../live/look-at-log.ts'
import type { VisitState } from '../visitors/read-visit.ts'
import type { ToldMessage } from '../visitors/tell-messages.ts'
import type { Counters } from './live-reader.ts'
import type { Typist } from './signals.ts'
import type { Credential, Standing } from './standings.ts'

/** What is heard of somebody and not kept; told only to those before whom it is. */
export type Heard =
  | { type: 'typing'; conversationId: string; by: Typist; isTyping: boolean }
  | { type: 'presence'; operatorId: string; state: PresenceState }
  /** All that the operator looks at now, as far as it is before whoever is told. */
  | { type: 'viewing'; operatorId: string; conversationIds: string[] }

/** Somebody who is told an account's log while they are here. */
export interface Follower {
  /** Who they are now. */
  actor(): Actor
  /** Said first: what is told comes after this position. */
  begin(position: EventPosition): void
  /** What they missed; the next of it comes when this resolves. */
  catchUp(news: readonly News[]): Promise<void>
  /** What has just happened, in order, each event once. The same objects are given to all. */
  tell(news: readonly News[]): void
  /** There is a gap before `position`, from where they are told. */
  reset(reason: ResetReason, position: EventPosition): void
  hear(heard: Heard): void
  count(counters: Counters): void
  /** They cannot be told for now: they are to come again. */
  fail(): void
}

/** A visitor who is told its conversation while it is here. */
export interface Listener {
  /** Said first: where the conversation stands. What is told comes after the last entry it has. */
  begin(state: VisitState): void
  /** What it missed; then it is told what comes. */
  catchUp(messages: readonly ToldMessage[]): Promise<void>
  /** In order, each once. The same objects are given to all. */
  tell(messages: readonly ToldMessage[]): void
  /** Instead of all that: it is to read anew, and is told nothing more. `unknown`: the entry it has was never given. */
  reset(reason: 'gap' | 'unknown'): void
  change(state: VisitState): void
  /** Somebody of ours writes just now. */
  hear(name: string, isTyping: boolean): void
  /** It cannot be told for now: it is to come again. */
  fail(): void
}

/** An operator's place among those who are there. */
export interface Seat extends Disposable {
  set(state: PresenceState): void
  /** Which conversation it looks at; null for none. */
  view(conversationId: string | null): void
}

export interface Present {
  operatorId: string
  state: PresenceState
  viewing: string[]
}

/** Who is there, in whatever process their lines are. */
export interface Presence {
  sit(accountId: string, operatorId: string, state: PresenceState): Seat
  of(accountId: string): Present[]
}

/** Tells what happens as it happens: one reader of each account's log for all who follow it here. */
export interface Live {
  /** From a position on, or from now on; until disposed of. */
  follow(accountId: string, after: EventPosition | null, follower: Follower): Disposable
  /** Looks at the credential again and again, and before anything is told of a change to it; null: it opens nothing any more. */
  guard(credential: Credential, known: Standing, onChange: (standing: Standing | null) => void): Disposable
  /** The conversation of a visitor after the last entry it has; until disposed of. */
  listen(visitor: Visitor, after: number, listener: Listener): Disposable
  /** Looks again whether a visitor's session lives: null when it does not, else its channel as it is now. */
  watch(visitor: Visitor, onLook: (channel: Channel | null) => void): Disposable
  presence: Presence
}
