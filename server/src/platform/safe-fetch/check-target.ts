import { readAllowList } from './allow-list.ts'
import { FetchRefused } from './fetch-refused.ts'
import { askNameServers, askSystem, type Lookup } from './resolve.ts'
import { readTarget, resolveTarget } from './target.ts'

/** Somebody waits for the answer; a name server that does not answer says nothing about the address. */
const PATIENCE_MS = 3000

/**
 * Judges a URL that is kept to be sent to later, by the rules of the sending: its form, and every address of its name. Null when
 * it may be sent to as far as one can tell; it is judged anew each time something is sent.
 */
export function createTargetCheck(options: { allow: readonly string[]; lookup?: Lookup }) {
  const rules = { allow: readAllowList(options.allow), ports: [80, 443] }
  return async (url: string): Promise<string | null> => {
    try {
      const target = readTarget(url, rules, true)
      const lookup = options.lookup ?? (target.isOpened ? askSystem : askNameServers)
      await resolveTarget(target, rules, (hostname) => patiently(lookup(hostname)))
      return null
    } catch (error) {
      if (!(error instanceof FetchRefused)) throw error
      return error.reason === 'unreachable' ? null : error.message
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
