/** What the core needs from the browser. Tests put a false clock and a false line in its place. */
export type Cancel = () => void

export interface Clock {
  now(): number
  after(milliseconds: number, run: () => void): Cancel
}

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  token?: string
  body?: object
}

/** `status` 0: nothing came back. */
export interface Reply {
  status: number
  body: unknown
}

/** A request under way; a cancelled one is answered with status 0. */
export interface Asking {
  reply: Promise<Reply>
  cancel: Cancel
}

/** A file somebody chose. What it holds is the browser's business. */
export interface Picked {
  name: string
  size: number
  mimeType: string
  content: unknown
}

export interface Upload {
  id: string
  text: string
  file: Picked
  token: string
  onProgress(share: number): void
}

export interface SocketListener {
  opened(): void
  frame(text: string): void
  /** Once, whether it had opened or not. */
  closed(code: number): void
}

export interface Socket {
  send(text: string): void
  close(): void
}

export interface Server {
  ask(request: Request): Asking
  upload(upload: Upload): Asking
  openSocket(token: string, listener: SocketListener): Socket
}

/** A text that was written and is not known to have arrived. */
export interface KeptDraft {
  id: string
  text: string
  createdAt: number
}

/** What outlives the page. Another tab of the same site keeps the same. */
export interface Keep {
  token(): string | null
  keepToken(token: string | null): void
  /** Whether somebody has written here, so that the next page listens for answers. */
  markSpoken(hasSpoken: boolean): void
  drafts(): KeptDraft[]
  keepDraft(draft: KeptDraft): void
  dropDraft(id: string): void
}

export interface Ports {
  clock: Clock
  server: Server
  keep: Keep
  /** From 0 up to 1. */
  random(): number
  newId(): string
}
