import { arrive } from '../../../application/live/arrive.ts'
import type { News } from '../../../application/live/look-at-log.ts'
import { leftBy, maySee } from '../../../application/live/may-see.ts'
import { findWithin, tellTyping } from '../../../application/live/tell-typing.ts'
import type { Door } from '../../../application/ports/door.ts'
import type { Follower, Heard, Present, Seat } from '../../../application/ports/live.ts'
import type { Standing } from '../../../application/ports/standings.ts'
import type { Actor } from '../../../domain/actor.ts'
import { DomainError, refuse } from '../../../domain/errors.ts'
import type { EventPosition } from '../../../domain/event-log.ts'
import type { Line, LineEars } from '../../../platform/sockets/line.ts'
import { readCursor, writeCursor } from '../cursor.ts'
import { detailOf } from '../errors.ts'
import { publicId, refOf } from '../ids.ts'
import type { ClientFrame, HelloFrame } from '../schema/socket.ts'
import { guestOfToken, type Guest } from './admit.ts'
import * as frames from './frames.ts'

export interface SessionParts {
  door: Door
  /** Null: the first frame has a token. */
  guest: Guest | null
  address: string
  onBug(error: unknown): void
}

/** An operator's line: from its first frame on it is told what happens before the operator, and says what the operator does. */
export function openSession({ door, guest, address, onBug }: SessionParts, line: Line): LineEars {
  let present: Session | null = null
  let isGreeted = false
  /** Frames are heeded one after the other. */
  let work: Promise<void> = Promise.resolve()

  async function heed(frame: ClientFrame): Promise<void> {
    if (!line.isOpen) return
    if (frame.type === 'hello') {
      if (isGreeted) return line.close(4400, 'malformed')
      isGreeted = true
      const who = guest ?? (await guestOfToken(door, frame.token ?? refuse('unauthenticated'), address))
      guest = null
      present = await begin(door, { line, frame, ...who })
    } else if (!present) line.close(4400, 'malformed')
    else await present.heed(frame)
  }

  function fail(frame: ClientFrame, error: unknown): void {
    if (!(error instanceof DomainError)) {
      onBug(error)
      return line.close(1011, 'internal')
    }
    const closing = frame.type === 'hello' ? CLOSINGS[error.code] : undefined
    if (closing) line.close(...closing)
    else
      line.send(
        frames.frameOf({ type: 'refused', to: frame.type, code: error.code, detail: detailOf(error) }),
      )
  }

  return {
    onFrame: (text) => {
      const frame = frames.readFrame(text)
      if (!frame) return line.close(4400, 'malformed')
      work = work.then(() => heed(frame)).catch((error: unknown) => fail(frame, error))
    },
    // After whatever is under way: what it opens is closed too.
    onClose: () => void work.then(() => present?.end()),
  }
}

const CLOSINGS: Partial<Record<DomainError['code'], [code: number, reason: string]>> = {
  unauthenticated: [4401, 'token'],
  forbidden: [4403, 'forbidden'],
  invalid: [4400, 'malformed'],
  rate_limited: [1013, 'too many'],
  overloaded: [1013, 'overloaded'],
}

interface Session {
  heed(frame: Exclude<ClientFrame, HelloFrame>): Promise<void>
  end(): void
}

interface Beginning extends Guest {
  line: Line
  frame: HelloFrame
}

async function begin(door: Door, { line, frame, actor: who, credential }: Beginning): Promise<Session> {
  const { house, live } = door
  const { accountId } = who
  const shown = { accountId, origin: door.publicOrigin() }
  const after = frame.after === undefined ? null : positionIn(accountId, frame.after)
  if (!line.belongTo(accountId)) refuse('rate_limited')
  let actor: Actor = who
  using entering = new DisposableStack()
  const seat = takeSeat(door, actor, { presence: frame.presence, isPerson: credential.kind === 'session' })
  if (seat) entering.use(seat)
  const present = live.presence.of(accountId)
  const arrived = await house.ask(arrive, actor, present)
  const ends = entering.move()
  let counted = frames.countersFrame(arrived.counters)
  let cursor = ''

  /** What is shown to somebody who may see more or less than before is to be fetched anew. */
  function stand(standing: Standing | null): void {
    if (!standing) return line.close(4401, 'token')
    actor = { ...actor, ...standing }
    if (!actor.permissions.has('conversation.read')) return line.close(4403, 'forbidden')
    line.send(frames.resetFrame('access', cursor))
  }

  function framesOf(news: readonly News[]): (string | Buffer)[] {
    const { permissions, reach } = actor
    const told = news.flatMap((one) => (maySee(actor, one) ? frames.eventFrame(one, permissions, shown) : []))
    const last = news.at(-1)
    if (last) cursor = writeCursor(accountId, last.position)
    // Whoever sees a part is not told which conversations went with a contact.
    const isReset = reach.kind !== 'all' && news.some(({ event }) => event.type === 'contact.deleted')
    return [
      ...told,
      ...leftBy(reach, news).map(frames.leftFrame),
      ...(isReset ? [frames.resetFrame('access', cursor)] : []),
    ]
  }

  const follower: Follower = {
    actor: () => actor,
    begin: (position) => {
      cursor = writeCursor(accountId, position)
      line.send(readyFrame(arrived, cursor))
      if (actor.permissions.has('operator.read'))
        for (const one of changesOf(present, live.presence.of(accountId))) line.send(frames.heardFrame(one))
    },
    catchUp: async (news) => {
      for (const one of framesOf(news)) await line.push(one)
    },
    tell: (news) => {
      for (const one of framesOf(news)) line.send(one)
    },
    reset: (reason, position) => {
      cursor = writeCursor(accountId, position)
      line.send(frames.resetFrame(reason, cursor))
    },
    hear: (heard) => {
      const isOwn =
        heard.type === 'typing' && heard.by.kind === 'operator' && heard.by.id === actor.operatorId
      if (!isOwn) line.send(frames.heardFrame(heard))
    },
    count: (counters) => {
      const next = frames.countersFrame(counters)
      if (next !== counted) line.send(next)
      counted = next
    },
    fail: () => line.close(1013, 'overloaded'),
  }
  ends.use(live.guard(credential, who, stand))
  ends.use(live.follow(accountId, after, follower))
  return { heed: (said) => heed(door, { actor, line, seat }, said), end: () => ends.dispose() }
}

/** Refuses `invalid`: another account's cursor is none, like any other text. */
function positionIn(accountId: string, cursor: string): EventPosition {
  return readCursor(accountId, cursor) ?? refuse('invalid', { field: 'after' })
}

/** A person who comes is there, unless they say otherwise; a program's operator is where the program says so. */
function takeSeat(
  { live }: Door,
  { accountId, operatorId }: Actor,
  { presence, isPerson }: { presence: HelloFrame['presence']; isPerson: boolean },
): Seat | null {
  if (operatorId === null || !(presence ?? isPerson)) return null
  return live.presence.sit(accountId, operatorId, presence ?? 'online')
}

/** Who came, went or turned away while somebody was on the way in. */
function changesOf(before: Present[], now: Present[]): Heard[] {
  const stateOf = (present: Present[], operatorId: string) =>
    present.find((one) => one.operatorId === operatorId)?.state ?? 'offline'
  const operatorIds = new Set([...before, ...now].map(({ operatorId }) => operatorId))
  return [...operatorIds].flatMap((operatorId) => {
    const state = stateOf(now, operatorId)
    return state === stateOf(before, operatorId) ? [] : [{ type: 'presence', operatorId, state }]
  })
}

function readyFrame(
  { operator, present, counters }: Awaited<ReturnType<typeof arrive>>,
  cursor: string,
): string {
  return frames.frameOf({
    type: 'ready',
    cursor,
    operator: operator && { id: publicId('operator', operator.id), name: operator.name },
    ...frames.presentPresent(present),
    counters,
  })
}

async function heed(
  { house }: Door,
  { actor, line, seat }: { actor: Actor; line: Line; seat: Seat | null },
  frame: Exclude<ClientFrame, HelloFrame>,
): Promise<void> {
  if (frame.type === 'beat') return line.send(BEAT)
  if (frame.type === 'presence') return seat?.set(frame.state)
  const { conversationId } = frame
  if (conversationId === null) return seat?.view(null)
  const conversation = refOf('conversation', conversationId)
  if (frame.type === 'typing')
    return house.perform(tellTyping, actor, { conversation, isTyping: frame.isTyping })
  const id = await house.ask(findWithin, actor, conversation)
  return seat?.view(id)
}

const BEAT = frames.frameOf({ type: 'beat' })
