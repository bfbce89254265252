import type { Tools } from '../../application/ports/house.ts'
import type { Account } from '../../domain/account.ts'
import type { Actor } from '../../domain/actor.ts'

/** An option of a command: `--name TEXT`, or `--name` alone when it takes no value. */
export interface Option {
  name: string
  /** What stands for its value in the help; null for one without. */
  value: string | null
  help: string
  isRequired?: boolean
}

/** What was given on the command line. */
export interface Given {
  text(name: string): string | undefined
  required(name: string): string
  isOn(name: string): boolean
}

/** What a command works with. The database is opened when it is first asked for: what cannot be meant needs none. */
export interface Desk {
  open(): Promise<{ tools: Tools; accounts(): Promise<Account[]> }>
  /** The account that `--account` names, or the only one there is, and who acts in it. */
  account(): Promise<{ tools: Tools; account: Account; actor: Actor }>
  /** The first line of the input. */
  readLine(): Promise<string>
  /** For a command that goes on until it is stopped: a line of what happens. */
  say(line: string): void
  /** Until somebody wants it to stop. */
  until: AbortSignal
}

/** What was done: as an object for programs, and as lines for people. */
export interface Outcome {
  data: unknown
  lines: string[]
}

export interface Command {
  summary: string
  options: Option[]
  run(desk: Desk, given: Given): Promise<Outcome>
}

/** What was typed cannot be meant: one line, and the exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const ACCOUNT: Option = {
  name: 'account',
  value: 'NUMBER',
  help: 'its number or id; not needed while there is one account',
}
