import type { Contact, ContactIdentity } from '../../domain/contact.ts'
import type { VisitorFacts, VisitorSession } from '../../domain/visitor.ts'
import type { Transaction } from '../ports/transaction.ts'

interface Told {
  session: VisitorSession
  facts: VisitorFacts
  /** The site vouches for them; what a visitor says of itself fills in only what is not known. */
  isProven: boolean
}

/** Keeps what is known of a visitor: with the contact, or with the session as long as there is none. */
export async function applyFacts(tx: Transaction, { session, facts, isProven }: Told): Promise<void> {
  const identity = await tx.contacts.identityOn(session.channelId, session.externalId)
  const contact = identity && (await tx.contacts.lock(identity.contactId))
  if (!identity || !contact) {
    await tx.visitors.save(session, { facts: { ...session.facts, ...facts } })
    return
  }
  if (isProven && !identity.isVerified) await tx.contacts.saveIdentity({ ...identity, isVerified: true })
  await saveContact(tx, contact, newsOf(contact, { facts, isProven }, identity))
}

function newsOf(
  contact: Contact,
  { facts, isProven }: Omit<Told, 'session'>,
  { isVerified }: ContactIdentity,
): Partial<Contact> {
  const { name, email, phone, fields } = facts
  const news = {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(isProven && fields && { extraFields: { ...contact.extraFields, ...fields } }),
  }
  if (isProven || !isVerified) return news
  const unknown = Object.entries(news).filter(([key]) => contact[key as keyof Contact] === null)
  return Object.fromEntries(unknown)
}

async function saveContact(tx: Transaction, contact: Contact, news: Partial<Contact>): Promise<void> {
  const changed = Object.entries(news)
    .filter(([key, value]) => JSON.stringify(contact[key as keyof Contact]) !== JSON.stringify(value))
    .map(([key]) => key)
  if (changed.length === 0) return
  await tx.contacts.save({ ...contact, ...news, updatedAt: tx.now })
  await tx.record({ type: 'contact.updated', contactId: contact.id, changed })
}
