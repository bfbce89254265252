export const CHANNEL = 'parley_events'
export const SIGNALS = 'parley_signals'
/** A notification takes 8,000 bytes; more accounts than these are told as "all". */
const MOST_NAMED = 200
/** Words told at once, and words that may wait for that: what is more is lost. */
const MOST_TOLD = 16
const MOST_UNTOLD = 64

export type Notice = readonly [channel: string, payload: string]

/** What waits to be notified. Each notice is headed by its sender, to whom it is no news. */
export interface Outbox {
  wake(accountIds: Iterable<string>): void
  tell(text: string): void
  isEmpty(): boolean
  /** The next notices, and the accounts in them: those are put back when the notices do not go. */
  take(): { accountIds: string[]; notices: Notice[] }
}

export function createOutbox(self: string): Outbox {
  const unsent = new Set<string>()
  const untold: string[] = []
  return {
    wake: (accountIds) => {
      for (const id of accountIds) unsent.add(id)
    },
    tell: (text) => {
      if (untold.length < MOST_UNTOLD) untold.push(text)
    },
    isEmpty: () => unsent.size + untold.length === 0,
    take: () => {
      const accountIds = [...unsent]
      unsent.clear()
      const told = untold.splice(0, MOST_TOLD)
      const wakes = accountIds.length > 0 ? [[CHANNEL, payloadOf(self, accountIds)] as const] : []
      return { accountIds, notices: [...wakes, ...told.map((text) => [SIGNALS, `${self} ${text}`] as const)] }
    },
  }
}

function payloadOf(sender: string, accountIds: string[]): string {
  return [sender, ...(accountIds.length > MOST_NAMED ? [] : accountIds)].join(' ')
}
