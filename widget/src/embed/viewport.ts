/** On phones the panel is exactly what the on-screen keyboard leaves of the screen. */
export function followViewport(panel: HTMLElement): () => void {
  const view = window.visualViewport
  if (!view) return () => {}
  const follow = () => {
    panel.style.setProperty('--view-height', `${view.height}px`)
    panel.style.setProperty('--view-top', `${view.offsetTop}px`)
  }
  follow()
  view.addEventListener('resize', follow)
  view.addEventListener('scroll', follow)
  return () => {
    view.removeEventListener('resize', follow)
    view.removeEventListener('scroll', follow)
  }
}

const PHONE = '(max-width: 480px), (max-height: 480px) and (max-width: 960px)'

export function isPhone(): boolean {
  return matchMedia(PHONE).matches
}

/** The page under a panel that fills the screen does not scroll with it. */
export function holdPage(): () => void {
  const { style } = document.documentElement
  const before = style.overflow
  style.overflow = 'hidden'
  return () => {
    style.overflow = before
  }
}
