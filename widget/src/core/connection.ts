import { createDrafts, type Drafts } from './drafts.ts'
import { createFeed, type Feed } from './feed.ts'
import { createLine, type Line } from './line.ts'
import { createMarks, type Mark, type Marks } from './marks.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import type { Ports } from './ports.ts'
import type { Message, Session } from './protocol.ts'
import { createReception, type Ask } from './reception.ts'
import { createSessions, type SessionOptions, type Sessions } from './session.ts'
import type { LineStatus, Screen } from './snapshot.ts'
import { createUploads, type Uploads } from './uploads.ts'

export interface ConnectionOptions extends SessionOptions {
  /** A message of the team that was not held before. */
  heard(message: Message): void
}

/** The parts of a conversation, put together. */
export interface Connection {
  sessions: Sessions
  drafts: Drafts
  marks: Marks
  feed: Feed
  line: Line
  outbox: Outbox
  uploads: Uploads
  ask: Ask
}

export function connect(ports: Ports, screen: Screen, options: ConnectionOptions): Connection {
  const drafts = createDrafts(screen, ports.keep)
  const sessions = createSessions(ports, screen, { options, owner: { begun } })
  const { token } = sessions
  const ask: Ask = (request) => ports.server.ask({ ...request, token: token() ?? '' }).reply
  const marks = createMarks(ports.clock, screen, tell)
  const feed = createFeed(screen, { drafts, takeState: marks.takeState, heard: options.heard })
  const uploads = createUploads(ports, drafts, { token, ended })
  const line = createLine(ports, {
    token: () => token() ?? '',
    cursor: feed.cursor,
    take: (frame) => take(frame),
    update: feed.update,
    status,
    ended,
    doubted: sessions.begin,
  })
  const outbox = createOutbox(ports, drafts, {
    token,
    isLive: line.isLive,
    send: line.send,
    unanswered: line.again,
    ended,
  })
  const take = createReception({ feed, marks, outbox, line, ask })
  let hasEnded = false

  function ended(): void {
    hasEnded = true
    sessions.begin()
  }

  function begun(session: Session, isSame: boolean): void {
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

  function tell({ type, ...body }: Mark): boolean {
    if (line.isLive()) return line.send({ type, ...body } as Mark)
    if (!line.isPolling()) return false
    void ask({ method: 'POST', path: `/${type}`, body })
    return true
  }

  return { sessions, drafts, marks, feed, line, outbox, uploads, ask }
}
