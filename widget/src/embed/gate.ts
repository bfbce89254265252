import type { Identity } from '../core/protocol.ts'
import type { Command, EventName, Handle, Listener, Look } from './look.ts'

/** `window.Parley`: what a site says to its chat. Works before the loader has come, by a queue. */
export interface Gate {
  (...command: Command): void
  q?: ArrayLike<unknown>[]
  isLoaded?: boolean
}

/** What is there before the widget: its own queue, and the words of pages that were written for Blinger. */
export interface Site {
  Parley?: Gate
  Blinger?: { launcherWidget?: { readonly isOpen: boolean } }
  blingerBeforeRender?: unknown
  customBlingerConfig?: {
    settings?: { showPowered?: boolean }
    customLivechatFields?: Record<string, unknown>
  }
}

export interface Door {
  handle: Handle | null
  identity: Identity | null
  listeners: [EventName, Listener][]
  load(): Promise<Handle | null>
  open(): void
  isKnown(look: Look): boolean
}

/** Commands that the panel is not needed for do not fetch it. */
export function createGate(look: Look, door: Door): Gate {
  const { listeners } = door
  const commands: Record<string, (first?: unknown, second?: unknown) => void> = {
    open: () => door.open(),
    close: () => door.handle?.close(),
    toggle: () => (door.handle?.isOpen() ? door.handle.close() : door.open()),
    identify(who) {
      door.identity = asIdentity(who)
      door.handle?.identify(door.identity)
    },
    logout() {
      door.identity = null
      if (door.handle || door.isKnown(look)) void door.load().then((handle) => handle?.logout())
    },
    on: (event, listener) => listeners.push([event as EventName, listener as Listener]),
    off(event, listener) {
      const at = listeners.findIndex(([name, heard]) => name === event && heard === listener)
      if (at >= 0) listeners.splice(at, 1)
    },
  }
  const gate: Gate = (name, ...rest) => commands[name]?.(...rest)
  gate.isLoaded = true
  return gate
}

/** Blinger's signed fields: in the order in which they were signed, without the signature itself. */
export function signedFields({ sign, ...fields }: Record<string, unknown>): Identity {
  return { fields: Object.entries(fields).map(([name, value]) => ({ name, value })), sign: String(sign) }
}

/** Fields may be given as an object too, as people write them. */
function asIdentity(who: unknown): Identity {
  const { fields, sign } = who as { fields?: Record<string, unknown>; sign?: string }
  return fields && !Array.isArray(fields) ? signedFields({ ...fields, sign }) : (who as Identity)
}
