import type { FastifyInstance } from 'fastify'
import { editContact } from '../../../application/contacts/change-contact.ts'
import { createContact } from '../../../application/contacts/create-contact.ts'
import { getContact, listContacts } from '../../../application/contacts/read-contacts.ts'
import type { Door } from '../../../application/ports/door.ts'
import { acceptCreateContact, acceptUpdateContact } from '../accept-contacts.ts'
import { acceptContactList } from '../accept-lists.ts'
import { actorOf } from '../auth.ts'
import { refOf } from '../ids.ts'
import { presentContactInFull, presentContactList } from '../present-contacts.ts'
import * as wire from '../schema/contacts.ts'
import { Named } from '../schema/values.ts'
import { problems } from '../schema/responses.ts'

const TAG = { tags: ['Contacts'] }
const READ = { policy: { permission: 'contact.read' } } as const
const WRITE = { policy: { permission: 'contact.write' } } as const
type Id = { Params: { id: string } }

const listed = {
  ...TAG,
  summary: 'List contacts',
  description:
    'The newest first. Whoever sees only some conversations sees those they have a conversation with. `search` puts at most 10,000 of ' +
    'those called so in order; with fewer than three letters it looks through the newest 5,000 contacts.',
  querystring: wire.ListContactsQuery,
  response: { 200: wire.ContactList, ...problems },
}
const created = {
  ...TAG,
  summary: 'Make a contact',
  description:
    'One that is on no channel yet; whoever begins a conversation makes its contact by that. 409 when the phone or the e-mail is known. ' +
    'Only for those who see all conversations: others would not see what they made.',
  body: wire.CreateContactBody,
  response: { 201: wire.ContactInFull, ...problems },
}
const shown = {
  ...TAG,
  summary: 'Get a contact',
  description: 'With its names on channels, and its conversations.',
  params: Named,
  response: { 200: wire.ContactInFull, ...problems },
}
const updated = {
  ...TAG,
  summary: 'Change a contact',
  description: 'What is absent stays, null clears.',
  params: Named,
  body: wire.UpdateContactBody,
  response: { 200: wire.ContactInFull, ...problems },
}

export function contactRoutes(scope: FastifyInstance, { house, publicOrigin }: Door): void {
  scope.get<{ Querystring: wire.ListContactsQuery }>(
    '/contacts',
    { schema: listed, config: READ },
    async (request) => {
      const actor = actorOf(request)
      const { accountId } = actor
      const listing = acceptContactList(request.query, accountId)
      const contacts = await house.ask(listContacts, actor, listing)
      return presentContactList(contacts, { accountId, limit: listing.limit, origin: publicOrigin() })
    },
  )
  scope.post<{ Body: wire.CreateContactBody }>(
    '/contacts',
    { schema: created, config: WRITE },
    async (request, reply) => {
      const made = await house.act(createContact, actorOf(request), acceptCreateContact(request.body))
      return reply.code(201).send(presentContactInFull(made, publicOrigin()))
    },
  )
  scope.get<Id>('/contacts/:id', { schema: shown, config: READ }, async (request) => {
    const contact = refOf('contact', request.params.id)
    return presentContactInFull(await house.ask(getContact, actorOf(request), { contact }), publicOrigin())
  })
  scope.patch<Id & { Body: wire.UpdateContactBody }>(
    '/contacts/:id',
    { schema: updated, config: WRITE },
    async (request) => {
      const input = acceptUpdateContact(request.params.id, request.body)
      return presentContactInFull(await house.act(editContact, actorOf(request), input), publicOrigin())
    },
  )
}
