import { randomUUID } from 'node:crypto'
import type { Presence, Present } from '../../application/ports/live.ts'
import type { Signal, Signals } from '../../application/ports/signals.ts'
import { mostPresent, type PresenceState } from '../../domain/presence.ts'

/** What a process says of its operators is said again so often, and believed so long: a process that died is forgotten. */
const AGAIN_MS = 20_000
const FORGET_MS = 40_000
const LOOK_MS = 5000
/** Operators of other processes that are remembered. */
const MOST_HEARD = 100_000

interface Taken {
  state: PresenceState
  viewing: string | null
}

/** What one process has said of an operator. */
interface Said {
  state: PresenceState
  viewing: string[]
  heardAt: number
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

export function createPresence({ signals, now, onChange }: PresenceParts): OwnedPresence {
  const self = randomUUID()
  /** Lines of this process, by account and operator. */
  const taken = new Map<string, Map<string, Set<Taken>>>()
  /** By account, operator and process; this one's too. */
  const heard = new Map<string, Map<string, Map<string, Said>>>()
  const asked = new Set<string>()
  let listening: Disposable | null = null
  let timer: NodeJS.Timeout | null = null
  let saidAt = 0

  function announce(accountId: string, operatorId: string): void {
    const seats = [...(taken.get(accountId)?.get(operatorId) ?? [])]
    const viewing = [...new Set(seats.flatMap((seat) => seat.viewing ?? []))]
    const state = mostPresent(seats.map((seat) => seat.state))
    signals.send(accountId, { type: 'presence', process: self, operatorId, state, viewing })
  }

  function announceAll(accountId: string): void {
    for (const operatorId of taken.get(accountId)?.keys() ?? []) announce(accountId, operatorId)
  }

  function hear(accountId: string, said: Extract<Signal, { type: 'presence' }>): void {
    const { process, operatorId, state, viewing } = said
    const before = textOf(presentOf(accountId, operatorId))
    if (heard.size >= MOST_HEARD) heard.clear()
    const operators = entry(heard, accountId, () => new Map<string, Map<string, Said>>())
    const processes = entry(operators, operatorId, () => new Map<string, Said>())
    if (state === 'offline') processes.delete(process)
    else processes.set(process, { state, viewing, heardAt: now() })
    tellIfChanged(accountId, operatorId, before)
  }

  function tellIfChanged(accountId: string, operatorId: string, before: string): void {
    const present = presentOf(accountId, operatorId)
    if (heard.get(accountId)?.get(operatorId)?.size === 0) heard.get(accountId)?.delete(operatorId)
    if (heard.get(accountId)?.size === 0) heard.delete(accountId)
    if (textOf(present) !== before) onChange(accountId, present)
  }

  function presentOf(accountId: string, operatorId: string): Present {
    const said = [...(heard.get(accountId)?.get(operatorId)?.values() ?? [])]
    const viewing = [...new Set(said.flatMap((one) => one.viewing))].toSorted()
    return { operatorId, state: mostPresent(said.map((one) => one.state)), viewing }
  }

  function forgetSilent(): void {
    const oldest = now() - FORGET_MS
    for (const [accountId, operators] of heard)
      for (const [operatorId, processes] of operators) {
        const before = textOf(presentOf(accountId, operatorId))
        for (const [process, said] of processes) if (said.heardAt < oldest) processes.delete(process)
        tellIfChanged(accountId, operatorId, before)
      }
  }

  /** The first time somebody here asks about an account, the other processes are asked. */
  function rollCall(accountId: string): void {
    listening ??= signals.listen(listen)
    timer ??= setInterval(look, LOOK_MS).unref()
    if (asked.has(accountId)) return
    if (asked.size >= MOST_HEARD) asked.clear()
    asked.add(accountId)
    signals.send(accountId, { type: 'roll-call' })
  }

  function listen(accountId: string, signal: Signal): void {
    if (signal.type === 'presence') hear(accountId, signal)
    else if (signal.type === 'roll-call') announceAll(accountId)
  }

  function look(): void {
    forgetSilent()
    if (now() - saidAt < AGAIN_MS) return
    saidAt = now()
    for (const accountId of taken.keys()) announceAll(accountId)
  }

  return {
    sit: (accountId, operatorId, state) => {
      rollCall(accountId)
      const seat: Taken = { state, viewing: null }
      const operators = entry(taken, accountId, () => new Map<string, Set<Taken>>())
      entry(operators, operatorId, () => new Set<Taken>()).add(seat)
      announce(accountId, operatorId)
      const change = (changed: Partial<Taken>) => {
        if (!operators.get(operatorId)?.has(seat)) return
        Object.assign(seat, changed)
        announce(accountId, operatorId)
      }
      return {
        set: (next) => change({ state: next }),
        view: (conversationId) => change({ viewing: conversationId }),
        [Symbol.dispose]: () => {
          const seats = operators.get(operatorId)
          if (!seats?.delete(seat)) return
          announce(accountId, operatorId)
          if (seats.size === 0) operators.delete(operatorId)
          if (operators.size === 0) taken.delete(accountId)
        },
      }
    },
    of: (accountId) => {
      rollCall(accountId)
      return [...(heard.get(accountId)?.keys() ?? [])].map((operatorId) => presentOf(accountId, operatorId))
    },
    close: () => {
      if (timer) clearInterval(timer)
      listening?.[Symbol.dispose]()
    },
  }
}

const textOf = ({ state, viewing }: Present) => `${state} ${viewing.join(' ')}`

function entry<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const found = map.get(key) ?? make()
  map.set(key, found)
  return found
}
