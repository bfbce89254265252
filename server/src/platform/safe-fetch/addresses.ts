import { BlockList, isIP, isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'

type Range = readonly [network: string, prefix: number]

const CLOSED_V4: readonly Range[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

// IPv6 is closed except 2000::/3. That alone refuses ::/96, mapped, NAT64, ULA, link-local, multicast and what
// IANA may still assign; inside 2000::/3 these carry an IPv4 address or are not routed.
const CLOSED_GLOBAL_V6: readonly Range[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

function listOf(ranges: readonly Range[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family)
  return list
}

const closedV4 = listOf(CLOSED_V4, 'ipv4')
const closedGlobalV6 = listOf(CLOSED_GLOBAL_V6, 'ipv6')
const globalV6 = listOf([['2000::', 3]], 'ipv6')

/** True for an address of the public internet that is not one of this machine's own. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || isOwnAddress(address)) return false
  if (isIPv4(address)) return !closedV4.check(address, 'ipv4')
  return globalV6.check(address, 'ipv6') && !closedGlobalV6.check(address, 'ipv6')
}

// A public server's own address is routed over loopback, past its firewall. Read each time: interfaces come and go.
function isOwnAddress(address: string): boolean {
  const own = new BlockList()
  for (const face of Object.values(networkInterfaces()).flat()) {
    if (face) own.addAddress(face.address, face.family === 'IPv4' ? 'ipv4' : 'ipv6')
  }
  return own.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}
