import type { Present } from '../../application/ports/live.ts'
import type { Signal } from '../../application/ports/signals.ts'
import { mostPresent, type PresenceState } from '../../domain/presence.ts'

/** What a process says is believed so long: one that died is forgotten. */
const FORGET_MS = 40_000
/** Accounts whose operators are remembered. */
const MOST_HEARD = 100_000

/** What one process has said of an operator. */
interface Said {
  state: PresenceState
  viewing: string[]
  heardAt: number
}

/** By operator and process. */
type Operators = Map<string, Map<string, Said>>

/** Who is there, by what all processes have said, this one too. */
export interface Roster {
  hear(accountId: string, said: Extract<Signal, { type: 'presence' }>): void
  of(accountId: string): Present[]
  forgetSilent(): void
}

export function createRoster(
  now: () => number,
  onChange: (accountId: string, present: Present) => void,
): Roster {
  const heard = new Map<string, Operators>()

  function change(accountId: string, operatorId: string, deed: (processes: Map<string, Said>) => void): void {
    const operators = heard.get(accountId) ?? new Map<string, Map<string, Said>>()
    const processes = operators.get(operatorId) ?? new Map<string, Said>()
    const before = presentOf(operatorId, processes)
    deed(processes)
    if (processes.size > 0) operators.set(operatorId, processes)
    else operators.delete(operatorId)
    if (operators.size > 0) heard.set(accountId, operators)
    else heard.delete(accountId)
    const after = presentOf(operatorId, processes)
    if (textOf(after) !== textOf(before)) onChange(accountId, after)
  }

  function forget(accountId: string, operators: Operators, oldest: number): void {
    for (const [operatorId, processes] of operators)
      change(accountId, operatorId, () => {
        for (const [process, { heardAt }] of processes) if (heardAt < oldest) processes.delete(process)
      })
  }

  return {
    hear: (accountId, { process, operatorId, state, viewing }) => {
      if (heard.size >= MOST_HEARD) heard.clear()
      change(accountId, operatorId, (processes) => {
        if (state === 'offline') processes.delete(process)
        else processes.set(process, { state, viewing, heardAt: now() })
      })
    },
    of: (accountId) =>
      [...(heard.get(accountId) ?? [])].map(([operatorId, processes]) => presentOf(operatorId, processes)),
    forgetSilent: () => {
      const oldest = now() - FORGET_MS
      for (const [accountId, operators] of heard) forget(accountId, operators, oldest)
    },
  }
}

function presentOf(operatorId: string, processes: Map<string, Said>): Present {
  const said = [...processes.values()]
  const viewing = [...new Set(said.flatMap((one) => one.viewing))].toSorted()
  return { operatorId, state: mostPresent(said.map((one) => one.state)), viewing }
}

const textOf = ({ state, viewing }: Present) => `${state} ${viewing.join(' ')}`
