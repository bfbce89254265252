import { isIP } from 'node:net'
import { isPublicAddress } from './addresses.ts'
import type { AllowList } from './allow-list.ts'
import { FetchRefused } from './fetch-refused.ts'
import type { Lookup } from './resolve.ts'

/** Where one hop goes: a URL whose form is fit to fetch. */
export interface Target {
  url: URL
  /** Without brackets; a literal address or a name. */
  hostname: string
  port: number
  isOpened: boolean
  /** Not to be reached unless its address is opened. */
  isBare: boolean
}

export interface Rules {
  allow: AllowList
  ports: readonly number[]
  /** Without TLS only to what the owner of this server opened. */
  isHttpsOnly: boolean
}

export const LONGEST_URL = 8192

/** Judges a URL by its form alone. Only the parsed host counts: `2130706433`, `0x7f.1` and `①②⑦.0.0.1` are 127.0.0.1 after it. */
export function readTarget(text: string, rules: Rules, byForm: boolean): Target {
  const url = text.length <= LONGEST_URL ? URL.parse(text) : null
  const fits = url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== ''
  if (!fits || url.username !== '' || url.password !== '') throw new FetchRefused('bad_url', { byForm })
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  const isOpened = rules.allow.opensTarget(url.hostname, port)
  const isBare = rules.isHttpsOnly && url.protocol === 'http:' && !isOpened
  const target = { url, hostname, port, isOpened, isBare }
  if (!isOpened && !rules.ports.includes(port) && !rules.allow.hasRanges) {
    throw new FetchRefused('bad_url', { byForm })
  }
  if (isIP(hostname) !== 0) assertOpen(target, hostname, rules, byForm)
  if (isBare && !rules.allow.hasRanges) throw new FetchRefused('not_https', { byForm })
  return target
}

/** Names of this machine by themselves (RFC 6761, and what Debian's hosts file says), which no name server need know. */
const OWN_NAME = /^((.+\.)?localhost|localhost\.localdomain|ip6-(localhost|loopback))\.?$/

/** The addresses that may be dialled for the target; one closed address among them closes all. */
export async function resolveTarget(
  target: Target,
  rules: Rules,
  lookup: Lookup,
): Promise<readonly string[]> {
  if (isIP(target.hostname) !== 0) return [target.hostname]
  const isOwn = OWN_NAME.test(target.hostname) && !target.isOpened
  const addresses = isOwn
    ? ['127.0.0.1']
    : await lookup(target.hostname).catch((cause: unknown) => {
        throw new FetchRefused('unreachable', { cause })
      })
  if (addresses.length === 0) throw new FetchRefused('unreachable')
  for (const address of addresses) assertOpen(target, address, rules, false)
  return addresses
}

function assertOpen(target: Target, address: string, rules: Rules, byForm: boolean): void {
  if (target.isOpened || rules.allow.opensAddress(address)) return
  if (!isPublicAddress(address)) throw new FetchRefused('blocked_address', { byForm })
  if (!rules.ports.includes(target.port)) throw new FetchRefused('bad_url', { byForm })
  if (target.isBare) throw new FetchRefused('not_https', { byForm })
}
