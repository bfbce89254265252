import { readableOn } from '../core/colors.ts'
import css from '../view/panel.css?inline'
import type { Seat } from './look.ts'
import { followViewport, holdPage, isPhone } from './viewport.ts'

const RTL = /^(?:ar|fa|he|ur|ps|sd|ug|yi|dv|ckb)\b/i

/** The element the panel is drawn in: beside the launcher, behind the same shadow. */
export interface Frame {
  element: HTMLElement
  paint(color: string): void
  show(isOpen: boolean): void
}

export function createFrame({ look, root, launcher }: Seat, language: string): Frame {
  const element = document.createElement('div')
  const { lang, dir } = document.documentElement
  element.className = `panel ${look.position}`
  element.hidden = true
  element.tabIndex = -1
  element.dir = dir || (RTL.test(lang) ? 'rtl' : 'ltr')
  element.lang = language
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  root.append(element)
  let release: (() => void)[] = []
  return {
    element,
    paint(color) {
      for (const { style } of [element, launcher]) {
        style.setProperty('--brand', color)
        style.setProperty('--on-brand', readableOn(color))
      }
    },
    show(isOpen) {
      element.hidden = !isOpen
      for (const free of release) free()
      release = isOpen && isPhone() ? [followViewport(element), holdPage()] : []
      // Where a keyboard is at hand the field gets it, once it is there.
      if (isOpen) element.focus({ preventScroll: true })
    },
  }
}
