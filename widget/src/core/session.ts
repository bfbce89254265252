import { waitAfter } from './backoff.ts'
import { codeOf } from './outbox.ts'
import type { Cancel, Ports, Reply } from './ports.ts'
import type { Identity, Page, Session } from './protocol.ts'
import type { Screen } from './snapshot.ts'

export interface SessionOptions {
  widgetKey: string
  language: string
  page(): Page
}

export interface SessionOwner {
  /** What the server answered; `isSame`: the visitor we were before. */
  begun(session: Session, isSame: boolean): void
}

/** Who we are to the server: a token, kept over pages, got anew when it is not good any more. */
export interface Sessions {
  token(): string | null
  begin(): void
  /** Tries again now, if it was waiting to. */
  wake(): void
  identify(identity: Identity): void
  /** Forgets this browser. */
  end(): void
}

export function createSessions(
  ports: Ports,
  screen: Screen,
  { options, owner }: { options: SessionOptions; owner: SessionOwner },
): Sessions {
  const { clock, server, keep, random } = ports
  let token: string | null = null
  let identity: Identity | null = null
  let isAsking = false
  let isStale = false
  let failures = 0
  let cancelWait: Cancel | null = null
  let round = 0

  async function ask(): Promise<void> {
    cancelWait = null
    isAsking = true
    const mine = round
    const kept = keep.token() ?? token
    const { widgetKey, language, page } = options
    const body = {
      widgetKey,
      language,
      page: page(),
      ...(kept && { token: kept }),
      ...(identity && { identity }),
    }
    const reply = await server.ask({ method: 'POST', path: '/sessions', body }).reply
    isAsking = false
    if (mine !== round) return
    take(reply)
    if (isStale) begin()
  }

  function take({ status, body }: Reply): void {
    if (status === 200 || status === 201) {
      failures = 0
      const session = body as Session
      const isSame = session.token === token && session.visitor.id === screen.get().visitor?.id
      token = session.token
      keep.keepToken(token)
      owner.begun(session, isSame)
    } else if (status === 0 || status === 429 || status >= 500) {
      failures += 1
      if (screen.get().phase !== 'ready') screen.set({ line: 'lost' })
      cancelWait = clock.after(waitAfter(failures, random), () => void ask())
    } else screen.set({ phase: 'refused', refusal: codeOf(body), line: 'closed' })
  }

  function begin(): void {
    isStale = isAsking
    if (isAsking) return
    cancelWait?.()
    if (screen.get().phase !== 'ready') screen.set({ phase: 'beginning', refusal: null, line: 'connecting' })
    void ask()
  }

  return {
    token: () => token,
    begin,
    wake() {
      if (cancelWait !== null) begin()
    },
    identify(who) {
      identity = who
      if (screen.get().phase !== 'idle') begin()
    },
    end() {
      const dead = token ?? keep.token()
      round += 1
      isAsking = isStale = false
      cancelWait?.()
      cancelWait = null
      token = identity = null
      keep.keepToken(null)
      keep.markSpoken(false)
      if (dead !== null) void server.ask({ method: 'DELETE', path: '/session', token: dead }).reply
    },
  }
}
