import type { Actor } from '../../domain/actor.ts'
import type { Contact } from '../../domain/contact.ts'
import { phoneDigits } from '../../domain/contact.ts'
import { mergeMetadata } from '../../domain/conversation.ts'
import { refuse } from '../../domain/errors.ts'
import { normalizeEmail } from '../../domain/operator.ts'
import { allow } from '../../domain/permissions.ts'
import type { JsonObject, Ref } from '../../domain/ref.ts'
import type { Transaction } from '../ports/transaction.ts'
import { getContact, type ContactInFull } from './read-contacts.ts'

/** What may be changed of a contact. Absent stays, null clears; metadata is merged, a key set to null goes. */
export interface ContactPatch {
  name?: string | null
  customName?: string | null
  phone?: string | null
  email?: string | null
  tags?: string[] | null
  extraFields?: JsonObject | null
  metadata?: JsonObject
}

/** Changes a contact by its own name. Refuses `not_found`, also for one that is not before the actor. */
export async function editContact(
  tx: Transaction,
  actor: Actor,
  { contact: ref, ...patch }: ContactPatch & { contact: Ref },
): Promise<ContactInFull> {
  allow(actor, 'contact.write')
  const { contact } = await getContact(tx, actor, { contact: ref })
  await changeContact(tx, contact.id, patch)
  return getContact(tx, actor, { contact: { id: contact.id } })
}

/** Locks and changes a contact that the actor may see. */
export async function changeContact(
  tx: Transaction,
  contactId: string,
  { metadata, phone, email, ...rest }: ContactPatch,
): Promise<Contact> {
  const contact = (await tx.contacts.lock(contactId)) ?? refuse('not_found', { what: 'contact' })
  const patch = {
    ...rest,
    phone: phone && phoneDigits(phone),
    email: email && normalizeEmail(email),
    metadata: metadata && mergeMetadata(contact.metadata, metadata),
  }
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
  const updated = { ...contact, ...given, updatedAt: tx.now }
  await tx.contacts.save(updated)
  await tx.record({ type: 'contact.updated', contactId: contact.id, changed: Object.keys(given) })
  return updated
}
