import { asDraft, createDrafts, MOST_DRAFTS } from './drafts.ts'
import { createFeed } from './feed.ts'
import { createLine } from './line.ts'
import { createMarks, type Mark } from './marks.ts'
import { createOutbox } from './outbox.ts'
import type { Picked, Ports, Reply, Request } from './ports.ts'
import type { Card, Identity, Message, Page, Review, ServerFrame, Visitor } from './protocol.ts'
import { createSessions, type SessionOptions } from './session.ts'
import { NOTHING, type LineStatus, type Screen, type Snapshot } from './snapshot.ts'
import { createStore } from './store.ts'
import { createUploads } from './uploads.ts'

/** A visitor's side of one conversation. */
export interface Chat {
  screen: Pick<Screen, 'get' | 'subscribe'>
  begin(): void
  /** The network is back, or the page is looked at again. */
  wake(): void
  write(text: string): void
  attach(files: Picked[]): void
  retry(id: string): void
  cancel(id: string): void
  earlier(): Promise<void>
  typed(): void
  watch(isWatched: boolean): void
  visit(page: Page): void
  saveCard(card: Card): Promise<boolean>
  rate(id: string, answer: Pick<Review, 'mark' | 'text' | 'isConfirmed'>): Promise<boolean>
  identify(identity: Identity): void
  logout(): void
  /** Another tab of this site wrote something, or became somebody. */
  keptElsewhere(): void
}

export interface ChatOptions extends SessionOptions {
  /** A message of the team that was not held before. */
  heard(message: Message): void
}

export function createChat(ports: Ports, options: ChatOptions): Chat {
  const screen = createStore<Snapshot>(NOTHING)
  const drafts = createDrafts(screen, ports.keep)
  const sessions = createSessions(ports, screen, { options, owner: { begun } })
  const token = () => sessions.token()
  const ended = () => {
    hasEnded = true
    sessions.begin()
  }
  const marks = createMarks(ports.clock, screen, tellMark)
  const feed = createFeed(screen, { drafts, takeState: marks.takeState, heard: options.heard })
  const uploads = createUploads(ports, drafts, { token, ended })
  const line = createLine(ports, {
    token: () => token() ?? '',
    cursor: feed.cursor,
    take,
    update: feed.update,
    status,
    ended,
    doubted: () => sessions.begin(),
  })
  const outbox = createOutbox(ports, drafts, {
    token,
    isLive: line.isLive,
    send: line.send,
    unanswered: line.again,
    ended,
  })
  let missedAt = -1
  let hasEnded = false

  function begun(...[session, isSame]: Parameters<typeof feed.begun>): void {
    if (!isSame) marks.reset()
    feed.begun(session, isSame)
    drafts.restore()
    // Asked in doubt about a line that is already trying, there is nothing to open.
    if (!isSame || hasEnded || screen.get().line === 'closed') line.open()
    hasEnded = false
    outbox.pump()
    uploads.pump()
  }

  function status(now: LineStatus): void {
    const before = screen.get().line
    if (now === before) return
    screen.set({ line: now, ...(now !== 'live' && { typing: null }) })
    if (before === 'live') outbox.lineLost()
    if (now !== 'live' && now !== 'polling') return
    drafts.restore()
    outbox.pump()
    uploads.resume()
    marks.look()
  }

  function take(frame: ServerFrame): void {
    if (frame.type === 'ready' || frame.type === 'state') feed.state(frame.state)
    else if (frame.type === 'message') takeMessage(frame.after, frame.message)
    else if (frame.type === 'ack') outbox.accepted(frame.id, frame.message)
    else if (frame.type === 'refused' && frame.id !== null) outbox.refused(frame.id, frame.code)
    else if (frame.type === 'typing') marks.teamTypes(frame.isTyping ? frame.name : null)
    else if (frame.type === 'reset') void refetch()
  }

  function takeMessage(after: number, message: Message): void {
    if (feed.message(after, message)) return marks.look()
    // Once more from where we are; if that is met with the same gap, the list is read anew.
    if (missedAt === feed.cursor()) return void refetch()
    missedAt = feed.cursor()
    line.again()
  }

  async function refetch(): Promise<void> {
    const { status, body } = await ask({ method: 'GET', path: '/messages' })
    if (status !== 200) return line.again()
    const { items, hasMore } = body as { items: Message[]; hasMore: boolean }
    feed.replace(items, hasMore)
    line.send({ type: 'hello', after: feed.cursor() })
    marks.look()
  }

  function ask(request: Omit<Request, 'token'>): Promise<Reply> {
    return ports.server.ask({ ...request, token: token() ?? '' }).reply
  }

  function tellMark({ type, ...body }: Mark): boolean {
    if (line.isLive()) return line.send({ type, ...body } as Parameters<typeof line.send>[0])
    if (!line.isPolling()) return false
    void ask({ method: 'POST', path: `/${type}`, body })
    return true
  }

  async function earlier(): Promise<void> {
    const { isFetchingEarlier, hasEarlier, messages } = screen.get()
    const first = messages[0]
    if (isFetchingEarlier || !hasEarlier || !first) return
    screen.set({ isFetchingEarlier: true })
    const { status, body } = await ask({ method: 'GET', path: `/messages?before=${first.seq}` })
    screen.set({ isFetchingEarlier: false })
    // A list that was replaced meanwhile has another beginning.
    if (status !== 200 || screen.get().messages[0]?.id !== first.id) return
    const page = body as { items: Message[]; hasMore: boolean }
    feed.earlier(page.items, page.hasMore)
  }

  function spoke(): void {
    ports.keep.markSpoken(true)
    marks.stoppedTyping()
  }

  return {
    screen,
    begin: () => sessions.begin(),
    wake() {
      sessions.wake()
      if (screen.get().phase === 'ready') line.wake()
    },
    earlier,
    typed: marks.typed,
    watch: marks.watch,
    write(text) {
      const words = text.trim()
      if (words === '' || drafts.all().length >= MOST_DRAFTS) return
      spoke()
      drafts.add(asDraft({ id: ports.newId(), text: words, createdAt: ports.clock.now() }))
      outbox.pump()
    },
    attach(files) {
      spoke()
      for (const file of files) {
        drafts.add({ ...asDraft({ id: ports.newId(), text: '', createdAt: ports.clock.now() }), file })
      }
      uploads.pump()
    },
    retry(id) {
      drafts.change(id, { status: 'queued', reason: null })
      outbox.pump()
      uploads.pump()
    },
    cancel: uploads.cancel,
    visit(page) {
      if (line.isLive()) line.send({ type: 'page', ...page })
      else if (line.isPolling()) void ask({ method: 'PUT', path: '/page', body: page })
    },
    async saveCard(card) {
      const { status, body } = await ask({ method: 'PUT', path: '/card', body: card })
      if (status === 200) screen.set({ visitor: body as Visitor })
      return status === 200
    },
    async rate(id, answer) {
      const { status, body } = await ask({ method: 'PUT', path: `/reviews/${id}`, body: answer })
      const { state } = screen.get()
      if (status !== 200 || state === null) return false
      const review = body as Review
      feed.state({ ...state, reviews: [...state.reviews.filter((other) => other.id !== id), review] })
      return true
    },
    identify: sessions.identify,
    logout() {
      const wasIdle = screen.get().phase === 'idle'
      line.close()
      for (const { id } of drafts.all()) uploads.cancel(id)
      sessions.end()
      screen.set(NOTHING)
      if (!wasIdle) sessions.begin()
    },
    keptElsewhere() {
      if (screen.get().phase !== 'ready') return
      const other = ports.keep.token()
      // Two tabs that began at the same time are two visitors until one of them has said something.
      const isNobody = screen.get().messages.length === 0 && drafts.all().length === 0
      if (other !== null && other !== token() && isNobody) sessions.begin()
      else drafts.dropSent()
    },
  }
}
