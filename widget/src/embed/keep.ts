import type { Keep, KeptDraft } from '../core/ports.ts'
import { keptAs } from './look.ts'

interface Kept {
  token?: string | null
  spoken?: boolean
  muted?: boolean
}

export interface BrowserKeep extends Keep {
  isMuted(): boolean
  mute(isMuted: boolean): void
  /** Runs when another tab has changed something of this channel. */
  onElsewhere(run: () => void): void
}

/** In `localStorage`; what a browser does not take there, for as long as the page lives. */
export function createKeep(key: string): BrowserKeep {
  const name = keptAs(key)
  const draftName = `${name}:draft:`
  const spare = new Map<string, string>()

  function read(at: string): string | null {
    try {
      return localStorage.getItem(at) ?? spare.get(at) ?? null
    } catch {
      return spare.get(at) ?? null
    }
  }

  function write(at: string, value: string | null): void {
    spare.delete(at)
    try {
      if (value === null) localStorage.removeItem(at)
      else localStorage.setItem(at, value)
    } catch {
      // Forbidden or full.
      if (value !== null) spare.set(at, value)
    }
  }

  function names(): string[] {
    try {
      return [...Object.keys(localStorage), ...spare.keys()]
    } catch {
      return [...spare.keys()]
    }
  }

  const all = (): Kept => parse(read(name)) ?? {}
  const change = (news: Kept) => write(name, JSON.stringify({ ...all(), ...news }))
  const isOurs = (at: string) => at === name || at.startsWith(draftName)

  return {
    token: () => all().token ?? null,
    keepToken: (token) => change({ token }),
    markSpoken: (spoken) => {
      if ((all().spoken ?? false) !== spoken) change({ spoken })
    },
    isMuted: () => all().muted ?? false,
    mute: (muted) => change({ muted }),
    drafts: () =>
      names()
        .filter((at) => at.startsWith(draftName))
        .map((at) => parse(read(at)) as KeptDraft | null)
        .filter((draft) => draft !== null)
        .sort((one, other) => one.createdAt - other.createdAt),
    keepDraft: (draft) => write(draftName + draft.id, JSON.stringify(draft)),
    dropDraft: (id) => write(draftName + id, null),
    onElsewhere(run) {
      addEventListener('storage', (event) => {
        if (event.key === null || isOurs(event.key)) run()
      })
    },
  }
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
