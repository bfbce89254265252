export interface Part {
  text: string
  /** Null: plain words. Begins with http, https, mailto or tel, nothing else. */
  href: string | null
}

/** Invisible and direction-turning characters end a link: what is opened must be what is read. */
const END =
  '\\s<>"\'`\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff'
const FOUND = new RegExp(
  `(?:https?://|mailto:|tel:)[^${END}]{1,2000}|[\\w.+-]{1,64}@[\\p{L}\\p{N}-]{1,63}(?:\\.[\\p{L}\\p{N}-]{1,63}){1,8}`,
  'giu',
)
const CLOSING: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

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

/** The full stop after an address is not part of it, nor is the bracket around it. */
function withoutTail(found: string): string {
  let shown = found
  for (;;) {
    const last = shown.at(-1) ?? ''
    const opening = CLOSING[last]
    const isTail = opening === undefined ? '.,;:!?…»”’*_'.includes(last) : !isBalanced(shown, opening, last)
    if (last === '' || !isTail) return shown
    shown = shown.slice(0, -1)
  }
}

function isBalanced(text: string, opening: string, closing: string): boolean {
  return text.split(opening).length >= text.split(closing).length
}

function hrefOf(shown: string): string | null {
  if (/^https?:\/\//i.test(shown)) {
    const authority = shown.slice(shown.indexOf('//') + 2).split(/[/?#\\]/)[0] ?? ''
    // `https://bank.example@evil.example` reads as a place where it does not lead.
    return authority === '' || /[@%]/.test(authority) ? null : shown
  }
  if (/^mailto:[^@]+@[^@]+$/i.test(shown) || /^tel:\+?[\d().-]{3,}$/i.test(shown)) return shown
  return /^[^:]+@[^@]+$/.test(shown) ? `mailto:${shown}` : null
}
