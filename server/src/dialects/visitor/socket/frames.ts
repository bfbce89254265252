import type { VisitState } from '../../../application/visitors/read-visit.ts'
import type { ToldMessage } from '../../../application/visitors/tell-messages.ts'
import { createFrameReader } from '../../../platform/sockets/frame-reader.ts'
import { presentMessage, presentState } from '../present.ts'
import { VisitorFrame } from '../schema/socket.ts'

/** Null for what is no frame of ours. */
export const readFrame = createFrameReader(VisitorFrame)

export const frameOf = (frame: { type: string } & Record<string, unknown>) => JSON.stringify(frame)

/** What was made last of each message: lines that were told the same before are sent the same bytes. */
const messages = new WeakMap<ToldMessage, { after: number; frame: Buffer }>()
const states = new WeakMap<VisitState, Buffer>()

/** `after`: the message before it on this line. */
export function messageFrame(told: ToldMessage, after: number, origin: string): Buffer {
  const made = messages.get(told)
  if (made?.after === after) return made.frame
  const message = presentMessage(told, origin)
  const frame = Buffer.from(frameOf({ type: 'message', after, seq: message.seq, message }))
  messages.set(told, { after, frame })
  return frame
}

export function stateFrame(state: VisitState, origin: string): Buffer {
  const frame =
    states.get(state) ?? Buffer.from(frameOf({ type: 'state', state: presentState(state, origin) }))
  states.set(state, frame)
  return frame
}
