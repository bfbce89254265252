import type { Signal, SignalListener, Signals } from '../application/ports/signals.ts'
import type { WakeLine } from './wake-line.ts'

/** What comes within this time goes to the other processes together. */
const SPACING_MS = 50
/** Of one notification; it takes 8,000 bytes. */
const MOST_BYTES = 7000
/** Waiting to be told; past this, new ones are lost. */
const MOST_WAITING = 2000

export interface OwnedSignals extends Signals {
  /** What another process told. */
  hear(text: string): void
  close(): void
}

/** Signals of this process are heard here at once, and elsewhere in bundles: of what says the same, the last one counts. */
export function createSignals(line: Pick<WakeLine, 'open' | 'tell'>): OwnedSignals {
  const listeners = new Set<SignalListener>()
  const waiting = new Map<string, string>()
  let timer: NodeJS.Timeout | null = null

  const emit = (accountId: string, signal: Signal) => {
    for (const listener of listeners) listener(accountId, signal)
  }

  function tellAll(): void {
    timer = null
    for (const bundle of bundlesOf(waiting.values())) line.tell(bundle)
    waiting.clear()
  }

  return {
    send: (accountId, signal) => {
      emit(accountId, signal)
      const key = keyOf(accountId, signal)
      if (!waiting.has(key) && waiting.size >= MOST_WAITING) return
      waiting.set(key, JSON.stringify([accountId, signal]))
      timer ??= setTimeout(tellAll, SPACING_MS).unref()
    },
    listen: (listener) => {
      line.open()
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    hear: (text) => {
      for (const told of text.split('\n')) {
        const heard = parse(told)
        if (heard) emit(...heard)
      }
    },
    close: () => {
      if (timer) clearTimeout(timer)
    },
  }
}

/** Written by `send` in another process of ours; whoever else may notify on this database is not listened to. */
function parse(told: string): [string, Signal] | null {
  try {
    const heard: unknown = JSON.parse(told)
    const isOurs = Array.isArray(heard) && typeof heard[0] === 'string' && typeof heard[1]?.type === 'string'
    return isOurs ? (heard as [string, Signal]) : null
  } catch {
    return null
  }
}

function keyOf(accountId: string, signal: Signal): string {
  if (signal.type === 'typing') return `${accountId} typing ${signal.conversationId} ${signal.by.id}`
  if (signal.type === 'farewell') return `${accountId} farewell ${signal.sessionId}`
  return signal.type === 'presence' ? `${accountId} ${signal.operatorId}` : `${accountId} ${signal.type}`
}

/** As many lines to a notification as it takes; a line that is longer by itself is lost. */
function bundlesOf(lines: Iterable<string>): string[] {
  const bundles: string[] = []
  let bundle = ''
  for (const line of lines) {
    const longer = bundle === '' ? line : `${bundle}\n${line}`
    if (Buffer.byteLength(longer) <= MOST_BYTES) bundle = longer
    else {
      if (bundle !== '') bundles.push(bundle)
      bundle = Buffer.byteLength(line) <= MOST_BYTES ? line : ''
    }
  }
  return bundle === '' ? bundles : [...bundles, bundle]
}
