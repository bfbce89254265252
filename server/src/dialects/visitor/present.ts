import type { SessionBegun } from '../../application/visitors/begin-session.ts'
import type { Visit, VisitState } from '../../application/visitors/read-visit.ts'
import type { Face, ToldMessage } from '../../application/visitors/tell-messages.ts'
import type { Attachment } from '../../domain/attachment.ts'
import type { AuthorKind, MessageKind, MessageStatus } from '../../domain/message.ts'
import { openState } from '../../domain/open-hours.ts'
import type { Review } from '../../domain/review.ts'
import { textsIn } from '../../domain/widget.ts'
import type { FileBody, MessageBody, ReviewBody, StateBody, WidgetBody } from './schema/objects.ts'
import type { MessagePage, SessionBody } from './schema/responses.ts'

const AUTHORS = {
  contact: 'visitor',
  operator: 'operator',
  bot: 'bot',
  system: 'system',
} as const satisfies Record<AuthorKind, string>

/** What waits for a transport is on its way as far as a visitor can tell: it has no transport here. */
const STATUSES = {
  pending: 'sent',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'failed',
} as const satisfies Record<MessageStatus, string>

export function presentMessage({ message, author, review }: ToldMessage, origin: string): MessageBody {
  const { id, seq, text, details, attachment } = message
  return {
    ...{ id, seq, kind: kindOf(message.kind), text },
    author: { kind: AUTHORS[message.author.kind], ...presentFace(author, origin) },
    file: attachment && presentFile(attachment, origin),
    details,
    review: review && presentReview(review),
    status: STATUSES[message.status],
    createdAt: message.createdAt.toISOString(),
  }
}

/** Notes and system lines are no messages to a visitor: whoever would tell one has made a mistake. */
function kindOf(kind: MessageKind): MessageBody['kind'] {
  if (kind === 'note' || kind === 'system')
    throw new Error('A visitor was about to be told what is internal.')
  return kind
}

function presentFace({ id, name, avatar }: Face, origin: string) {
  return { id, name, avatarUrl: avatar && `${origin}/120x120${avatar.path}` }
}

function presentFile(file: Attachment, origin: string): FileBody {
  const { width, height, mimeType, size, path, originalName: name } = file
  const isPicture = file.kind === 'image' && width !== null && height !== null
  const previewUrl = isPicture ? `${origin}/520x400${path}` : null
  return { url: origin + path, previewUrl, name, mimeType, size, width, height }
}

export function presentReview({ id, mark, text, isConfirmed, createdAt }: Review): ReviewBody {
  return { id, mark, text, isConfirmed, createdAt: createdAt.toISOString() }
}

export function presentState(state: VisitState, origin: string): StateBody {
  const { assignee, reviews, ...rest } = state
  return {
    ...rest,
    assignee: assignee && { kind: assignee.kind, ...presentFace(assignee, origin) },
    reviews: reviews.map(presentReview),
  }
}

export function presentPage(
  { messages, hasMore }: { messages: ToldMessage[]; hasMore: boolean },
  origin: string,
): MessagePage {
  return { items: messages.map((message) => presentMessage(message, origin)), hasMore }
}

export function presentSession(
  { session, token, refused }: SessionBegun,
  visit: Visit,
  origin: string,
): SessionBody {
  const { items: messages, hasMore } = presentPage(visit, origin)
  return {
    token,
    visitor: visit.visitor,
    identityRefused: refused,
    widget: presentWidget(visit, session.language, origin),
    state: presentState(visit.state, origin),
    ...{ messages, hasMore },
  }
}

function presentWidget(
  { widget, channel, faces, now }: Visit,
  language: string | null,
  origin: string,
): WidgetBody {
  const { color, position, isPoweredShown, card, replyTime, hours } = widget
  const state = hours && openState(hours, now)
  return {
    ...{ name: channel.name, color, position, ...textsIn(widget, language), isPoweredShown, card },
    operators: faces.map((face) => presentFace(face, origin)),
    replyTime,
    hours: hours &&
      state && { ...hours, isOpen: state.isOpen, opensAt: state.opensAt?.toISOString() ?? null },
  }
}
