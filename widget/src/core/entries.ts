import type { Author, Message } from './protocol.ts'
import type { Draft } from './snapshot.ts'

/** After such a pause somebody begins anew. */
const PAUSE = 10 * 60_000

export interface Entry {
  key: string
  at: number
  message: Message | null
  draft: Draft | null
}

/** What one author said in a row. */
export interface Run {
  key: string
  author: Author | null
  isOwn: boolean
  entries: Entry[]
  /** The first of what is new to the reader. */
  isFirstNew: boolean
}

export interface Day {
  key: string
  at: number
  runs: Run[]
}

/** The conversation as it stands on a screen: days, and in them runs by one author. `newAfter`: where what is new begins, null for nowhere. */
export function arrange(messages: Message[], drafts: Draft[], newAfter: number | null): Day[] {
  const days: Day[] = []
  let hasMarked = newAfter === null
  for (const entry of entriesOf(messages, drafts)) {
    const day = dayOf(days, entry.at)
    const isNew = !hasMarked && isNewTo(entry, newAfter ?? 0)
    if (isNew) hasMarked = true
    const run = day.runs.at(-1)
    if (run && !isNew && goesOn(run, entry)) run.entries.push(entry)
    else {
      const author = entry.message?.author ?? null
      const isOwn = author === null || author.kind === 'visitor'
      day.runs.push({ key: entry.key, author, isOwn, entries: [entry], isFirstNew: isNew })
    }
  }
  return days
}

function entriesOf(messages: Message[], drafts: Draft[]): Entry[] {
  const said = messages.map((message) => {
    const at = Date.parse(message.createdAt)
    return { key: message.localId ?? message.id, at, message, draft: null }
  })
  const waiting = drafts
    .filter(({ shownAs }) => shownAs === null)
    .map((draft) => ({ key: draft.id, at: draft.createdAt, message: null, draft }))
  return [...said, ...waiting]
}

function dayOf(days: Day[], at: number): Day {
  const date = new Date(at)
  const key = `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
  const last = days.at(-1)
  // A clock that is behind must not begin yesterday again.
  if (last && (last.key === key || last.at > at)) return last
  const day = { key, at, runs: [] }
  days.push(day)
  return day
}

function isNewTo({ message }: Entry, newAfter: number): boolean {
  return message !== null && message.author.kind !== 'visitor' && message.seq > newAfter
}

function goesOn(run: Run, { message, at }: Entry): boolean {
  const last = run.entries.at(-1)
  if (!last || at - last.at > PAUSE) return false
  if (message === null || message.author.kind === 'visitor') return run.isOwn
  const isReview = message.kind === 'review' || last.message?.kind === 'review'
  return (
    !run.isOwn && !isReview && run.author?.id === message.author.id && run.author.kind === message.author.kind
  )
}
