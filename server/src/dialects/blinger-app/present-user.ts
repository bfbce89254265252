import type { Party } from '../../application/contacts/get-party.ts'
import type { Channel } from '../../domain/channel.ts'
import type { Contact, ContactIdentity } from '../../domain/contact.ts'
import { APPLICATIONS } from './codes.ts'
import { fileUrl, seconds } from './present-message.ts'
import type * as Wire from './schema/responses.ts'

/** What an account's users are shown with: its integer name, and where its files are served. */
export interface Place {
  accountNumber: number
  origin: string
}

/** A channel, which the vendor takes for a user like any other. */
export function presentChannelUser(channel: Channel, { accountNumber }: Place): Wire.ChannelUser {
  return {
    id: channel.number,
    service_blinger_id: accountNumber,
    blinger_user_id: channel.number,
    is_active: channel.status === 'active',
    date_updated: seconds(channel.updatedAt),
    date_created: seconds(channel.createdAt),
    tags: null,
    name: channel.name,
    role: 'customer',
    avatar: null,
    application: APPLICATIONS[channel.kind],
    service_user_id: null,
    status: channel.status === 'inactive' ? 'disabled' : 'enabled',
    group_id: channel.groupNumber,
    is_comments: null,
    page_url: null,
    page_title: null,
    extra_fields: null,
    extra_field_secret_key: channel.secretKey,
    custom_name: null,
  }
}

/** Either side of a conversation, in the long form. */
export function presentParty({ channel, contact, identity }: Party, place: Place): Wire.User {
  if (contact && identity) return presentClient({ channel, contact, identity }, place)
  return {
    ...presentChannelUser(channel, place),
    dialog_id: null,
    comments_group_id: null,
    phone: null,
    service_user_nickname: null,
  }
}

interface Client {
  channel: Channel
  contact: Contact
  identity: ContactIdentity
}

function presentClient({ channel, contact, identity }: Client, place: Place): Wire.User {
  const updatedAt = contact.updatedAt > identity.updatedAt ? contact.updatedAt : identity.updatedAt
  return {
    id: identity.number,
    service_blinger_id: place.accountNumber,
    blinger_user_id: identity.number,
    is_active: true,
    date_updated: seconds(updatedAt),
    date_created: seconds(identity.createdAt),
    tags: contact.tags,
    name: contact.name,
    role: 'default',
    avatar: fileUrl(contact.avatar, place.origin),
    application: APPLICATIONS[channel.kind],
    service_user_id: identity.externalId,
    status: 'enabled',
    group_id: null,
    is_comments: null,
    page_url: identity.pageUrl,
    page_title: identity.pageTitle,
    extra_fields: contact.extraFields,
    extra_field_secret_key: identity.secretKey,
    custom_name: contact.customName,
    dialog_id: null,
    comments_group_id: null,
    phone: contact.phone && `+${contact.phone}`,
    service_user_nickname: identity.nickname,
  }
}
