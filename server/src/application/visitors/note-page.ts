import { channelActor, type Actor } from '../../domain/actor.ts'
import { allowVisitor } from '../../domain/permissions.ts'
import type { Visitor } from '../../domain/visitor.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'

export interface NotePage {
  url: string | null
  title: string | null
}

/** Where a visitor is on its site: told by whoever looks at the contact, not worth an event each time. */
export async function notePage(tools: Tools, actor: Actor, page: NotePage): Promise<void> {
  const visitor = allowVisitor(actor)
  await tools.act(savePage, channelActor(actor, visitor.channelId), { visitor, page })
}

async function savePage(
  tx: Transaction,
  _actor: Actor,
  { visitor, page: { url: pageUrl, title: pageTitle } }: { visitor: Visitor; page: NotePage },
): Promise<void> {
  await tx.visitors.save(visitor, { pageUrl, pageTitle, seenAt: tx.now })
  const identity = await tx.contacts.identityOn(visitor.channelId, visitor.externalId)
  if (identity) await tx.contacts.saveIdentity({ ...identity, pageUrl, pageTitle, updatedAt: tx.now })
}
