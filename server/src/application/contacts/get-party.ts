import type { Actor } from '../../domain/actor.ts'
import type { Channel } from '../../domain/channel.ts'
import type { Contact, ContactIdentity } from '../../domain/contact.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Reader } from '../ports/reader.ts'
import type { Transaction } from '../ports/transaction.ts'
import { silently } from '../events/silently.ts'
import { changeContact, type ContactPatch } from './change-contact.ts'

/** Either side of a conversation: a contact on a channel, or the channel itself. Both share one number sequence. */
export interface Party {
  channel: Channel
  /** Null when the party is the channel. */
  contact: Contact | null
  identity: ContactIdentity | null
}

/** Refuses `not_found`. */
export async function getParty(reader: Reader, actor: Actor, input: { party: Ref }): Promise<Party> {
  allow(actor, 'contact.read')
  const identity = await reader.contacts.identity(input.party)
  if (!identity) {
    const channel = (await reader.channels.find(input.party)) ?? refuse('not_found', { what: 'contact' })
    return { channel, contact: null, identity: null }
  }
  const contact = await reader.contacts.find({ id: identity.contactId })
  const channel = await reader.channels.find({ id: identity.channelId })
  const isSeen = contact && (await reader.conversations.isContactWithin(contact.id))
  if (!isSeen || !channel) refuse('not_found', { what: 'contact' })
  return { channel, contact, identity }
}

export interface UpdateContact extends ContactPatch {
  party: Ref
  isSilent?: boolean
}

/** Changes the contact behind an identity. Refuses `not_found`, also for a channel: it is nobody's contact. */
export async function updateContact(tx: Transaction, actor: Actor, input: UpdateContact): Promise<Party> {
  allow(actor, 'contact.write')
  const { party: ref, isSilent = false, ...patch } = input
  const party = await getParty(tx, actor, { party: ref })
  if (!party.contact) refuse('not_found', { what: 'contact' })
  return { ...party, contact: await changeContact(silently(tx, isSilent), party.contact.id, patch) }
}
