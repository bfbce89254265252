/** Whether the database can keep a text: no NUL, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/**
 * Where in parsed input the first text stands that cannot be kept, as `items.0.name`; null when there is none.
 * Keys count too. Without recursion: input may be nested deeper than the stack.
 */
export function unstorablePath(value: unknown): string | null {
  const waiting: { path: string; value: unknown }[] = [{ path: '', value }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, value: found } = next
    if (typeof found === 'string' && !isStorable(found)) return path
    if (typeof found !== 'object' || found === null) continue
    for (const [key, inner] of Object.entries(found)) {
      if (!isStorable(key)) return path
      if (typeof inner === 'string' || typeof inner === 'object')
        waiting.push({ path: path === '' ? key : `${path}.${key}`, value: inner })
    }
  }
  return null
}
