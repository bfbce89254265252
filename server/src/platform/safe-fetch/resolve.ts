import { lookup as systemLookup, Resolver } from 'node:dns/promises'

/** All addresses of a name. */
export type Lookup = (hostname: string) => Promise<readonly string[]>

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
