import { createChat, type Chat } from '../src/core/chat.ts'
import type { Keep, KeptDraft } from '../src/core/ports.ts'
import type { Message } from '../src/core/protocol.ts'
import type { Snapshot } from '../src/core/snapshot.ts'
import { createFalseClock, type FalseClock } from './false-clock.ts'
import { createFalseServer, type FalseServer } from './false-server.ts'

/** A browser's memory: outlives the page, is shared by its tabs. */
export interface FalseKeep extends Keep {
  hasSpoken: boolean
}

export function createFalseKeep(): FalseKeep {
  const drafts = new Map<string, KeptDraft>()
  let token: string | null = null
  const keep: FalseKeep = {
    hasSpoken: false,
    token: () => token,
    keepToken: (news) => void (token = news),
    markSpoken: (hasSpoken) => void (keep.hasSpoken = hasSpoken),
    drafts: () => [...drafts.values()],
    keepDraft: (draft) => void drafts.set(draft.id, draft),
    dropDraft: (id) => void drafts.delete(id),
  }
  return keep
}

export interface Visit {
  chat: Chat
  clock: FalseClock
  server: FalseServer
  keep: FalseKeep
  heard: Message[]
  now(): Snapshot
  texts(): string[]
}

let ids = 0

/** Somebody opens a page with the widget on it. `random` is a half unless said otherwise. */
export function openVisit(
  given: Partial<Pick<Visit, 'clock' | 'server' | 'keep'>> & { random?: () => number } = {},
): Visit {
  const {
    clock = createFalseClock(),
    server = createFalseServer(),
    keep = createFalseKeep(),
    random = () => 0.5,
  } = given
  const heard: Message[] = []
  const chat = createChat(
    { clock, server, keep, random, newId: () => `id ${++ids}` },
    {
      widgetKey: 'key',
      language: 'en',
      page: () => ({ url: 'https://shop.example/', title: 'Shop' }),
      heard: (message) => heard.push(message),
    },
  )
  return {
    ...{ chat, clock, server, keep, heard },
    now: () => chat.screen.get(),
    texts: () => chat.screen.get().messages.map(({ text }) => text),
  }
}

/** The same, with the line open. */
export async function openLive(given: Parameters<typeof openVisit>[0] = {}): Promise<Visit> {
  const visit = openVisit(given)
  visit.chat.begin()
  await visit.clock.pass(1_000)
  return visit
}
