import type { Asking, Reply, Request, Server, Socket, SocketListener, Upload } from '../src/core/ports.ts'
import type { ClientFrame, Message, ServerFrame, Session, State } from '../src/core/protocol.ts'

export interface FalseSocket {
  token: string
  listener: SocketListener
  frames: ClientFrame[]
  /** Takes a frame from the client. Null where the line is dead and nobody has noticed. */
  isHalfOpen: boolean
  isClosed: boolean
}

/** A server of one conversation, whose every line can be cut. It keeps what the visitor API promises. */
export interface FalseServer extends Server {
  messages: Message[]
  sockets: FalseSocket[]
  requests: Request[]
  uploads: { upload: Upload; answer(reply: Reply): void; isCancelled: boolean }[]
  /** How many upgrades were tried. */
  tries: number
  token: string
  state: Partial<State>
  areSocketsBlocked: boolean
  isDown: boolean
  /** Lets sockets open, and then says that their token is not good. */
  isTokenRefused: boolean
  /** Takes a message and then dies before it answers. */
  isMute: boolean
  /** Refuses texts, in these words. */
  refusal: string | null
  say(text: string): Message
  /** Writes an entry that a visitor never sees. */
  note(): void
  live(): FalseSocket[]
  tell(frame: ServerFrame): void
  cut(code?: number): void
}

export function createFalseServer(): FalseServer {
  let seq = 0
  const polls = new Set<() => void>()

  function add(message: Partial<Message>): Message {
    const before = server.messages.at(-1)?.seq ?? 0
    seq += 1
    const added = messageOf(seq, message)
    server.messages.push(added)
    server.tell({ type: 'message', after: before, seq, message: added })
    for (const answer of polls) answer()
    return added
  }

  function write(id: string, text: string): { isNew: boolean; message: Message } {
    const first = server.messages.find((message) => message.details?.clientId === id)
    const author = { kind: 'visitor' as const, id: 'v', name: null, avatarUrl: null }
    return first
      ? { isNew: false, message: first }
      : { isNew: true, message: add({ text, author, details: { clientId: id } }) }
  }

  function stateNow(): State {
    return {
      ...{ conversationId: null, lastSeq: seq, readSeq: 0, teamReadSeq: 0, unreadCount: 0, isLocked: false },
      ...{ isTeamOnline: true, assignee: null, reviews: [], ...server.state },
    }
  }

  function session(): Session {
    const messages = server.messages.slice(-30)
    return {
      token: server.token,
      visitor: { id: `visitor of ${server.token}`, name: null, email: null, phone: null, isVerified: false },
      identityRefused: null,
      widget: WIDGET,
      state: stateNow(),
      messages,
      hasMore: server.messages.length > messages.length,
    }
  }

  function answer({ method, path, token, body }: Request): Reply {
    const [where = '', query = ''] = path.split('?')
    const asked = new URLSearchParams(query)
    if (where === '/sessions') return { status: 200, body: session() }
    if (token !== server.token) return { status: 401, body: { code: 'unauthenticated' } }
    if (where === '/messages' && method === 'POST') {
      const { id, text } = body as { id: string; text: string }
      if (server.refusal !== null) return { status: 400, body: { code: server.refusal } }
      const { isNew, message } = write(id, text)
      return { status: isNew ? 201 : 200, body: message }
    }
    if (where === '/messages') {
      const before = Number(asked.get('before') ?? Infinity)
      const earlier = server.messages.filter((message) => message.seq < before)
      return { status: 200, body: { items: earlier.slice(-30), hasMore: earlier.length > 30 } }
    }
    return { status: 204, body: null }
  }

  function updates(path: string): Reply {
    const after = Number(new URLSearchParams(path.split('?')[1]).get('after'))
    const messages = server.messages.filter((message) => message.seq > after)
    const body = { messages, hasMore: false, state: stateNow(), version: String(seq), isReset: false }
    return { status: 200, body }
  }

  function poll(request: Request): Asking {
    let cancel = () => {}
    const reply = new Promise<Reply>((resolve) => {
      const finish = () => {
        polls.delete(finish)
        resolve(server.isDown ? NOTHING : updates(request.path))
      }
      cancel = () => {
        polls.delete(finish)
        resolve(NOTHING)
      }
      const isNews = !request.path.includes('state=') || updates(request.path).body !== null
      if (server.isDown || request.token !== server.token) {
        resolve(server.isDown ? NOTHING : { status: 401, body: null })
      } else if (!request.path.includes(`state=${seq}`) && isNews) finish()
      else polls.add(finish)
    })
    return { reply, cancel }
  }

  function take(socket: FalseSocket, frame: ClientFrame): void {
    socket.frames.push(frame)
    if (socket.isHalfOpen) return
    const answer = (reply: ServerFrame) => socket.listener.frame(JSON.stringify(reply))
    if (frame.type === 'beat') answer({ type: 'beat' })
    if (frame.type === 'hello' && server.isTokenRefused) return server.cut(4401)
    if (frame.type === 'hello') {
      answer({ type: 'ready', after: frame.after, state: stateNow() })
      let after = frame.after
      for (const message of server.messages.filter((one) => one.seq > frame.after)) {
        answer({ type: 'message', after, seq: message.seq, message })
        after = message.seq
      }
    }
    if (frame.type !== 'send') return
    if (server.refusal !== null) {
      return answer({ type: 'refused', id: frame.id, code: server.refusal, detail: '' })
    }
    const { message } = write(frame.id, frame.text)
    if (!server.isMute) answer({ type: 'ack', id: frame.id, seq: message.seq, message })
  }

  const server: FalseServer = {
    messages: [],
    sockets: [],
    requests: [],
    uploads: [],
    tries: 0,
    token: 'token-1',
    state: {},
    areSocketsBlocked: false,
    isDown: false,
    isTokenRefused: false,
    isMute: false,
    refusal: null,
    ask(request) {
      server.requests.push(request)
      if (request.path.startsWith('/updates')) return poll(request)
      const reply = Promise.resolve().then(() => (server.isDown ? NOTHING : answer(request)))
      return { reply: reply.then((given) => (server.isMute ? NOTHING : given)), cancel: () => {} }
    },
    upload(upload) {
      let finish: (reply: Reply) => void = () => {}
      const reply = new Promise<Reply>((resolve) => (finish = resolve))
      const held = { upload, answer: (given: Reply) => finish(given), isCancelled: false }
      server.uploads.push(held)
      const cancel = () => {
        held.isCancelled = true
        finish(NOTHING)
      }
      return { reply, cancel }
    },
    openSocket(token, listener): Socket {
      server.tries += 1
      const socket: FalseSocket = { token, listener, frames: [], isHalfOpen: false, isClosed: false }
      const isRefused = server.areSocketsBlocked || server.isDown || token !== server.token
      void Promise.resolve().then(() => {
        if (isRefused) return listener.closed(1006)
        server.sockets.push(socket)
        return listener.opened()
      })
      return {
        send: (text) => take(socket, JSON.parse(text) as ClientFrame),
        close: () => void (socket.isClosed = true),
      }
    },
    say: (text) => add({ text }),
    note: () => void (seq += 1),
    live: () => server.sockets.filter(({ isClosed, isHalfOpen }) => !isClosed && !isHalfOpen),
    tell(frame) {
      for (const { listener } of server.live()) listener.frame(JSON.stringify(frame))
    },
    cut(code = 1006) {
      for (const socket of server.live()) {
        socket.isClosed = true
        socket.listener.closed(code)
      }
    },
  }
  return server
}

const NOTHING: Reply = { status: 0, body: null }

export const WIDGET: Session['widget'] = {
  ...{ name: 'Shop', color: '#1f7a5c', position: 'right', title: 'Shop', welcome: 'Hello', offline: null },
  ...{ isPoweredShown: true, card: { when: 'never', fields: [], required: [] }, operators: [] },
  ...{ replyTime: null, hours: null },
}

export function messageOf(seq: number, more: Partial<Message> = {}): Message {
  return {
    ...{
      id: `message ${seq}`,
      seq,
      kind: 'text',
      text: `text ${seq}`,
      file: null,
      details: null,
      review: null,
    },
    author: { kind: 'operator', id: 'anna', name: 'Anna', avatarUrl: null },
    ...{ status: 'delivered', createdAt: new Date(Date.UTC(2026, 0, 5, 12, seq)).toISOString(), ...more },
  }
}
