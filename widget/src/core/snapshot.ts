import type { Picked } from './ports.ts'
import type { Message, State, Visitor, Widget } from './protocol.ts'
import type { Store } from './store.ts'

/** `lost`: it was tried, and comes back by itself. */
export type LineStatus = 'closed' | 'connecting' | 'live' | 'polling' | 'lost'

/** What was written here and is not known to be stored by the server. */
export interface Draft {
  id: string
  text: string
  file: Picked | null
  /** How much of the file is sent, from 0 to 1. */
  progress: number
  createdAt: number
  status: 'queued' | 'sending' | 'failed'
  reason: string | null
  /** The message that is most likely this one; until the server says so it is kept, unseen. */
  shownAs: string | null
}

/** Everything a screen can show, at one moment. */
export interface Snapshot {
  phase: 'idle' | 'beginning' | 'ready' | 'refused'
  /** Why the server will not have us here. */
  refusal: string | null
  /** Why the server does not believe who the page says we are. */
  identityRefused: string | null
  line: LineStatus
  widget: Widget | null
  visitor: Visitor | null
  state: State | null
  messages: Message[]
  hasEarlier: boolean
  isFetchingEarlier: boolean
  drafts: Draft[]
  typing: string | null
  unread: number
}

export type Screen = Store<Snapshot>

export const NOTHING: Snapshot = {
  phase: 'idle',
  refusal: null,
  identityRefused: null,
  line: 'closed',
  widget: null,
  visitor: null,
  state: null,
  messages: [],
  hasEarlier: false,
  isFetchingEarlier: false,
  drafts: [],
  typing: null,
  unread: 0,
}
