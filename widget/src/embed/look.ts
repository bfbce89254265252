import type { Identity } from '../core/protocol.ts'

/** What the server writes into the loader: which channel this is, and how its launcher looks. */
export interface Look {
  key: string
  color: string
  position: 'right' | 'left'
  isPoweredShown: boolean
  name: string
  /** The panel's file, as `manifest.json` names it, beside the loader. */
  panel: string
}

export type Command = [name: string, ...rest: unknown[]]
export type Listener = (fact?: unknown) => void
export type EventName = 'open' | 'close' | 'message' | 'unread' | 'ready'

/** What the loader hands to the panel. */
export interface Seat {
  look: Look
  /** Where the server is, with a slash at the end. */
  base: string
  root: ShadowRoot
  launcher: HTMLButtonElement
  identity: Identity | null
  isPoweredHidden: boolean
  tell(event: EventName, fact?: unknown): void
}

/** What the loader asks of the panel. */
export interface Handle {
  isOpen(): boolean
  open(): void
  close(): void
  identify(identity: Identity): void
  logout(): void
}

/** The name under which a channel's things are kept in the browser. */
export const keptAs = (key: string) => `parley:${key}`
