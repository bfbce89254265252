import type { Feed } from './feed.ts'
import type { Line } from './line.ts'
import type { Marks } from './marks.ts'
import type { Outbox } from './outbox.ts'
import type { Reply, Request } from './ports.ts'
import type { Message, ServerFrame } from './protocol.ts'

/** Asks as the visitor we are. */
export type Ask = (request: Omit<Request, 'token'>) => Promise<Reply>

export interface ReceptionParts {
  feed: Feed
  marks: Marks
  outbox: Outbox
  line: Pick<Line, 'again' | 'send'>
  ask: Ask
}

/** What comes over the line, each to where it belongs; a list with a hole in it is read anew. */
export function createReception({
  feed,
  marks,
  outbox,
  line,
  ask,
}: ReceptionParts): (frame: ServerFrame) => void {
  let missedAt = -1

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

  return (frame) => {
    if (frame.type === 'ready' || frame.type === 'state') feed.state(frame.state)
    else if (frame.type === 'message') takeMessage(frame.after, frame.message)
    else if (frame.type === 'ack') outbox.accepted(frame.id, frame.message)
    else if (frame.type === 'refused' && frame.id !== null) outbox.refused(frame.id, frame.code)
    else if (frame.type === 'typing') marks.teamTypes(frame.isTyping ? frame.name : null)
    else if (frame.type === 'reset') void refetch()
  }
}
