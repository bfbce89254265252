import type { Actor } from '../../domain/actor.ts'
import { phoneDigits } from '../../domain/contact.ts'
import { refuse } from '../../domain/errors.ts'
import { normalizeEmail } from '../../domain/operator.ts'
import { allow, allowEverywhere } from '../../domain/permissions.ts'
import type { JsonObject } from '../../domain/ref.ts'
import type { Transaction } from '../ports/transaction.ts'
import type { ContactInFull } from './read-contacts.ts'

export interface CreateContact {
  name?: string
  customName?: string
  phone?: string
  email?: string
  tags?: string[]
  extraFields?: JsonObject
  metadata?: JsonObject
}

/**
 * Makes a contact that is on no channel yet. One person, one contact: refuses `conflict` when the phone or the e-mail is known. Only by
 * whoever sees all: others would not see what they made, and make contacts by starting conversations.
 */
export async function createContact(
  tx: Transaction,
  actor: Actor,
  input: CreateContact,
): Promise<ContactInFull> {
  allow(actor, 'contact.write')
  allowEverywhere(actor)
  const phone = input.phone === undefined ? null : phoneDigits(input.phone)
  const email = input.email === undefined ? null : normalizeEmail(input.email)
  for (const key of [phone, email]) if (key !== null) await tx.contacts.serialize(`contact:${key}`)
  if (phone !== null && (await tx.contacts.findByPhone(phone))) refuseKnown('phone')
  if (email !== null && (await tx.contacts.findByEmail(email))) refuseKnown('email')
  const { name = null, customName = null, tags = null, extraFields = null, metadata = {} } = input
  const contact = await tx.contacts.insert({
    ...{ id: tx.ids.next(), accountId: tx.accountId, name, customName, phone, email, avatar: null },
    ...{ extraFields, tags, metadata, createdAt: tx.now, updatedAt: tx.now },
  })
  await tx.record({ type: 'contact.created', contactId: contact.id, channelId: null })
  return { contact, identities: [], conversations: [] }
}

function refuseKnown(field: 'phone' | 'email'): never {
  return refuse('conflict', {
    what: 'contact',
    field,
    reason: `A contact with this ${field} is there already.`,
  })
}
