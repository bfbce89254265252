import type { Channel } from '../../domain/channel.ts'
import type { Contact, ContactIdentity } from '../../domain/contact.ts'
import type { JsonObject } from '../../domain/ref.ts'
import type { Transaction } from '../ports/transaction.ts'

/** What is known of somebody on a channel. Facts given replace; absent ones stay. */
export interface ContactFacts {
  externalId: string
  name?: string
  phone?: string
  email?: string
  nickname?: string
  extraFields?: JsonObject
  /** A contact known by other means, to be met on this channel. */
  contact?: Contact
  /** Nobody vouches for the facts: they lead to no contact known elsewhere. */
  isStranger?: boolean
  isVerified?: boolean
  page?: { url: string | null; title: string | null }
}

export interface ResolvedContact {
  contact: Contact
  identity: ContactIdentity
  isNew: boolean
}

/** Finds or makes the contact behind a channel's external id, by identity, then phone, then e-mail. */
export async function resolveContact(
  tx: Transaction,
  channel: Channel,
  facts: ContactFacts,
): Promise<ResolvedContact> {
  await tx.contacts.serialize(`${channel.id}:${facts.externalId}`)
  const identity = await tx.contacts.identityOn(channel.id, facts.externalId)
  if (identity) return (await refresh(tx, identity, facts)) ?? resolveContact(tx, channel, facts)
  const known = facts.contact ?? (await findElsewhere(tx, facts))
  const contact = known ?? (await insertContact(tx, facts))
  const inserted = await tx.contacts.insertIdentity(
    {
      id: tx.ids.next(),
      accountId: tx.accountId,
      contactId: contact.id,
      channelId: channel.id,
      externalId: facts.externalId,
      nickname: facts.nickname ?? null,
      pageUrl: facts.page?.url ?? null,
      pageTitle: facts.page?.title ?? null,
      isVerified: facts.isVerified ?? false,
      secretKey: tx.ids.token(32),
      createdAt: tx.now,
      updatedAt: tx.now,
    },
    known ? null : contact.number,
  )
  if (!inserted) throw new Error('An identity appeared while its key was held.')
  await tx.record({ type: 'contact.created', contactId: contact.id, channelId: channel.id })
  return { contact, identity: inserted, isNew: true }
}

/** One person, one contact: whoever is known by the same phone or e-mail is met again. */
async function findElsewhere(tx: Transaction, facts: ContactFacts): Promise<Contact | null> {
  if (facts.isStranger) return null
  const byPhone = facts.phone ? await tx.contacts.findByPhone(facts.phone) : null
  return byPhone ?? (facts.email ? tx.contacts.findByEmail(facts.email) : null)
}

async function insertContact(tx: Transaction, facts: ContactFacts): Promise<Contact> {
  return tx.contacts.insert({
    id: tx.ids.next(),
    accountId: tx.accountId,
    name: facts.name ?? null,
    customName: null,
    phone: facts.phone ?? null,
    email: facts.email ?? null,
    avatar: null,
    extraFields: facts.extraFields ?? null,
    tags: null,
    metadata: {},
    createdAt: tx.now,
    updatedAt: tx.now,
  })
}

/** Null when the contact was deleted between two looks: its identity is gone too, then. */
async function refresh(
  tx: Transaction,
  identity: ContactIdentity,
  facts: ContactFacts,
): Promise<ResolvedContact | null> {
  const found = await tx.contacts.find({ id: identity.contactId })
  if (!found) return null
  if (newsIn(found, facts).changed.length === 0) return { contact: found, identity, isNew: false }
  const contact = await tx.contacts.lock(found.id)
  if (!contact) return null
  const { news, changed } = newsIn(contact, facts)
  const updated = { ...contact, ...news, updatedAt: tx.now }
  await tx.contacts.save(updated)
  await tx.record({ type: 'contact.updated', contactId: contact.id, changed })
  return { contact: updated, identity, isNew: false }
}

/** The facts that a contact did not have yet. Extra fields given are always news. */
function newsIn(contact: Contact, facts: ContactFacts) {
  const news = {
    name: facts.name ?? contact.name,
    phone: facts.phone ?? contact.phone,
    email: facts.email ?? contact.email,
    extraFields: facts.extraFields ?? contact.extraFields,
  }
  const fields = ['name', 'phone', 'email', 'extraFields'] as const
  return { news, changed: fields.filter((field) => news[field] !== contact[field]) }
}
