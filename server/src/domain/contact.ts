import type { Attachment } from './attachment.ts'
import type { ChannelKind } from './channel.ts'
import { refuse } from './errors.ts'
import type { JsonObject } from './ref.ts'

/** Who writes to us. */
export interface Contact {
  id: string
  number: number
  accountId: string
  /** The name the contact gave; null until one is known. */
  name: string | null
  /** The name operators gave. */
  customName: string | null
  phone: string | null
  email: string | null
  avatar: Attachment | null
  /** Facts an integration handed over. */
  extraFields: JsonObject | null
  tags: string[] | null
  metadata: JsonObject
  createdAt: Date
  updatedAt: Date
}

/** A contact's name on one channel. */
export interface ContactIdentity {
  id: string
  number: number
  accountId: string
  contactId: string
  channelId: string
  /** The contact's id at the provider, a string; unique within the channel. */
  externalId: string
  nickname: string | null
  pageUrl: string | null
  pageTitle: string | null
  /** Whether the site vouches for who this is. */
  isVerified: boolean
  secretKey: string
  createdAt: Date
  updatedAt: Date
}

const PHONE_DIGITS = /^\d{8,15}$/

/**
 * Digits of an international phone number, without the plus: the one form stored, so that every dialect's spelling meets.
 * Accepts spaces, dots, dashes, brackets and a leading plus. Refuses `invalid` otherwise.
 */
export function phoneDigits(phone: string): string {
  const digits = phone.replace(/[\s().-]/g, '').replace(/^\+/, '')
  if (!PHONE_DIGITS.test(digits)) refuse('invalid', { field: 'phone', reason: 'phone is not a phone number' })
  return digits
}

/** How a contact is called: what operators chose, else its own name, else its nickname, else its id on the channel. */
export function displayName(contact: Contact, identity: ContactIdentity, kind: ChannelKind): string {
  return contact.customName || ownName(contact, identity, kind)
}

/** How a contact calls itself, whatever operators call it. */
export function ownName(
  contact: Pick<Contact, 'name'>,
  identity: Pick<ContactIdentity, 'number' | 'nickname' | 'externalId'>,
  kind: ChannelKind,
): string {
  return contact.name ?? identity.nickname ?? fallbackName(identity, kind)
}

/** The name of a contact that has none: a web chat's visitor is known by number, anybody else by the provider's id. */
export function fallbackName(
  identity: Pick<ContactIdentity, 'number' | 'externalId'>,
  kind: ChannelKind,
): string {
  return kind === 'webchat' ? `LiveChat client #${identity.number}` : identity.externalId
}
