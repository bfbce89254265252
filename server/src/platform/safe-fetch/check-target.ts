import { readAllowList } from './allow-list.ts'
import { FetchRefused } from './fetch-refused.ts'
import { askNameServers, askSystem } from './resolve.ts'
import type { SafeFetchOptions } from './safe-fetch.ts'
import { readTarget, resolveTarget } from './target.ts'

/** Somebody waits for the answer; a name server that does not answer says nothing about the address. */
const PATIENCE_MS = 3000

/**
 * Judges a URL that is kept to be sent to later, by the rules of the sending: its form, and every address of its name. Null when
 * it may be sent to as far as one can tell; it is judged anew each time something is sent.
 */
export function createTargetCheck(options: Pick<SafeFetchOptions, 'allow' | 'ports' | 'lookup'>) {
  const allow = readAllowList(options.allow)
  const ports = options.ports ?? [80, 443]
  return async (url: string, { isHttpsOnly = false } = {}): Promise<string | null> => {
    const rules = { allow, ports, isHttpsOnly }
    let isBare = false
    try {
      const target = readTarget(url, rules, true)
      isBare = target.isBare
      const lookup = options.lookup ?? (target.isOpened ? askSystem : askNameServers)
      await resolveTarget(target, rules, (hostname) => patiently(lookup(hostname)))
      return null
    } catch (error) {
      if (!(error instanceof FetchRefused)) throw error
      if (error.reason !== 'unreachable') return error.message
      return isBare ? new FetchRefused('not_https').message : null
    }
  }
}

async function patiently<Found>(looking: Promise<Found>): Promise<Found> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), PATIENCE_MS)
  })
  try {
    return await Promise.race([looking, late])
  } finally {
    clearTimeout(timer)
  }
}
