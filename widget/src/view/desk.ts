import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Chat } from '../core/chat.ts'
import type { Times } from './times.ts'
import type { Say } from './words.ts'

/** What every part of the panel has at hand. */
export interface Desk {
  chat: Chat
  say: Say
  times: Times
  locale: string
  now(): number
  /** Opens a picture of the conversation over the page. */
  show(url: string): void
}

const DeskContext = createContext<Desk | null>(null)
export const DeskProvider = DeskContext.Provider

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (desk === null) throw new Error('a part of the panel stands outside it')
  return desk
}
