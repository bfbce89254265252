import type { Actor } from '../../domain/actor.ts'
import type { DomainEvent } from '../../domain/events.ts'
import { isWithin, type Permission, type Reach } from '../../domain/permissions.ts'
import type { Holding } from '../ports/live-reader.ts'
import type { News } from './look-at-log.ts'

/** What it takes to read that of which an event tells: the same as for reading it by itself. */
const READING: Readonly<Record<string, Permission>> = {
  conversation: 'conversation.read',
  message: 'conversation.read',
  review: 'conversation.read',
  contact: 'contact.read',
  operator: 'operator.read',
  group: 'operator.read',
  role: 'operator.read',
  invitation: 'operator.read',
  channel: 'channel.read',
  bot: 'bot.read',
  account: 'account.read',
  token: 'token.read',
  webhook: 'webhook.read',
}

/** Whether an actor is told of an event. One whose conversation is gone is told only to those who see all. */
export function maySee({ permissions, reach }: Pick<Actor, 'permissions' | 'reach'>, news: News): boolean {
  const { event, view, holdings } = news
  const [subject = ''] = event.type.split('.')
  const permission = READING[subject]
  if (!permission || !permissions.has(permission)) return false
  if (reach.kind === 'all') return true
  if ('conversationId' in event) return view !== null && isWithin(reach, view.conversation)
  if (event.type === 'contact.deleted') return false
  return subject !== 'contact' || holdings.some((holding) => isWithin(reach, holding))
}

/** The conversations that were before somebody of that reach until these events, and are no more. */
export function leftBy(reach: Reach, news: readonly News[]): string[] {
  if (reach.kind === 'all') return []
  const left = new Set<string>()
  /** How each was held before the events that were gone through, the last one first. */
  const before = new Map<string, Holding>()
  for (const { event, view } of news.toReversed()) {
    if (!view || !('conversationId' in event)) continue
    const held = heldBefore(event, before.get(event.conversationId) ?? view.conversation)
    if (!held) continue
    before.set(event.conversationId, held)
    if (isWithin(reach, held) && !isWithin(reach, view.conversation)) left.add(event.conversationId)
  }
  return [...left]
}

/** Null for events that change no hands. */
function heldBefore(event: DomainEvent, { assigneeId, groupId }: Holding): Holding | null {
  if (event.type === 'conversation.grouped') return { assigneeId, groupId: event.previousGroupId }
  if (!('previous' in event)) return null
  return { assigneeId: event.previous?.kind === 'operator' ? event.previous.id : null, groupId }
}
