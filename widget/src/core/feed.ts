import type { Drafts } from './drafts.ts'
import { lastSeq, mergeMessages, withReviews } from './messages.ts'
import type { Message, Session, State, Updates } from './protocol.ts'
import type { Screen } from './snapshot.ts'

/** What came over the line, put in its place. `cursor` is the `seq` up to which nothing is missing; what we sent ourselves over HTTP may lie beyond it. */
export interface Feed {
  cursor(): number
  begun(session: Session, isSame: boolean): void
  /** False: something before it is missing. */
  message(after: number, message: Message): boolean
  update(updates: Updates): void
  /** The newest page, instead of what is held. */
  replace(messages: Message[], hasEarlier: boolean): void
  earlier(messages: Message[], hasEarlier: boolean): void
  state(state: State): void
}

export interface FeedOwner {
  drafts: Drafts
  takeState(state: State): void
  heard(message: Message): void
}

export function createFeed(screen: Screen, { drafts, takeState, heard }: FeedOwner): Feed {
  let cursor = 0

  function add(messages: Message[]): void {
    const held = new Set(screen.get().messages.map(({ id }) => id))
    drafts.recognise(messages)
    screen.set({ messages: mergeMessages(screen.get().messages, messages) })
    for (const message of messages) {
      if (message.author.kind === 'visitor' || held.has(message.id)) continue
      screen.set({ typing: null })
      heard(message)
    }
  }

  function state(news: State): void {
    takeState(news)
    screen.set({ messages: withReviews(screen.get().messages, news.reviews) })
  }

  function replace(messages: Message[], hasEarlier: boolean): void {
    cursor = lastSeq(messages)
    screen.set({ messages: mergeMessages([], messages), hasEarlier })
  }

  return {
    cursor: () => cursor,
    replace,
    state,
    begun({ widget, visitor, state: news, messages, hasMore, identityRefused }, isSame) {
      screen.set({ phase: 'ready', refusal: null, widget, visitor, identityRefused })
      // The same visitor's line goes on from the cursor; a page could leave a hole before it.
      if (!isSame) replace(messages, hasMore)
      state(news)
    },
    message(after, message) {
      if (message.seq <= cursor) return true
      if (after !== cursor) return false
      cursor = message.seq
      add([message])
      return true
    },
    update({ messages, hasMore, state: news, isReset }) {
      if (isReset) replace(messages, hasMore)
      else add(messages)
      cursor = Math.max(cursor, lastSeq(messages))
      state(news)
    },
    earlier(messages, hasEarlier) {
      screen.set({ messages: mergeMessages(screen.get().messages, messages), hasEarlier })
    },
  }
}
