import type { PresenceState } from '../../domain/presence.ts'

/** Who writes just now. */
export interface Typist {
  kind: 'operator' | 'bot' | 'contact'
  id: string
  name: string
}

/** What happens and is no event: it is not kept, and may be lost. */
export type Signal =
  | { type: 'typing'; conversationId: string; by: Typist; isTyping: boolean }
  /** What the lines of one process say of an operator: all of it each time. Offline: it has none there any more. */
  | { type: 'presence'; process: string; operatorId: string; state: PresenceState; viewing: string[] }
  /** A visitor's session has ended: its lines are to be looked at. */
  | { type: 'farewell'; sessionId: string }
  /** Somebody has just begun to listen: say who is there. */
  | { type: 'roll-call' }

export type SignalListener = (accountId: string, signal: Signal) => void

/** Takes signals to whoever listens, in this process and in others: at most once. */
export interface Signals {
  send(accountId: string, signal: Signal): void
  /** Told what others send, and what is sent here. */
  listen(listener: SignalListener): Disposable
}
