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
const LONGEST_PAUSE_MS = 30_000

interface SessionAnswer {
  token: string
  state: { conversationId: string | null; lastSeq: number }
}

interface Place {
  port: number
  widgetKey: string
}

/** Begins a session, says one thing if asked to, and opens the line. */
export async function openVisitor(
  place: Place,
  { says = null }: { says?: string | null } = {},
): Promise<Visitor> {
  let session = await begin(place, undefined)
  if (says !== null) {
    await ask(place, '/messages', { id: randomUUID(), text: says }, session.token)
    session = await begin(place, session.token)
  }
  const visitor = keepLine(place, session)
  return visitor
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
    socket.on('close', () => {
      isReady = false
      socket = null
      failures += 1
      const pause = Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures)
      if (!isGone) setTimeout(open, pause)
    })
  }
  open()
  return visitor
}

/** So many at a time, until there are enough; all of them on the line. */
export async function openVisitors(
  place: Place,
  count: number,
  says: (index: number) => string | null,
): Promise<Visitor[]> {
  const visitors: Visitor[] = []
  let begun = 0
  const openSome = async () => {
    while (begun < count) visitors.push(await openVisitor(place, { says: says(begun++) }))
  }
  await Promise.all(Array.from({ length: 32 }, openSome))
  await allOn(visitors)
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
