import type { EventsRead } from '../../application/events/read-events.ts'
import type { Doer } from '../../domain/actor.ts'
import type { RecordedEvent } from '../../domain/event-log.ts'
import type { DomainEvent } from '../../domain/events.ts'
import { writeCursor } from './cursor.ts'
import { eventId, publicId } from './ids.ts'
import type { EventBody, EventData, EventListBody, EventType, SomebodyBody } from './schema/events.ts'

/** The members of the union that an event of these types can be. */
type EventOf<Type extends EventType> = Type extends EventType ? Containing<DomainEvent, Type> : never
type Containing<Event, Type> = Event extends { type: infer Types }
  ? Type extends Types
    ? Event
    : never
  : never

type Presenters = { [Type in EventType]: (event: EventOf<Type>) => EventData[Type] }

const party = ({ contactId, channelId }: { contactId: string; channelId: string }) => ({
  contactId: publicId('contact', contactId),
  channelId: publicId('channel', channelId),
})
const assignment = ({
  assignee,
  previous,
  by,
}: EventOf<'conversation.assigned' | 'conversation.transferred'>) => ({
  assignee: presentDoer(assignee),
  previous: previous && presentDoer(previous),
  by: presentDoer(by),
})
const opening = ({ episodeId, by }: EventOf<'conversation.opened' | 'conversation.reopened'>) => ({
  episodeId: publicId('episode', episodeId),
  by: presentDoer(by),
})
const message = ({ messageId, seq, kind, direction, author, status }: EventOf<'message.received'>) => ({
  messageId: publicId('message', messageId),
  ...{ seq, kind, direction, author, status },
})
const review = ({ reviewId, messageId }: EventOf<'review.requested'>) => ({
  reviewId: publicId('review', reviewId),
  messageId: publicId('message', messageId),
})
const operator = ({ operatorId }: { operatorId: string }) => ({
  operatorId: publicId('operator', operatorId),
})

const token = ({ tokenId }: { tokenId: string }) => ({ tokenId: publicId('token', tokenId) })
const channel = ({ channelId }: { channelId: string }) => ({ channelId: publicId('channel', channelId) })
const group = ({ groupId }: { groupId: string }) => ({ groupId: publicId('group', groupId) })
const role = ({ roleId }: { roleId: string }) => ({ roleId: publicId('role', roleId) })
const bot = ({ botId }: { botId: string }) => ({ botId: publicId('bot', botId) })
const webhook = ({ webhookId }: { webhookId: string }) => ({ webhookId: publicId('webhook', webhookId) })
const invitation = ({ invitationId }: { invitationId: string }) => ({
  invitationId: publicId('invitation', invitationId),
})

/** Each names what it tells: no fact of an event goes out unnamed. */
const PRESENTERS: Presenters = {
  'contact.created': ({ contactId, channelId }) => ({
    contactId: publicId('contact', contactId),
    channelId: channelId && publicId('channel', channelId),
  }),
  'contact.updated': ({ contactId, changed }) => ({ contactId: publicId('contact', contactId), changed }),
  'conversation.created': party,
  'conversation.opened': opening,
  'conversation.assigned': assignment,
  'conversation.transferred': assignment,
  'conversation.unassigned': ({ previous, by }) => ({
    previous: previous && presentDoer(previous),
    by: presentDoer(by),
  }),
  'conversation.grouped': ({ groupId, previousGroupId, by }) => ({
    groupId: publicId('group', groupId),
    previousGroupId: previousGroupId && publicId('group', previousGroupId),
    by: presentDoer(by),
  }),
  'conversation.closed': ({ episodeId, by }) => ({
    episodeId: episodeId && publicId('episode', episodeId),
    by: presentDoer(by),
  }),
  'conversation.reopened': opening,
  'conversation.updated': ({ changed, by }) => ({ changed, by: presentDoer(by) }),
  'message.received': message,
  'message.queued': message,
  'message.noted': message,
  'message.advanced': ({ messageId, status, statuses = [status], error }) => ({
    messageId: publicId('message', messageId),
    ...{ status, statuses, error },
  }),
  'review.requested': review,
  'review.rated': review,
  'review.confirmed': review,
  'operator.created': operator,
  'operator.updated': operator,
  'operator.deleted': operator,
  'channel.created': channel,
  'channel.updated': ({ channelId, changed }) => ({ ...channel({ channelId }), changed }),
  'channel.deleted': channel,
  'group.created': group,
  'group.updated': ({ groupId, changed }) => ({ ...group({ groupId }), changed }),
  'group.deleted': group,
  'role.created': role,
  'role.updated': role,
  'role.deleted': role,
  'bot.created': bot,
  'bot.updated': bot,
  'bot.deleted': bot,
  'account.updated': ({ changed }) => ({ changed }),
  'invitation.created': invitation,
  'invitation.accepted': invitation,
  'invitation.revoked': invitation,
  'contact.deleted': ({ contactId, conversationIds }) => ({
    contactId: publicId('contact', contactId),
    conversationIds: conversationIds.map((id) => publicId('conversation', id)),
  }),
  'token.created': token,
  'token.revoked': token,
  'webhook.created': webhook,
  'webhook.updated': ({ webhookId, changed }) => ({ ...webhook({ webhookId }), changed }),
  'webhook.deleted': webhook,
  'webhook.paused': ({ webhookId, reason }) => ({ ...webhook({ webhookId }), reason }),
  'webhook.resumed': webhook,
  'webhook.replayed': ({ webhookId, count }) => ({ ...webhook({ webhookId }), count }),
}

/** Every event there is. */
export const EVENT_TYPES = Object.keys(PRESENTERS) as EventType[]

export function presentEvent({ id, event, isSilent, occurredAt }: RecordedEvent): EventBody {
  return {
    id: eventId(id),
    type: event.type,
    occurredAt: occurredAt.toISOString(),
    silent: isSilent,
    ...('conversationId' in event && { conversationId: publicId('conversation', event.conversationId) }),
    data: presentData(event),
  }
}

export function presentEvents(
  accountId: string,
  { events, position, hasMore }: Extract<EventsRead, { kind: 'events' }>,
): EventListBody {
  return { events: events.map(presentEvent), cursor: writeCursor(accountId, position), hasMore }
}

/** While two releases run together one may not know what the other records: such an event keeps its place, without data. */
function presentData(event: DomainEvent): EventBody['data'] {
  if (!Object.hasOwn(PRESENTERS, event.type)) return {}
  const present = PRESENTERS[event.type] as (event: DomainEvent) => EventBody['data']
  return present(event)
}

const KINDS = { operator: 'operator', bot: 'bot', contact: 'contact', token: 'token' } as const

function presentDoer({ kind, id, name }: Doer): SomebodyBody {
  return { kind, id: kind === 'system' || id === null ? null : publicId(KINDS[kind], id), name }
}
