import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'

/** A visitor's browser, as far as its line goes: comes back by itself as the widget does, with what it has. */
export interface Visitor {
  token: string
  conversationId: string | null
  /** Told of each message, with the moment it came. */
  onMessage: ((text: string, at: number) => void) | null
  isOn(): boolean
  leave(): void
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 15_000
/** The server restarts, or is behind. */
const CROWDED = new Set([1012, 1013])

export interface SessionAnswer {
  token: string
  state: { conversationId: string | null; lastSeq: number }
}

export interface Place {
  port: number
  widgetKey: string
}

/** Begins a session, and says one thing if asked to. */
export async function beginSession(place: Place, says: string | null): Promise<SessionAnswer> {
  const session = await begin(place, undefined)
  if (says === null) return session
  await ask(place, '/messages', { id: randomUUID(), text: says }, session.token)
  return begin(place, session.token)
}

const begin = (place: Place, token: string | undefined) =>
  ask(place, '/sessions', {
    widgetKey: place.widgetKey,
    ...(token !== undefined && { token }),
  }) as Promise<SessionAnswer>

async function ask({ port }: Place, path: string, body: object, token?: string): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}/visitor/v1${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

function keepLine({ port, widgetKey }: Place, { token, state }: SessionAnswer): Visitor {
  let after = state.lastSeq
  let failures = 0
  let isGone = false
  let socket: WebSocket | null = null
  let isReady = false

  const visitor: Visitor = {
    ...{ token, conversationId: state.conversationId, onMessage: null },
    isOn: () => isReady,
    leave: () => {
      isGone = true
      socket?.terminate()
    },
  }

  function open(): void {
    if (isGone) return
    const url = `ws://127.0.0.1:${port}/visitor/v1/socket?widget=${widgetKey}`
    socket = new WebSocket(url, ['parley.visitor.v1', `token.${token}`], { perMessageDeflate: false })
    socket.on('open', () => socket?.send(JSON.stringify({ type: 'hello', after })))
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as { type: string; seq?: number; message?: { text: string } }
      if (frame.type === 'ready') {
        isReady = true
        failures = 0
      }
      if (frame.type !== 'message') return
      after = frame.seq ?? after
      visitor.onMessage?.(frame.message?.text ?? '', performance.now())
    })
    socket.on('error', () => undefined)
    socket.on('close', (code) => {
      isReady = false
      socket = null
      failures = Math.max(failures + 1, CROWDED.has(code) ? 3 : 0)
      const pause = Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures)
      if (!isGone) setTimeout(open, pause)
    })
  }
  open()
  return visitor
}

/** So many sessions, some of which have said something. */
export async function beginSessions(
  place: Place,
  count: number,
  says: (index: number) => string | null,
): Promise<SessionAnswer[]> {
  const sessions: SessionAnswer[] = []
  let begun = 0
  const beginSome = async () => {
    while (begun < count) sessions.push(await beginSession(place, says(begun++)))
  }
  await Promise.all(Array.from({ length: 32 }, beginSome))
  return sessions
}

/** Opens their lines, a hundred at a time. */
export async function openVisitors(place: Place, sessions: SessionAnswer[]): Promise<Visitor[]> {
  const visitors: Visitor[] = []
  for (let from = 0; from < sessions.length; from += 100) {
    const some = sessions.slice(from, from + 100).map((session) => keepLine(place, session))
    await allOn(some)
    visitors.push(...some)
  }
  return visitors
}

/** Resolves when all of them are on the line; how long that took. */
export async function allOn(visitors: Visitor[], limitMs = 120_000): Promise<number> {
  const begun = performance.now()
  while (visitors.some((visitor) => !visitor.isOn())) {
    if (performance.now() - begun > limitMs)
      throw new Error(`${visitors.filter((visitor) => !visitor.isOn()).length} did not come back`)
    await delay(50)
  }
  return performance.now() - begun
}
