import { lookup as systemLookup, Resolver } from 'node:dns/promises'

/** All addresses of a name. */
export type Lookup = (hostname: string) => Promise<readonly string[]>

/** Who is asked for names: those that the owner of this server wrote down, and those of strangers. */
export interface Lookups {
  ofOwner: Lookup
  ofStrangers: Lookup
}

// Names that strangers choose are asked over c-ares: getaddrinfo blocks one of the four libuv threads for as long as a
// hostile name server likes, and those threads also write our files.
const resolver = new Resolver({ timeout: 2000, tries: 2 })

/** Asks the name servers for A and AAAA, IPv4 first; rejects when neither answers. */
export const askNameServers: Lookup = async (hostname) => {
  const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  if (addresses.length === 0) throw new Error(`No address for ${hostname}`)
  return addresses
}

/** Asks the system as well (its hosts file, mDNS); for names the owner of this server wrote down. */
export const askSystem: Lookup = async (hostname) =>
  (await systemLookup(hostname, { all: true })).map((answer) => answer.address)

/** Long enough for a burst of requests to the same names, too short to outlive a change that somebody waits for. */
const MEMORY_MS = 1000
const MOST_NAMES = 1000

/** Asks for each name once a second at most; what could not be answered is asked again. */
export function remembering(lookup: Lookup, now = () => performance.now()): Lookup {
  const known = new Map<string, { asked: Promise<readonly string[]>; until: number }>()
  return (hostname) => {
    const memory = known.get(hostname)
    if (memory && now() < memory.until) return memory.asked
    if (known.size >= MOST_NAMES) known.clear()
    const asked = lookup(hostname)
    const fresh = { asked, until: now() + MEMORY_MS }
    known.set(hostname, fresh)
    asked.catch(() => known.get(hostname) === fresh && known.delete(hostname))
    return asked
  }
}
