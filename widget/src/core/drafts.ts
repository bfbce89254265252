import type { Keep } from './ports.ts'
import type { Message } from './protocol.ts'
import type { Draft, Screen } from './snapshot.ts'
import { mergeMessages } from './messages.ts'

/** So many texts may wait; the next ones have to wait in the writer's head. */
export const MOST_DRAFTS = 50

/** What waits to be stored by the server, in the order it was written. */
export interface Drafts {
  all(): Draft[]
  find(id: string): Draft | undefined
  add(draft: Draft): void
  change(id: string, change: Partial<Draft>): void
  remove(id: string): void
  /** The server has it: from now on it is a message. */
  settle(id: string, message: Message): void
  /** A message of ours that arrives before the answer to its sending: the draft that is most likely this one hides. */
  recognise(messages: Message[]): void
  /** Lets go of what another tab has sent. */
  dropSent(): void
  /** Also takes what is kept and not held: written before a reload, or in another tab while the line was down. */
  restore(): void
}

export function createDrafts(screen: Screen, keep: Keep): Drafts {
  const all = () => screen.get().drafts
  const set = (drafts: Draft[]) => screen.set({ drafts })
  const change = (id: string, news: Partial<Draft>) =>
    set(all().map((draft) => (draft.id === id ? { ...draft, ...news } : draft)))

  function recognise(messages: Message[]): void {
    for (const { id, author, text } of messages) {
      if (author.kind !== 'visitor' || all().some(({ shownAs }) => shownAs === id)) continue
      const isIt = (draft: Draft) =>
        draft.id === id ||
        (draft.shownAs === null && draft.file === null && draft.status === 'sending' && draft.text === text)
      const draft = all().find(isIt)
      if (draft) change(draft.id, { shownAs: id })
    }
  }

  function dropSent(): void {
    const kept = new Set(keep.drafts().map(({ id }) => id))
    set(all().filter(({ id, file, status }) => file !== null || status === 'failed' || kept.has(id)))
  }

  return {
    all,
    find: (id) => all().find((draft) => draft.id === id),
    change,
    recognise,
    add(draft) {
      set([...all(), draft])
      if (draft.file === null) keep.keepDraft({ id: draft.id, text: draft.text, createdAt: draft.createdAt })
    },
    remove(id) {
      keep.dropDraft(id)
      set(all().filter((draft) => draft.id !== id))
    },
    settle(id, message) {
      keep.dropDraft(id)
      screen.set({
        drafts: all().filter((draft) => draft.id !== id),
        messages: mergeMessages(screen.get().messages, [{ ...message, localId: id }]),
      })
    },
    dropSent,
    restore() {
      dropSent()
      const news = keep.drafts().filter(({ id }) => !all().some((draft) => draft.id === id))
      set([...all(), ...news.map(asDraft)].sort((one, other) => one.createdAt - other.createdAt))
    },
  }
}

export function asDraft(draft: Pick<Draft, 'id' | 'text' | 'createdAt'>): Draft {
  return { ...draft, file: null, progress: 0, status: 'queued', reason: null, shownAs: null }
}
