import type { Say } from '../view/words.ts'

export interface Launch {
  show(now: { unread: number; isOpen: boolean; say: Say }): void
}

/** The launcher once the panel is there: what it does, and how much is unread. */
export function createLaunch(launcher: HTMLButtonElement): Launch {
  const badge = document.createElement('span')
  badge.className = 'badge'
  badge.hidden = true
  badge.setAttribute('aria-hidden', 'true')
  launcher.append(badge)
  const path = launcher.querySelector('path')
  const bubble = path?.getAttribute('d') ?? ''
  return {
    show({ unread, isOpen, say }) {
      badge.textContent = unread > 99 ? '99+' : String(unread)
      badge.hidden = unread === 0 || isOpen
      path?.setAttribute('d', isOpen ? 'm6 9 6 6 6-6' : bubble)
      launcher.classList.toggle('is-open', isOpen)
      launcher.setAttribute('aria-expanded', String(isOpen))
      const label = isOpen ? say('close') : unread > 0 ? say('openUnread', { n: unread }) : say('open')
      launcher.setAttribute('aria-label', label)
    },
  }
}
