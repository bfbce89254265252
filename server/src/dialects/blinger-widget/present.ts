import type { Appended } from '../../application/messages/append.ts'
import type { Signed } from '../../application/messages/send-signed.ts'
import type { Door } from '../../application/ports/door.ts'
import type { RequestedReview } from '../../application/reviews/request-review.ts'
import type { Attachment } from '../../domain/attachment.ts'
import type { Bot } from '../../domain/bot.ts'
import type { Message } from '../../domain/message.ts'
import type { Operator } from '../../domain/operator.ts'
import type { ConversationView } from '../../domain/view.ts'
import type {
  AgentBody,
  BotBody,
  ConversationBody,
  EndUserBody,
  FileBody,
  MessageBody,
  ReviewBody,
} from './schema/objects.ts'

/** What a presentation needs besides what it presents: where files are, and who signs. */
export type Stage = Pick<Door, 'publicOrigin' | 'credentials'>

export function presentConversation(stage: Stage, view: ConversationView): ConversationBody {
  const { conversation, assignee } = view
  return {
    id: conversation.id,
    assignedAgent: assignee && presentAgent(stage, assignee),
    locked: conversation.isLocked,
    ...born(conversation),
  }
}

/** A text or a file: by the end user, or by the agent in whose name it was sent. */
export function presentMessage(stage: Stage, signed: Signed): MessageBody {
  const { message, operator } = signed
  const { attachment } = message
  return {
    ...frame(message),
    type: attachment ? 'file' : 'text',
    body: attachment ? null : message.text,
    file: attachment && presentFile(stage, attachment),
    agent: operator && presentAgent(stage, operator),
    endUser: message.author.kind === 'contact' ? presentEndUser(stage, signed) : null,
  }
}

/** A request for a review, by the bot. */
export function presentReviewMessage(stage: Stage, requested: RequestedReview): MessageBody {
  return {
    ...frame(requested.appended.message),
    type: 'review',
    review: presentReview(stage, requested),
    bot: presentBot(requested.bot),
  }
}

export function presentAgent(stage: Stage, operator: Operator): AgentBody {
  return {
    id: operator.id,
    serviceUserId: operator.externalId,
    name: operator.name,
    status: operator.status,
    avatar: operator.avatar && presentFile(stage, operator.avatar),
    active: operator.isActive,
    ...born(operator),
  }
}

/** Every key in the documented order, with nothing said and no author yet. */
function frame(message: Message): Omit<MessageBody, 'type'> & { type: MessageBody['type'] } {
  return {
    id: message.id,
    // The documented samples know this one status: what is accepted here counts as delivered.
    status: 'delivered',
    type: 'text',
    body: null,
    file: null,
    review: null,
    bot: null,
    agent: null,
    endUser: null,
    microseconds: message.micros,
    // The same moment as `microseconds`, also where a burst has pushed that one ahead of the clock.
    createdAt: Math.floor(message.micros / 1_000_000),
    updatedAt: seconds(message.updatedAt),
  }
}

function presentReview(stage: Stage, { review, operator, appended }: RequestedReview): ReviewBody {
  return {
    id: review.id,
    agent: operator && presentAgent(stage, operator),
    endUser: presentEndUser(stage, appended),
    mark: review.mark,
    confirmed: review.isConfirmed,
    text: review.text,
    ...born(review),
  }
}

function presentEndUser(
  stage: Stage,
  { identity, channel }: Pick<Appended, 'identity' | 'channel'>,
): EndUserBody {
  return {
    id: identity.id,
    websocketToken: stage.credentials.signEndUser(identity.id, channel.secretKey),
    ...born(identity),
  }
}

function presentBot(bot: Bot): BotBody {
  return { id: bot.id, name: bot.name, ...born(bot) }
}

function presentFile(stage: Stage, file: Attachment): FileBody {
  const { width, height, ext, mimeType, size, path } = file
  const origin = stage.publicOrigin()
  const isPicture = file.kind === 'image' && width !== null && height !== null
  const boxes = { '120x120': `${origin}/120x120${path}`, '520x400': `${origin}/520x400${path}` }
  return {
    id: file.id,
    type: file.kind === 'image' ? 'image' : 'file',
    meta: isPicture ? { width, height } : {},
    info: { name: shortName(path), ext, mimeType, size, path },
    url: { ...(isPicture && boxes), default: `${origin}${path}` },
    ...born(file),
  }
}

/** The vendor shows its temporary upload name, nine characters; ours are the first nine of the stored name. */
function shortName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).slice(0, 9)
}

function born(row: { createdAt: Date; updatedAt: Date }): { createdAt: number; updatedAt: number } {
  return { createdAt: seconds(row.createdAt), updatedAt: seconds(row.updatedAt) }
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
