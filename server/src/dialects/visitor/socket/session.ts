import type { Door } from '../../../application/ports/door.ts'
import type { Listener } from '../../../application/ports/live.ts'
import { markSeen } from '../../../application/visitors/mark-seen.ts'
import { notePage } from '../../../application/visitors/note-page.ts'
import type { ToldMessage } from '../../../application/visitors/tell-messages.ts'
import { tellVisitorTyping } from '../../../application/visitors/tell-typing.ts'
import { writeAsVisitor } from '../../../application/visitors/write-as-visitor.ts'
import type { Actor } from '../../../domain/actor.ts'
import { DomainError, refuse } from '../../../domain/errors.ts'
import { allowVisitor } from '../../../domain/permissions.ts'
import type { Line, LineEars } from '../../../platform/sockets/line.ts'
import { acceptPage, acceptText } from '../accept.ts'
import { wordError } from '../errors.ts'
import { presentMessage, presentState } from '../present.ts'
import type { HelloFrame, VisitorFrame } from '../schema/socket.ts'
import { visitingOf, whyLeave, type Arrival } from './admit.ts'
import { frameOf, messageFrame, readFrame, stateFrame } from './frames.ts'

export interface SessionParts {
  door: Door
  arrival: Arrival
  onBug(error: unknown): void
}

/** A visitor's line: it says who it is and what it has, and is told what comes after that. */
export function openSession({ door, arrival, onBug }: SessionParts, line: Line): LineEars {
  let actor = arrival.visiting?.actor ?? null
  let listening: Disposable | null = null
  let watching: Disposable | null = null
  /** Frames are heeded one after the other. */
  let work: Promise<void> = Promise.resolve()

  async function greet({ after, token }: HelloFrame): Promise<void> {
    actor ??= (await visitingOf(door, arrival, token ?? refuse('unauthenticated'))).actor
    const visitor = allowVisitor(actor)
    if (!watching && !line.belongTo(actor.accountId)) refuse('rate_limited')
    watching ??= door.live.watch(visitor, (channel) => {
      const closing = whyLeave(arrival, channel, door.publicOrigin())
      if (closing) line.close(...closing)
    })
    // Said again after a reset.
    listening?.[Symbol.dispose]()
    listening = door.live.listen(visitor, after, listenerOf(line, after, door.publicOrigin()))
  }

  async function heed(frame: VisitorFrame): Promise<void> {
    if (!line.isOpen) return
    if (frame.type === 'hello') await greet(frame)
    else if (!actor || !listening) line.close(4400, 'malformed')
    else await DEEDS[frame.type]({ door, actor, line, address: arrival.address }, frame as never)
  }

  function fail(frame: VisitorFrame, error: unknown): void {
    if (!(error instanceof DomainError)) {
      onBug(error)
      return line.close(1011, 'internal')
    }
    if (error.code === 'unauthenticated') return line.close(4401, 'token')
    if (frame.type === 'hello') return line.close(1013, 'too many')
    const { code, detail } = wordError(error)
    line.send(frameOf({ type: 'refused', id: frame.type === 'send' ? frame.id : null, code, detail }))
  }

  return {
    onFrame: (text) => {
      const frame = readFrame(text)
      if (!frame) return line.close(4400, 'malformed')
      work = work.then(() => heed(frame)).catch((error: unknown) => fail(frame, error))
    },
    // After whatever is under way: what it opens is closed too.
    onClose: () =>
      void work.then(() => {
        listening?.[Symbol.dispose]()
        watching?.[Symbol.dispose]()
      }),
  }
}

/** What is told on a line that has everything up to an entry. */
function listenerOf(line: Line, given: number, origin: string): Listener {
  let last = given
  const next = (told: ToldMessage) => {
    const frame = messageFrame(told, last, origin)
    last = told.message.seq
    return frame
  }
  return {
    begin: (state) => line.send(frameOf({ type: 'ready', after: given, state: presentState(state, origin) })),
    catchUp: async (messages) => {
      for (const told of messages) await line.push(next(told))
    },
    tell: (messages) => {
      for (const told of messages) line.send(next(told))
    },
    reset: (reason) => line.send(frameOf({ type: 'reset', reason })),
    change: (state) => line.send(stateFrame(state, origin)),
    hear: (name, isTyping) => line.send(frameOf({ type: 'typing', name, isTyping })),
    fail: () => line.close(1013, 'overloaded'),
  }
}

interface Doing {
  door: Door
  actor: Actor
  line: Line
  address: string
}

type Deeds = {
  [Type in Exclude<VisitorFrame['type'], 'hello'>]: (
    doing: Doing,
    frame: Extract<VisitorFrame, { type: Type }>,
  ) => Promise<void>
}

/** Each counts as the request that would do the same. */
const DEEDS: Deeds = {
  send: async ({ door, actor, line, address }, { id, text }) => {
    door.limits.countVisitor(address)
    const written = await door.house.perform(writeAsVisitor, actor, acceptText({ id, text }))
    const message = presentMessage(written, door.publicOrigin())
    line.send(frameOf({ type: 'ack', id: message.id, seq: message.seq, message }))
  },
  seen: async ({ door, actor, address }, { receivedSeq, readSeq }) => {
    door.limits.countVisitor(address)
    const seen = {
      ...(receivedSeq !== undefined && { receivedSeq }),
      ...(readSeq !== undefined && { readSeq }),
    }
    await door.house.perform(markSeen, actor, seen)
  },
  typing: async ({ door, actor, address }, { isTyping }) => {
    door.limits.countVisitor(address)
    await door.house.perform(tellVisitorTyping, actor, { isTyping })
  },
  page: async ({ door, actor, address }, { url, title }) => {
    door.limits.countVisitor(address)
    await door.house.perform(notePage, actor, acceptPage({ url, title }))
  },
  beat: async ({ line }) => line.send(BEAT),
}

const BEAT = frameOf({ type: 'beat' })
