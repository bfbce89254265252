// Moments in the life of a message, as they look on the wire between the server and PostgreSQL.

/** What a client asks in one go, up to the moment it wants the answer. */
export interface Unit {
  texts: string[]
  /** Every statement of the transaction so far, these included. */
  transaction: string[]
  isBeginning: boolean
  isEnding: boolean
}

/** `asks`: it has come and is not passed on; `asked`: it has just been passed on; `answers`: the answer is here, not passed on. */
export interface Failpoint {
  name: string
  when: 'asks' | 'asked' | 'answers'
  isAt(unit: Unit): boolean
}

const MESSAGE_INSERT = /insert into "?message"?[\s(]/i
const CLAIM = /update "?outbox"?\s.*\bset holder\b/is
const OUTCOME = /update "?message"?\s.*\bset\b.*"?status"?/is

const JOB_DONE = /delete from \S*_private_jobs\b/i

const says = (pattern: RegExp) => (unit: Unit) => unit.texts.some((text) => pattern.test(text))
/** The end of a transaction in which that was said. */
const ends = (pattern: RegExp) => (unit: Unit) =>
  unit.isEnding && unit.transaction.some((text) => pattern.test(text))

export const beforeBegin: Failpoint = {
  name: 'before BEGIN',
  when: 'asks',
  isAt: (unit) => unit.isBeginning,
}
export const afterInsert: Failpoint = {
  name: 'after the INSERT of messages',
  when: 'answers',
  isAt: (unit) => says(MESSAGE_INSERT)(unit) && !unit.isEnding,
}
export const beforeCommit: Failpoint = {
  name: 'before COMMIT',
  when: 'asks',
  isAt: ends(MESSAGE_INSERT),
}
export const insideCommit: Failpoint = {
  name: 'inside COMMIT',
  when: 'asked',
  isAt: ends(MESSAGE_INSERT),
}
export const afterCommit: Failpoint = {
  name: 'after COMMIT, before the answers',
  when: 'answers',
  isAt: ends(MESSAGE_INSERT),
}
export const afterClaim: Failpoint = {
  name: 'after a dispatch claim',
  when: 'answers',
  isAt: ends(CLAIM),
}
export const beforeOutcome: Failpoint = {
  name: 'after the transport accepted, before the outcome is recorded',
  when: 'asks',
  isAt: says(OUTCOME),
}
export const jobDone: Failpoint = {
  name: 'before a job is reported done',
  when: 'asks',
  isAt: says(JOB_DONE),
}
