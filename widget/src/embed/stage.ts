import type { Chat } from '../core/chat.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { createStore, type Store } from '../core/store.ts'
import type { BrowserKeep } from './keep.ts'
import type { Seat } from './look.ts'
import { isPhone } from './viewport.ts'

export interface Scene {
  isOpen: boolean
  isMuted: boolean
  /** Where what is new begins, while it is new. */
  newAfter: number | null
  /** Counts how often whoever writes was to be given the field. */
  focusAt: number
  /** It fills the screen: there is nothing beside it. */
  isWhole: boolean
}

/** Whether the panel is open, and what follows from that. */
export interface Stage {
  scene: Store<Scene>
  isWatched(): boolean
  open(): void
  close(): void
  mute(): void
  /** Somebody came or went; the window has another focus. */
  look(): void
  /** The conversation went on. */
  follow(before: Snapshot, now: Snapshot): void
}

export function createStage(chat: Chat, keep: BrowserKeep, tell: Seat['tell']): Stage {
  const isMuted = keep.isMuted()
  const scene = createStore<Scene>({ isOpen: false, isMuted, newAfter: null, focusAt: 0, isWhole: false })
  const isWatched = () => scene.get().isOpen && !document.hidden && document.hasFocus()
  const look = () => chat.watch(isWatched())
  const readSeq = ({ unread, state }: Snapshot) => (unread > 0 && state ? state.readSeq : null)

  return {
    scene,
    isWatched,
    look,
    open() {
      const { isOpen, focusAt } = scene.get()
      if (isOpen) return
      const now = chat.screen.get()
      // On a phone the keyboard would cover what one came to read.
      const hasKeys = !matchMedia('(pointer: coarse)').matches
      scene.set({
        isOpen: true,
        isWhole: isPhone(),
        newAfter: readSeq(now),
        focusAt: focusAt + (hasKeys ? 1 : 0),
      })
      if (now.phase === 'idle') chat.begin()
      look()
      tell('open')
    },
    close() {
      if (!scene.get().isOpen) return
      scene.set({ isOpen: false, newAfter: null })
      look()
      tell('close')
    },
    mute() {
      keep.mute(!keep.isMuted())
      scene.set({ isMuted: keep.isMuted() })
    },
    follow(before, now) {
      const { isOpen, newAfter } = scene.get()
      const hasWritten = now.drafts.length > before.drafts.length
      if (newAfter !== null && hasWritten) scene.set({ newAfter: null })
      else if (isOpen && newAfter === null && before.unread === 0 && !isWatched()) {
        scene.set({ newAfter: readSeq(now) })
      }
    },
  }
}
