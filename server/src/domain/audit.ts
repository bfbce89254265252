import type { Actor } from './actor.ts'
import type { DomainEvent } from './events.ts'
import type { JsonObject } from './ref.ts'

/** What a deed was done to. */
export interface AuditTarget {
  kind: string
  id: string
}

/** A deed as the audit log keeps it: who, what, to what, from where, when. It has ids and names of fields, never contents. */
export interface AuditEntry {
  /** Rises within the account. */
  id: number
  action: string
  actor: { kind: Actor['kind']; id: string | null; operatorId: string | null; name: string | null }
  target: AuditTarget | null
  address: string | null
  facts: JsonObject
  createdAt: Date
}

/** A deed that is no event of the account's log: signing in, exporting, looking at what is kept from most. */
export type AuditedAct =
  | 'session.started'
  | 'session.refused'
  | 'session.ended'
  | 'password.changed'
  | 'password.reset_requested'
  | 'password.reset'
  | 'second_factor.enabled'
  | 'second_factor.disabled'
  | 'contact.exported'
  | 'audit.exported'
  | 'retention.applied'

/** What is about to be kept of a deed. */
export interface NewAuditEntry {
  action: AuditedAct | DomainEvent['type']
  target: AuditTarget | null
  facts: JsonObject
}

/** What the audit log keeps of an event; null for what people say to each other, and for what nobody of ours did. */
export function auditOf(event: DomainEvent, actor: Pick<Actor, 'kind'>): NewAuditEntry | null {
  const isSpeech = event.type.startsWith('message.') || event.type.startsWith('review.')
  const isOurs = actor.kind === 'token' || actor.kind === 'operator'
  if (isSpeech || (!isOurs && isOfConversations(event))) return null
  const { type, ...facts } = event
  const target = targetOf(event)
  return { action: type, target, facts: facts as JsonObject }
}

function isOfConversations({ type }: DomainEvent): boolean {
  return type.startsWith('conversation.') || (type.startsWith('contact.') && type !== 'contact.deleted')
}

/** What an event is about: its first id, by the first word of its type. */
function targetOf(event: DomainEvent): AuditTarget | null {
  const [kind = ''] = event.type.split('.')
  const id = new Map<string, unknown>(Object.entries(event)).get(`${kind}Id`)
  return typeof id === 'string' ? { kind, id } : null
}
