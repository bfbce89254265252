import { randomUUID } from 'node:crypto'
import type { Presence, Present, Seat } from '../../application/ports/live.ts'
import type { Signal, Signals } from '../../application/ports/signals.ts'
import { mostPresent, type PresenceState } from '../../domain/presence.ts'
import { createRoster } from './roster.ts'

/** What a process says of its operators is said again so often. */
const AGAIN_MS = 20_000
/** How often it is looked whether somebody has fallen silent. */
const LOOK_MS = 5000
/** Accounts of which the other processes have been asked. */
const MOST_ASKED = 100_000

interface Taken {
  state: PresenceState
  viewing: string | null
}

export interface OwnedPresence extends Presence {
  close(): void
}

export interface PresenceParts {
  signals: Signals
  now(): number
  /** An operator's presence, or what it looks at, has changed. */
  onChange(accountId: string, present: Present): void
}

/** Operators with lines in this process; those of others are heard of. */
export function createPresence({ signals, now, onChange }: PresenceParts): OwnedPresence {
  const self = randomUUID()
  const roster = createRoster(now, onChange)
  /** By account and operator. */
  const seats = new Map<string, Map<string, Set<Taken>>>()
  const asked = new Set<string>()
  let listening: Disposable | null = null
  let timer: NodeJS.Timeout | null = null
  let saidAt = 0

  function announce(accountId: string, operatorId: string): void {
    const taken = [...(seats.get(accountId)?.get(operatorId) ?? [])]
    const viewing = [...new Set(taken.flatMap((seat) => seat.viewing ?? []))]
    const state = mostPresent(taken.map((seat) => seat.state))
    signals.send(accountId, { type: 'presence', process: self, operatorId, state, viewing })
  }

  function announceAll(accountId: string): void {
    for (const operatorId of seats.get(accountId)?.keys() ?? []) announce(accountId, operatorId)
  }

  function listen(accountId: string, signal: Signal): void {
    if (signal.type === 'presence') roster.hear(accountId, signal)
    else if (signal.type === 'roll-call') announceAll(accountId)
  }

  function look(): void {
    roster.forgetSilent()
    if (now() - saidAt < AGAIN_MS) return
    saidAt = now()
    for (const accountId of seats.keys()) announceAll(accountId)
  }

  /** The first time somebody here asks about an account, the other processes are asked. */
  function rollCall(accountId: string): void {
    listening ??= signals.listen(listen)
    timer ??= setInterval(look, LOOK_MS).unref()
    if (asked.has(accountId)) return
    if (asked.size >= MOST_ASKED) asked.clear()
    asked.add(accountId)
    signals.send(accountId, { type: 'roll-call' })
  }

  function sit(accountId: string, operatorId: string, state: PresenceState): Seat {
    rollCall(accountId)
    const seat: Taken = { state, viewing: null }
    take(seats, { accountId, operatorId, seat })
    announce(accountId, operatorId)
    const change = (changed: Partial<Taken>) => {
      Object.assign(seat, changed)
      announce(accountId, operatorId)
    }
    return {
      set: (next) => change({ state: next }),
      view: (conversationId) => change({ viewing: conversationId }),
      [Symbol.dispose]: () => {
        leave(seats, { accountId, operatorId, seat })
        announce(accountId, operatorId)
      },
    }
  }

  return {
    sit,
    of: (accountId) => {
      rollCall(accountId)
      return roster.of(accountId)
    },
    close: () => {
      if (timer) clearInterval(timer)
      listening?.[Symbol.dispose]()
    },
  }
}

type Seats = Map<string, Map<string, Set<Taken>>>

interface Place {
  accountId: string
  operatorId: string
  seat: Taken
}

function take(seats: Seats, { accountId, operatorId, seat }: Place): void {
  const operators = seats.get(accountId) ?? new Map<string, Set<Taken>>()
  operators.set(operatorId, (operators.get(operatorId) ?? new Set()).add(seat))
  seats.set(accountId, operators)
}

function leave(seats: Seats, { accountId, operatorId, seat }: Place): void {
  const operators = seats.get(accountId)
  const taken = operators?.get(operatorId)
  taken?.delete(seat)
  if (taken?.size === 0) operators?.delete(operatorId)
  if (operators?.size === 0) seats.delete(accountId)
}
