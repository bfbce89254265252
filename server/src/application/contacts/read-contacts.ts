import type { Actor } from '../../domain/actor.ts'
import type { Contact, ContactIdentity } from '../../domain/contact.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ConversationView } from '../../domain/view.ts'
import type { ContactListing, Reader } from '../ports/reader.ts'

/** A contact with its names on channels, and its conversations as far as they are before whoever asks. */
export interface ContactInFull {
  contact: Contact
  identities: ContactIdentity[]
  conversations: ConversationView[]
}

/** Contacts, newest first; those before the actor. */
export async function listContacts(
  reader: Reader,
  actor: Actor,
  listing: ContactListing,
): Promise<Contact[]> {
  allow(actor, 'contact.read')
  return reader.contacts.list(listing)
}

/** Refuses `not_found`, also for a contact that is not before the actor. */
export async function getContact(
  reader: Reader,
  actor: Actor,
  input: { contact: Ref },
): Promise<ContactInFull> {
  allow(actor, 'contact.read')
  const contact = (await reader.contacts.find(input.contact)) ?? refuse('not_found', { what: 'contact' })
  if (!(await reader.conversations.isContactWithin(contact.id))) refuse('not_found', { what: 'contact' })
  return {
    contact,
    identities: await reader.contacts.identitiesOf(contact.id),
    conversations: await reader.conversations.ofContact(contact.id),
  }
}
