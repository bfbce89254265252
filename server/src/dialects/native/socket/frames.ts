import type { News } from '../../../application/live/look-at-log.ts'
import type { Heard, Present } from '../../../application/ports/live.ts'
import type { Counters } from '../../../application/ports/live-reader.ts'
import type { ResetReason } from '../../../domain/event-log.ts'
import type { Permission } from '../../../domain/permissions.ts'
import { createFrameReader } from '../../../platform/sockets/frame-reader.ts'
import { writeCursor } from '../cursor.ts'
import { presentEvent } from '../events.ts'
import { publicId } from '../ids.ts'
import { presentConversation } from '../present-conversations.ts'
import { presentMessageView } from '../present-messages.ts'
import { ClientFrame } from '../schema/socket.ts'

/** Null for what is no frame of ours. */
export const readFrame = createFrameReader(ClientFrame)

export interface Shown {
  accountId: string
  origin: string
}

/** Of each event the frames that were made, by whether messages are shown: whoever may see the same is sent the same bytes. */
const made = new WeakMap<News, Map<boolean, Buffer>>()

export function eventFrame(news: News, permissions: ReadonlySet<Permission>, shown: Shown): Buffer {
  const isMessageShown = permissions.has('message.read')
  const frames = made.get(news) ?? new Map<boolean, Buffer>()
  const frame = frames.get(isMessageShown) ?? encode(news, isMessageShown, shown)
  made.set(news, frames.set(isMessageShown, frame))
  return frame
}

function encode(
  { recorded, position, message, view }: News,
  isMessageShown: boolean,
  { accountId, origin }: Shown,
): Buffer {
  const frame = {
    type: 'event',
    cursor: writeCursor(accountId, position),
    event: presentEvent(recorded),
    ...(message && isMessageShown && { message: presentMessageView(message, origin) }),
    ...(view && { conversation: presentConversation(view, origin) }),
  }
  return Buffer.from(JSON.stringify(frame))
}

export const frameOf = (frame: { type: string } & Record<string, unknown>) => JSON.stringify(frame)

/** `access`: what one may see has changed. */
export const resetFrame = (reason: ResetReason | 'access', cursor: string) =>
  frameOf({ type: 'reset', reason, cursor })

export const leftFrame = (conversationId: string) =>
  frameOf({ type: 'conversation.left', conversationId: publicId('conversation', conversationId) })

export const countersFrame = (counters: Counters) => frameOf({ type: 'counters', ...counters })

export function heardFrame(heard: Heard): string {
  if (heard.type === 'typing') {
    const { conversationId, by, isTyping } = heard
    const typist = { kind: by.kind, id: publicId(by.kind, by.id), name: by.name }
    return frameOf({
      type: 'typing',
      conversationId: publicId('conversation', conversationId),
      by: typist,
      isTyping,
    })
  }
  const operatorId = publicId('operator', heard.operatorId)
  if (heard.type === 'presence') return frameOf({ type: 'presence', operatorId, state: heard.state })
  const conversationIds = heard.conversationIds.map((id) => publicId('conversation', id))
  return frameOf({ type: 'viewing', operatorId, conversationIds })
}

/** Who is there, and who looks at what. */
export function presentPresent(present: Present[]) {
  return {
    presence: present.map(({ operatorId, state }) => ({
      operatorId: publicId('operator', operatorId),
      state,
    })),
    viewing: present
      .filter(({ viewing }) => viewing.length > 0)
      .map(({ operatorId, viewing }) => ({
        operatorId: publicId('operator', operatorId),
        conversationIds: viewing.map((id) => publicId('conversation', id)),
      })),
  }
}
