import type { ContactInFull } from '../../application/contacts/read-contacts.ts'
import type { Contact } from '../../domain/contact.ts'
import { CONTACTS } from './accept-lists.ts'
import { publicId } from './ids.ts'
import { presentPage, writeListCursor } from './list-cursor.ts'
import { iso } from './present-messages.ts'
import type { ContactBody, ContactInFullBody } from './schema/contacts.ts'

export function presentContact(contact: Contact, origin: string): ContactBody {
  const { number, name, customName, phone, email, extraFields, metadata } = contact
  return {
    id: publicId('contact', contact.id),
    ...{ number, name, customName, phone, email },
    avatarUrl: contact.avatar && origin + contact.avatar.path,
    ...{ tags: contact.tags ?? [], extraFields, metadata },
    createdAt: contact.createdAt.toISOString(),
    updatedAt: contact.updatedAt.toISOString(),
  }
}

export function presentContactInFull(
  { contact, identities, conversations }: ContactInFull,
  origin: string,
): ContactInFullBody {
  return {
    ...presentContact(contact, origin),
    identities: identities.map(
      ({ channelId, number, externalId, nickname, pageUrl, pageTitle, isVerified, createdAt }) => ({
        channelId: publicId('channel', channelId),
        ...{ number, externalId, nickname, pageUrl, pageTitle, isVerified },
        createdAt: createdAt.toISOString(),
      }),
    ),
    conversations: conversations.map(({ conversation: one }) => ({
      ...{
        id: publicId('conversation', one.id),
        number: one.number,
        channelId: publicId('channel', one.channelId),
      },
      ...{ status: one.status, unreadCount: one.unreadCount, messageCount: one.messageCount },
      lastMessageAt: iso(one.lastMessageAt),
    })),
  }
}

/** At most one contact more than is shown. */
export function presentContactList(
  contacts: Contact[],
  { accountId, limit, origin }: { accountId: string; limit: number; origin: string },
) {
  return presentPage(contacts, limit - 1, {
    item: (contact) => presentContact(contact, origin),
    cursor: ({ number }) => writeListCursor({ accountId, list: CONTACTS }, [number]),
  })
}
