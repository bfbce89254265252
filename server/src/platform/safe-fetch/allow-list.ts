import { BlockList, isIP, isIPv4 } from 'node:net'

/** What the owner of this server opened by hand; everything else stays closed. */
export interface AllowList {
  /** `host:port` was listed: that target is open, whatever address its name has. */
  opensTarget(hostname: string, port: number): boolean
  /** The address lies in a listed CIDR: open on any port. */
  opensAddress(address: string): boolean
  hasRanges: boolean
}

/** Reads `host:port`, `[v6]:port` and CIDR entries; throws on anything else, so that a typing error stops the start. */
export function readAllowList(entries: readonly string[]): AllowList {
  const ranges = new BlockList()
  const targets = new Set<string>()
  for (const entry of entries.map((text) => text.trim())) {
    if (!addRange(ranges, entry)) targets.add(targetOf(entry))
  }
  return {
    opensTarget: (hostname, port) => targets.has(targetKey(hostname, port)),
    opensAddress: (address) => isIP(address) !== 0 && ranges.check(address, familyOf(address)),
    hasRanges: ranges.rules.length > 0,
  }
}

function addRange(ranges: BlockList, entry: string): boolean {
  const [network = '', prefix = '', ...rest] = entry.split('/')
  if (rest.length > 0 || isIP(network) === 0 || !/^\d{1,3}$/.test(prefix)) return false
  if (Number(prefix) > (isIPv4(network) ? 32 : 128)) return false
  ranges.addSubnet(network, Number(prefix), familyOf(network))
  return true
}

function targetOf(entry: string): string {
  const port = /:(\d{1,5})$/.exec(entry)?.[1]
  const url = port && !/[/?#@\\\s]/.test(entry) ? URL.parse(`http://${entry}/`) : null
  if (!url || !port || Number(port) < 1 || Number(port) > 65_535) {
    throw new Error(`Allow-list entry ${JSON.stringify(entry)} is neither host:port nor a CIDR`)
  }
  return targetKey(url.hostname, Number(port))
}

const targetKey = (hostname: string, port: number) => `${hostname.replace(/\.$/, '')}:${port}`
const familyOf = (address: string) => (isIPv4(address) ? 'ipv4' : 'ipv6')
