import type { Attachment, StoredFile } from '../../domain/attachment.ts'
import { attachmentPath } from '../../domain/attachment.ts'
import type { Transaction } from '../ports/transaction.ts'

/** Gives a stored file its place in the account and the unguessable name of its URL. */
export async function keepFile(
  tx: Transaction,
  stored: StoredFile,
  conversationId: string | null,
): Promise<Attachment> {
  return tx.attachments.insert({
    ...stored,
    id: tx.ids.next(),
    accountId: tx.accountId,
    conversationId,
    messageId: null,
    path: attachmentPath(tx.ids.bytes(3), tx.ids.bytes(32), stored.ext),
    createdAt: tx.now,
    updatedAt: tx.now,
  })
}
