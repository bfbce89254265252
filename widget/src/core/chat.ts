import { connect, type Connection, type ConnectionOptions } from './connection.ts'
import { asDraft, MOST_DRAFTS } from './drafts.ts'
import type { Picked, Ports } from './ports.ts'
import type { Card, Identity, Message, Page, Review, Visitor } from './protocol.ts'
import { NOTHING, type Screen, type Snapshot } from './snapshot.ts'
import { createStore } from './store.ts'

/** A visitor's side of one conversation. */
export interface Chat extends Writing, Asking {
  screen: Pick<Screen, 'get' | 'subscribe'>
  begin(): void
  /** The network is back, or the page is looked at again. */
  wake(): void
  typed(): void
  watch(isWatched: boolean): void
  /** False where nobody could be told; worth saying again. */
  visit(page: Page): boolean
  identify(identity: Identity): void
  logout(): void
  /** Another tab of this site wrote something, or became somebody. */
  keptElsewhere(): void
}

interface Writing {
  write(text: string): void
  attach(files: Picked[]): void
  retry(id: string): void
  cancel(id: string): void
}

interface Asking {
  earlier(): Promise<void>
  saveCard(card: Card): Promise<boolean>
  rate(id: string, answer: Pick<Review, 'mark' | 'text' | 'isConfirmed'>): Promise<boolean>
}

export function createChat(ports: Ports, options: ConnectionOptions): Chat {
  const screen = createStore<Snapshot>(NOTHING)
  const connection = connect(ports, screen, options)
  const { sessions, drafts, marks, line, uploads, ask } = connection
  return {
    ...writing(ports, connection),
    ...asking(screen, connection),
    screen,
    begin: sessions.begin,
    typed: marks.typed,
    watch: marks.watch,
    identify: sessions.identify,
    wake() {
      sessions.wake()
      if (screen.get().phase === 'ready') line.wake()
    },
    visit(page) {
      if (line.isLive()) return line.send({ type: 'page', ...page })
      if (!line.isPolling()) return false
      void ask({ method: 'PUT', path: '/page', body: page })
      return true
    },
    logout() {
      const wasIdle = screen.get().phase === 'idle'
      line.close()
      for (const { id } of drafts.all()) uploads.cancel(id)
      sessions.end()
      screen.set(NOTHING)
      if (!wasIdle) sessions.begin()
    },
    keptElsewhere() {
      const { phase, messages } = screen.get()
      const other = ports.keep.token()
      if (phase !== 'ready') return
      // Two tabs that began at the same time are two visitors until one of them has said something.
      const isNobody = messages.length === 0 && drafts.all().length === 0
      if (isNobody && other !== null && other !== sessions.token()) sessions.begin()
      else drafts.dropSent()
    },
  }
}

function writing(ports: Ports, { drafts, marks, outbox, uploads }: Connection): Writing {
  const asNew = (text: string) => asDraft({ id: ports.newId(), text, createdAt: ports.clock.now() })
  const spoke = () => {
    ports.keep.markSpoken(true)
    marks.stoppedTyping()
  }
  return {
    write(text) {
      const words = text.trim()
      if (words === '' || drafts.all().length >= MOST_DRAFTS) return
      spoke()
      drafts.add(asNew(words))
      outbox.pump()
    },
    attach(files) {
      spoke()
      for (const file of files) drafts.add({ ...asNew(''), file })
      uploads.pump()
    },
    retry(id) {
      drafts.change(id, { status: 'queued', reason: null })
      outbox.pump()
      uploads.pump()
    },
    cancel: uploads.cancel,
  }
}

function asking(screen: Screen, { feed, ask }: Connection): Asking {
  return {
    async earlier() {
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
      const others = state.reviews.filter((review) => review.id !== id)
      feed.state({ ...state, reviews: [...others, body as Review] })
      return true
    },
  }
}
