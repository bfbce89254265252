export interface TextType {
  mimeType: string
  ext: string
}

const PLAIN: TextType = { mimeType: 'text/plain', ext: 'txt' }
const HTML: TextType = { mimeType: 'text/html', ext: 'html' }
export const SVG: TextType = { mimeType: 'image/svg+xml', ext: 'svg' }
const XML: TextType = { mimeType: 'application/xml', ext: 'xml' }

const SVG_ROOT = /<(?:[a-z]+:)?svg[\s>/]/i
const DOCTYPE_SVG = /^<!doctype\s+svg/i
// The tags by which browsers recognise HTML (WHATWG MIME sniffing), and those that act without a frame around them.
const HTML_START =
  /^<(?:!doctype|html|head|body|script|iframe|h1|div|font|table|a|style|title|b|br|p|img|video|audio|form|input|meta|link|base|object|embed|template|frameset|math|svg)(?![a-z0-9-])/i

/** What text this is, or null when it is not valid UTF-8 text. The last character may be cut, for a head of a longer file. */
export function textTypeOf(head: Uint8Array): TextType | null {
  const text = decode(head)
  if (text === null || text.includes('\0')) return null
  const start = skipToContent(text)
  if (start.startsWith('<?xml') || DOCTYPE_SVG.test(start)) return SVG_ROOT.test(start) ? SVG : XML
  if (SVG_ROOT.test(start.slice(0, 64)) && start.startsWith('<')) return SVG
  return HTML_START.test(start) || start.startsWith('<!') ? HTML : PLAIN
}

function decode(head: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
  } catch {
    return null
  }
}

// By hand: a pattern for "blanks and comments" may be walked in exponentially many ways.
function skipToContent(text: string): string {
  let rest = text.trimStart()
  while (rest.startsWith('<!--')) {
    const end = rest.indexOf('-->', 4)
    if (end < 0) return rest
    rest = rest.slice(end + 3).trimStart()
  }
  return rest
}
