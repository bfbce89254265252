export interface Part {
  text: string
  /** Null: plain words. Begins with http, https, mailto or tel, nothing else. */
  href: string | null
}

/** Invisible and direction-turning characters end an address: what is opened must be what is read. */
const FOUND = /(?:https?:\/\/|mailto:|tel:)[^\s\p{Cc}\p{Cf}<>"'`]+|(?<![\w.+-])[\w.+-]+@[\p{L}\p{N}.-]+/giu
const CLOSING: Record<string, string> = { ')': '(', ']': '[', '}': '{' }
const TAIL = '.,;:!?…»”’*_'

/** Splits a text into words and links. It never changes or drops a character. */
export function findLinks(text: string): Part[] {
  const parts: Part[] = []
  let end = 0
  const plain = (until: number) => {
    if (until > end) parts.push({ text: text.slice(end, until), href: null })
  }
  for (const { 0: found, index } of text.matchAll(FOUND)) {
    // `xhttp://…` and `javascript:https://…` are no addresses.
    if (index > 0 && /[\p{L}\p{N}:]/u.test(text[index - 1] ?? '')) continue
    const shown = withoutTail(found)
    const href = hrefOf(shown)
    if (href === null) continue
    plain(index)
    parts.push({ text: shown, href })
    end = index + shown.length
  }
  plain(text.length)
  return parts
}

/** The full stop after an address is not part of it, nor is a bracket that was not opened in it. */
function withoutTail(found: string): string {
  const open = new Map<string, number>()
  for (const character of found) open.set(character, (open.get(character) ?? 0) + 1)
  const count = (character: string) => open.get(character) ?? 0
  let end = found.length
  for (; end > 0; end -= 1) {
    const last = found.charAt(end - 1)
    const opening = CLOSING[last]
    const isTail = opening === undefined ? TAIL.includes(last) : count(last) > count(opening)
    if (!isTail) break
    open.set(last, count(last) - 1)
  }
  return found.slice(0, end)
}

function hrefOf(shown: string): string | null {
  if (/^https?:\/\//i.test(shown)) {
    const authority = shown.slice(shown.indexOf('//') + 2).split(/[/?#\\]/)[0] ?? ''
    // `https://bank.example@evil.example` reads as a place where it does not lead.
    return authority === '' || /[@%]/.test(authority) ? null : shown
  }
  if (/^mailto:[^@]+@[^@]+$/i.test(shown) || /^tel:\+?[\d().-]{3,}$/i.test(shown)) return shown
  const [, domain] = shown.split('@')
  const isDomain = domain !== undefined && /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+$/u.test(domain)
  return isDomain && !shown.includes(':') ? `mailto:${shown}` : null
}
