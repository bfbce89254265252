import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { allow, allowEverywhere } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Transaction } from '../ports/transaction.ts'

/**
 * Deletes a contact with everything held about it: conversations, messages, files, reviews, events, kept answers, waiting jobs.
 * Only by whoever sees all: what goes is not only what is before them. The bytes of files go by a job, after the commit.
 */
export async function deleteContact(tx: Transaction, actor: Actor, input: { contact: Ref }): Promise<void> {
  allow(actor, 'contact.delete')
  const contact = (await tx.contacts.find(input.contact)) ?? refuse('not_found', { what: 'contact' })
  if (!(await tx.conversations.isContactWithin(contact.id))) refuse('not_found', { what: 'contact' })
  allowEverywhere(actor)
  const locked = (await tx.erasure.lockContact(contact.id)) ?? refuse('not_found', { what: 'contact' })
  const { conversationIds } = locked
  await tx.erasure.conversations(conversationIds)
  await tx.erasure.contact(contact.id)
  await tx.erasure.answers()
  await tx.record({ type: 'contact.deleted', contactId: contact.id, conversationIds })
}
