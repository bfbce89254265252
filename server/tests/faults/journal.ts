// What a client knows of its messages, written to disk before it counts: intent → acknowledged | refused | unknown.
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Intent } from './doors.ts'

export type Outcome =
  | { state: 'acknowledged'; id: string }
  | { state: 'refused'; status: number; said: string }
  /** No answer, or one that leaves open whether the message is there. */
  | { state: 'unknown'; why: string }

/** All that is known of one message. `at` is a place in the journal: what happened first stands first. */
export interface Entry {
  intent: Intent
  intendedAt: number
  outcomes: (Outcome & { at: number })[]
}

export interface Journal {
  /** Begins every text, so that what is in the database can be told from the rest. */
  readonly mark: string
  intend(draft: Omit<Intent, 'index' | 'text'>): Intent
  note(intent: Intent, outcome: Outcome): void
  /** From the disk. */
  read(): Entry[]
  close(): void
}

type Line = { intent: Intent } | { index: number; outcome: Outcome }

export function openJournal(folder: string, mark: string): Journal {
  const path = join(folder, `${mark}.jsonl`)
  const file = openSync(path, 'a')
  const write = (line: Line) => appendFileSync(file, `${JSON.stringify(line)}\n`)
  let count = 0
  return {
    mark,
    intend: (draft) => {
      const index = count++
      const intent = { ...draft, index, text: `${mark} ${index}` }
      write({ intent })
      return intent
    },
    note: ({ index }, outcome) => write({ index, outcome }),
    read: () => readJournal(path),
    close: () => closeSync(file),
  }
}

function readJournal(path: string): Entry[] {
  const entries: Entry[] = []
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  for (const [at, text] of lines.entries()) {
    const line = JSON.parse(text) as Line
    if ('intent' in line) entries[line.intent.index] = { intent: line.intent, intendedAt: at, outcomes: [] }
    else entries[line.index]?.outcomes.push({ ...line.outcome, at })
  }
  return entries
}

/** Where a message stands: once acknowledged or refused, later answers are compared, not believed. */
export function stateOf({ outcomes }: Entry): Outcome['state'] {
  return outcomes.find(({ state }) => state !== 'unknown')?.state ?? 'unknown'
}
