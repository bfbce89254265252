const LONGEST = 255
const CONTROL = /\p{Cc}/u

/** The key that an Idempotency-Key header carries; null for one that is no key: blank, too long, or with control characters. */
export function readIdempotencyKey(header: string | string[]): string | null {
  const key = decoded([header].flat().join(', ')).trim()
  return key === '' || CONTROL.test(key) || Array.from(key).length > LONGEST ? null : key
}

/** Headers come in as bytes, one character each. Bytes that are UTF-8 are meant as such; others are taken as they are. */
function decoded(text: string): string {
  const bytes = Buffer.from(text, 'latin1')
  if (bytes.toString('latin1') !== text) return text
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return text
  }
}
