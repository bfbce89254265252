import type { Telling } from '../../application/ports/webhook-dialect.ts'
import type { Doer } from '../../domain/actor.ts'
import type { Bot } from '../../domain/bot.ts'
import type { Channel } from '../../domain/channel.ts'
import type { Contact } from '../../domain/contact.ts'
import type { MessageStatus } from '../../domain/message.ts'
import { writeId, type IdKind } from './ids.ts'
import { messageOf } from './present-messages.ts'
import { avatarOf, doerRef, timeOrNothing, TYPES, writePhone, type Presenting } from './present-refs.ts'
import { holder, presentDetail } from './present.ts'
import { writeTime } from './time.ts'

/** What a webhook is told of: one resource. Facts of the event stand where what was read later would. */
export interface Told {
  id: string
  type: string
  attributes: object
}

/** Null when the conversation is gone. */
export function tellConversation({ view, origin }: Telling, facts: object): Told | null {
  if (!view) return null
  const { data } = presentDetail(view, null, { origin })
  return { ...data, attributes: { ...data.attributes, ...facts } }
}

/** Who has it, where the event says so: null is nobody. */
export function handedFacts(assignee: Doer | null | undefined) {
  return assignee === undefined ? {} : { assignee: assignee ? holder(assignee) : undefined }
}

export function assignedFacts({ recorded }: Telling, event: { assignee: Doer; by: Doer }) {
  const assignedAt = writeTime(recorded.occurredAt)
  return { ...handedFacts(event.assignee), assignedAt, assignedBy: doerRef(event.by) }
}

export function transferredFacts(
  { recorded }: Telling,
  event: { assignee: Doer; previous: Doer | null; by: Doer },
) {
  return {
    ...handedFacts(event.assignee),
    previousAssignee: event.previous && holder(event.previous),
    transferredAt: writeTime(recorded.occurredAt),
    transferredBy: doerRef(event.by),
  }
}

/** Who ended a cycle of it, or began one, and who has it then. */
interface Turn {
  by: Doer
  assignee?: Doer | null
}

/** How it was explained is known while nobody has closed it anew. */
export function closedFacts({ recorded, view }: Telling, { by, assignee }: Turn) {
  const { occurredAt } = recorded
  const conversation = view?.conversation
  const isOfThis = conversation?.closedAt?.getTime() === occurredAt.getTime()
  return {
    ...handedFacts(assignee),
    status: 'closed',
    closedAt: writeTime(occurredAt),
    closedBy: doerRef(by),
    resolution: (isOfThis && conversation?.resolution) || undefined,
    closureReason: (isOfThis && conversation?.closureReason) || undefined,
  }
}

export function reopenedFacts({ recorded, view }: Telling, { by, assignee }: Turn) {
  const isClosedSince = view?.conversation.status === 'closed'
  return {
    ...handedFacts(assignee),
    ...(isClosedSince && { status: 'open' }),
    reopenedAt: writeTime(recorded.occurredAt),
    reopenedBy: doerRef(by),
  }
}

/** What `PATCH` answers besides what every showing has. */
export function updatedFacts({ view }: Telling) {
  return { priority: view?.conversation.priority }
}

/** Null when the message is gone. */
export function tellMessage(telling: Telling, status: MessageStatus, error: string | null): Told | null {
  const { message, view, origin } = telling
  if (!message || !view) return null
  const told = messageOf(message, view, { origin })
  const isSeen = status === 'delivered' || status === 'read'
  return {
    ...told,
    attributes: {
      ...told.attributes,
      status,
      deliveredAt: isSeen ? timeOrNothing(message.deliveredAt) : undefined,
      readAt: status === 'read' ? timeOrNothing(message.readAt) : undefined,
      error: error ?? undefined,
    },
  }
}

export function tellContact(contact: Contact, presenting: Presenting): Told {
  const { id, name, customName, phone, email, tags, metadata, createdAt, updatedAt } = contact
  return {
    ...named('contact', id),
    attributes: {
      name: customName || (name ?? undefined),
      phone: writePhone(phone) ?? phone ?? undefined,
      email: email ?? undefined,
      avatar: avatarOf(contact, presenting),
      tags: tags ?? [],
      metadata,
      createdAt: writeTime(createdAt),
      updatedAt: writeTime(updatedAt),
    },
  }
}

/** Without where a custom app receives its messages: that may hold a key of the app's. */
export function tellChannel(channel: Channel, facts: object): Told {
  const { id, name, kind, status, createdAt, updatedAt } = channel
  return {
    ...named('channel', id),
    attributes: {
      ...{ name, channelType: TYPES[kind], status, config: {} },
      ...{ createdAt: writeTime(createdAt), updatedAt: writeTime(updatedAt) },
      ...facts,
    },
  }
}

export function tellBot({ id, name, createdAt, updatedAt }: Bot): Told {
  return {
    ...named('bot', id),
    attributes: { name, createdAt: writeTime(createdAt), updatedAt: writeTime(updatedAt) },
  }
}

/** What a thing is called, when no more can be said of it. */
export function named<Kind extends Extract<IdKind, 'contact' | 'channel' | 'bot' | 'webhook'>>(
  type: Kind,
  id: string,
) {
  return { id: writeId(type, id), type }
}
