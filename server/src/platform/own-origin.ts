const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Whether an `Origin` is ours. A server that people reach by a name of their own machine has several: all with the same port. */
export function isOwnOrigin(origin: string, own: string): boolean {
  if (origin === own) return true
  const theirs = URL.parse(origin)
  const ours = URL.parse(own)
  if (!theirs || !ours || theirs.origin !== origin) return false
  const isSamePlace = theirs.port === ours.port && theirs.protocol === ours.protocol
  return isSamePlace && LOOPBACK.has(theirs.hostname) && LOOPBACK.has(ours.hostname)
}
