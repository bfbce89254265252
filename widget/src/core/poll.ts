import { waitAfter } from './backoff.ts'
import type { Asking, Cancel, Ports } from './ports.ts'
import type { Updates } from './protocol.ts'

export interface PollOwner {
  token(): string
  cursor(): number
  update(updates: Updates): void
  /** Each answer, and each lack of one. */
  answered(isGood: boolean): void
  ended(): void
}

/** Long polling: what there is where sockets are blocked. */
export interface Poll {
  isOn(): boolean
  start(): void
  stop(): void
  /** Asks now, if it was waiting to ask again. */
  wake(): void
}

export function createPoll({ clock, server, random }: Ports, owner: PollOwner): Poll {
  let asking: Asking | null = null
  let cancelWait: Cancel | null = null
  let round = 0
  let isOn = false
  let failures = 0
  let version = ''

  async function ask(mine: number): Promise<void> {
    cancelWait = null
    const named = version === '' ? '' : `&state=${encodeURIComponent(version)}`
    const path = `/updates?after=${owner.cursor()}&wait=25${named}`
    asking = server.ask({ method: 'GET', path, token: owner.token() })
    const { status, body } = await asking.reply
    if (mine !== round) return
    if (status === 401) {
      stop()
      owner.ended()
    } else if (status === 200) take(mine, body as Updates)
    else {
      failures += 1
      owner.answered(false)
      cancelWait = clock.after(waitAfter(failures, random), () => void ask(mine))
    }
  }

  function take(mine: number, updates: Updates): void {
    failures = 0
    version = updates.version
    owner.update(updates)
    owner.answered(true)
    if (mine === round) void ask(mine)
  }

  function stop(): void {
    isOn = false
    round += 1
    cancelWait?.()
    cancelWait = null
    asking?.cancel()
  }

  return {
    isOn: () => isOn,
    stop,
    start() {
      if (isOn) return
      isOn = true
      version = ''
      round += 1
      void ask(round)
    },
    wake() {
      if (cancelWait === null) return
      cancelWait()
      void ask(round)
    },
  }
}
