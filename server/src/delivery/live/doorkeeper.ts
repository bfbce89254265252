import type { News } from '../../application/live/look-at-log.ts'
import type { Credential, Standing, Standings } from '../../application/ports/standings.ts'
import type { Channel } from '../../domain/channel.ts'
import type { Visitor } from '../../domain/visitor.ts'
import { createGuards } from './guards.ts'

/** A session of a person ends without an event; a visitor's with a signal, which may be lost. */
const OPERATORS_MS = 2500
const VISITORS_MS = 30_000

const ABOUT_OPERATORS = /^(operator|token|role|group)\./
const ABOUT_VISITORS = /^(channel\.|contact\.deleted$)/

/** Looks again at what those who have a line came in with. */
export interface Doorkeeper {
  guard(credential: Credential, known: Standing, onChange: (standing: Standing | null) => void): Disposable
  watch(visitor: Visitor, onLook: (channel: Channel | null) => void): Disposable
  /** To be done before anything of these events is told. */
  heed(accountId: string, news: readonly News[]): Promise<void>
  /** A visitor's session has ended, as somebody says. */
  farewell(accountId: string, sessionId: string): Promise<void>
  close(): void
}

export function createDoorkeeper(standings: Standings, onBug: (error: unknown) => void): Doorkeeper {
  const operators = createGuards<Credential, Standing>({
    ...{ look: (held) => standings.of(held), everyMs: OPERATORS_MS, onBug },
  })
  const visitors = createGuards<Visitor, Channel>({
    ...{ look: (held) => standings.channelsOf(held), everyMs: VISITORS_MS, onBug },
  })
  return {
    guard: (credential, known, onChange) => {
      let was = textOf(known)
      return operators.add(credential, (standing) => {
        const now = textOf(standing)
        if (now !== was) onChange(standing)
        was = now
      })
    },
    watch: (visitor, onLook) => visitors.add(visitor, onLook),
    heed: async (accountId, news) => {
      const isOfAccount = (held: { accountId: string }) => held.accountId === accountId
      if (news.some(({ event }) => ABOUT_OPERATORS.test(event.type))) await operators.check(isOfAccount)
      if (news.some(({ event }) => ABOUT_VISITORS.test(event.type))) await visitors.check(isOfAccount)
    },
    farewell: (accountId, sessionId) =>
      visitors.check((held) => held.accountId === accountId && held.sessionId === sessionId),
    close: () => {
      operators.close()
      visitors.close()
    },
  }
}

const textOf = (standing: Standing | null) =>
  JSON.stringify(standing && [[...standing.permissions].toSorted(), standing.reach])
