import type { RunBatch } from '../../application/ports/house.ts'
import type { Outcome, Progress } from '../../application/ports/webhooks.ts'
import { DomainError } from '../../domain/errors.ts'

/** Whose tries are written down: how far it is with all that were handed in. */
export interface Source {
  progress(): Progress
}

interface Entry {
  source: Source
  outcome: Outcome | null
  done(): void
}

/** Writes down what came of tries, of all endpoints of the process together: what comes during a commit shares the next one. */
export interface Recorder {
  /** Resolves when it is committed, however long the database does not answer. Without an outcome it only notes how far the source is. */
  record(source: Source, outcome: Outcome | null): Promise<void>
  /** Resolves when all that was handed in is committed. */
  flushed(): Promise<void>
  /** What is not written down by now is told again by whoever comes next. */
  close(): void
}

const PAUSE_MS = 500

export function createRecorder(parts: { runBatch: RunBatch; onBug(error: unknown): void }): Recorder {
  let waiting: Entry[] = []
  let running: Promise<void> | null = null
  let isClosed = false

  const write = (outcomes: Outcome[], progress: Progress[]) =>
    parts.runBatch(({ webhooks }) => webhooks.record(outcomes, progress))

  /** All that is handed in at once: how far the sources are counts all of it. */
  async function commit(entries: Entry[]): Promise<void> {
    const sources = [...new Set(entries.map(({ source }) => source))]
    const progress = sources.map((source) => source.progress())
    const outcomes = entries.flatMap(({ outcome }) => outcome ?? [])
    try {
      await write(outcomes, progress)
    } catch (error) {
      if (error instanceof DomainError) throw error
      parts.onBug(error)
      for (const outcome of outcomes) await commitAlone(outcome)
      await write([], progress)
    }
  }

  /** One that the database does not take is written without what the endpoint answered: nothing else in it is a stranger's. */
  async function commitAlone(outcome: Outcome): Promise<void> {
    await write([outcome], []).catch((error: unknown) => {
      if (error instanceof DomainError) throw error
      parts.onBug(error)
      return write([{ ...outcome, attempt: { ...outcome.attempt, response: null } }], [])
    })
  }

  const goesOn = () => waiting.length > 0 && !isClosed

  async function run(): Promise<void> {
    while (goesOn()) {
      const entries = waiting
      waiting = []
      try {
        await commit(entries)
        for (const { done } of entries) done()
      } catch (error) {
        parts.onBug(error)
        waiting = [...entries, ...waiting]
        await new Promise<void>((resolve) => void setTimeout(resolve, PAUSE_MS).unref())
      }
    }
  }

  return {
    record: (source, outcome) =>
      new Promise<void>((resolve) => {
        waiting.push({ source, outcome, done: resolve })
        running ??= run().finally(() => {
          running = null
        })
      }),
    flushed: async () => {
      for (let batch = running; batch; batch = running) await batch
    },
    close: () => {
      isClosed = true
    },
  }
}
