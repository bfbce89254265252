import type { ContactPatch } from '../../application/contacts/change-contact.ts'
import type { CreateContact } from '../../application/contacts/create-contact.ts'
import { refuse } from '../../domain/errors.ts'
import type { Ref } from '../../domain/ref.ts'
import { acceptJson, acceptTags, mustBeStorable, mustSay } from './accept-values.ts'
import { refOf } from './ids.ts'
import type { CreateContactBody, UpdateContactBody } from './schema/contacts.ts'

export function acceptCreateContact(body: CreateContactBody): CreateContact {
  mustBeStorable(body)
  const { name, customName, phone, email, tags, extraFields, metadata } = body
  if ([name, customName, phone, email].every((one) => one === undefined))
    refuse('missing', { field: 'name', reason: 'A contact has a name, a phone or an email at least.' })
  return {
    name: name === undefined ? undefined : mustSay(name, 'name').trim(),
    customName: customName === undefined ? undefined : mustSay(customName, 'customName').trim(),
    ...{ phone, email, tags: acceptTags(tags) },
    extraFields: extraFields && acceptJson(extraFields, 'extraFields'),
    metadata: metadata && acceptJson(metadata, 'metadata'),
  }
}

export function acceptUpdateContact(id: string, body: UpdateContactBody): ContactPatch & { contact: Ref } {
  mustBeStorable(body)
  const { name, customName, phone, email, tags, extraFields, metadata } = body
  return {
    contact: refOf('contact', id),
    name: name && mustSay(name, 'name').trim(),
    customName: customName && mustSay(customName, 'customName').trim(),
    ...{ phone, email, tags: tags === null ? null : acceptTags(tags) },
    extraFields: extraFields && acceptJson(extraFields, 'extraFields'),
    metadata: metadata && acceptJson(metadata, 'metadata'),
  }
}
