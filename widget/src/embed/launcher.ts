import { readableOn } from '../core/colors.ts'
import type { Look } from './look.ts'

const LABEL: Record<string, string> = { ru: 'Открыть чат', pt: 'Abrir chat', es: 'Abrir chat' }
const SVG = 'http://www.w3.org/2000/svg'

/** The round button. Drawn by hand: a page's policy may forbid markup and styles, and Preact is not here yet. */
export function drawLauncher({ color, position }: Look): HTMLButtonElement {
  const launcher = document.createElement('button')
  const language = (document.documentElement.lang || navigator.language).slice(0, 2).toLowerCase()
  launcher.type = 'button'
  launcher.className = `launcher ${position}`
  launcher.setAttribute('aria-label', LABEL[language] ?? 'Open chat')
  launcher.setAttribute('aria-expanded', 'false')
  launcher.style.setProperty('--brand', color)
  launcher.style.setProperty('--on-brand', readableOn(color))
  const icon = document.createElementNS(SVG, 'svg')
  const path = document.createElementNS(SVG, 'path')
  icon.setAttribute('viewBox', '0 0 24 24')
  icon.setAttribute('aria-hidden', 'true')
  path.setAttribute('d', 'M7.9 20A9 9 0 1 0 4 16.1L2 22Z')
  icon.append(path)
  launcher.append(icon)
  return launcher
}
