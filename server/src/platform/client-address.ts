import { isIP } from 'node:net'

const MAPPED = ['0', '0', '0', '0', '0', 'ffff']

/**
 * What counts as one place on the network: an IPv4 address, or the /64 of an IPv6 address, since everybody is given at least that much
 * of them. Whatever is no address is one place, however it is written.
 */
export function placeOf(address: string): string {
  const family = isIP(address)
  if (family === 4) return address
  if (family === 0) return 'unknown'
  const groups = groupsOf(address)
  if (groups.slice(0, 6).every((group, index) => group === MAPPED[index])) return fromGroups(groups.slice(6))
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** The eight groups of an IPv6 address, without leading zeros and zone. */
function groupsOf(address: string): string[] {
  const [bare = ''] = address.toLowerCase().split('%')
  const [head = '', tail] = bare.split('::')
  const left = wordsOf(head)
  const right = wordsOf(tail ?? '')
  const gap = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...gap, ...right]
}

function wordsOf(text: string): string[] {
  if (text === '') return []
  return text.split(':').flatMap((word) => (word.includes('.') ? toGroups(word) : [trim(word)]))
}

/** `1.2.3.4` at the end of an IPv6 address is its last two groups. */
function toGroups(dotted: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number)
  return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)]
}

function fromGroups(groups: string[]): string {
  return groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((word) => [word >> 8, word & 255])
    .join('.')
}

const trim = (word: string) => Number.parseInt(word, 16).toString(16)
