import { channelActor, type Actor } from '../../domain/actor.ts'
import { phoneDigits } from '../../domain/contact.ts'
import { refuse } from '../../domain/errors.ts'
import { normalizeEmail } from '../../domain/operator.ts'
import { allowVisitor } from '../../domain/permissions.ts'
import type { Visitor, VisitorFacts } from '../../domain/visitor.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'
import { applyFacts } from './apply-facts.ts'

/** What a visitor says of itself. It joins nobody's history: the contact stays who it is on this channel. */
export type LeaveCard = Pick<VisitorFacts, 'name' | 'email' | 'phone'>

/** Refuses `invalid` for what cannot be an address or a phone number. */
export async function leaveCard(tools: Tools, actor: Actor, card: LeaveCard): Promise<void> {
  const visitor = allowVisitor(actor)
  const { name, email, phone } = card
  const facts = {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email: normalizeEmail(email) }),
    ...(phone !== undefined && { phone: phoneDigits(phone) }),
  }
  await tools.act(saveCard, channelActor(actor, visitor.channelId), { visitor, facts })
}

async function saveCard(
  tx: Transaction,
  _actor: Actor,
  { visitor, facts }: { visitor: Visitor; facts: VisitorFacts },
): Promise<void> {
  const { sessionId, channelId, externalId } = visitor
  const session =
    (await tx.visitors.byId(sessionId, channelId, externalId)) ??
    refuse('unauthenticated', { what: 'visitor' })
  await applyFacts(tx, { session, facts, isProven: false })
}
