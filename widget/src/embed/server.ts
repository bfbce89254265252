import type { Asking, Reply, Request, Server, Socket, SocketListener, Upload } from '../core/ports.ts'

const NOTHING_CAME: Reply = { status: 0, body: null }
/** Longer than the longest poll. */
const PATIENCE = 40_000

/** The visitor API as a browser reaches it. */
export function createServer(base: string, widgetKey: string): Server {
  const api = `${base}visitor/v1`
  return {
    ask: (request) => ask(api, request),
    upload: (upload) => send(api, upload),
    openSocket(token, listener) {
      const address = `${api.replace(/^http/, 'ws')}/socket?widget=${encodeURIComponent(widgetKey)}`
      return openSocket(address, token, listener)
    },
  }
}

function ask(api: string, { method, path, token, body }: Request): Asking {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), PATIENCE)
  const answer = async (): Promise<Reply> => {
    try {
      const response = await fetch(api + path, {
        method,
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: stop.signal,
        credentials: 'omit',
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? null : JSON.parse(text) }
    } catch {
      return NOTHING_CAME
    } finally {
      clearTimeout(timer)
    }
  }
  return { reply: answer(), cancel: () => stop.abort() }
}

/** `fetch` does not say how far it has come; the older way does. */
function send(api: string, { id, text, file, token, onProgress }: Upload): Asking {
  const request = new XMLHttpRequest()
  const reply = new Promise<Reply>((resolve) => {
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onProgress(total > 0 ? loaded / total : 0),
    )
    request.addEventListener('loadend', () => resolve(replyOf(request)))
    const form = new FormData()
    form.append('id', id)
    if (text !== '') form.append('text', text)
    form.append('file', file.content as Blob, file.name)
    request.open('POST', `${api}/files`)
    request.setRequestHeader('authorization', `Bearer ${token}`)
    request.send(form)
  })
  return { reply, cancel: () => request.abort() }
}

function replyOf({ status, responseText }: XMLHttpRequest): Reply {
  try {
    return { status, body: JSON.parse(responseText) }
  } catch {
    return { status, body: null }
  }
}

const CLOSED: Socket = { send: () => {}, close: () => {} }

function openSocket(address: string, token: string, listener: SocketListener): Socket {
  let socket: WebSocket
  try {
    socket = new WebSocket(address, ['parley.visitor.v1', `token.${token}`])
  } catch {
    // A page's policy may forbid it outright.
    setTimeout(() => listener.closed(0))
    return CLOSED
  }
  socket.addEventListener('open', listener.opened)
  socket.addEventListener('message', ({ data }) => listener.frame(String(data)))
  socket.addEventListener('close', ({ code }) => listener.closed(code))
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    close: () => socket.close(),
  }
}
