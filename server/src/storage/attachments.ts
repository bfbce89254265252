import type { Transaction } from '../application/ports/transaction.ts'
import type { Attachment } from '../domain/attachment.ts'
import { available } from './availability.ts'
import type { Queries } from './database.ts'

export function createAttachments(db: Queries, accountId: string): Transaction['attachments'] {
  const all = db.selectFrom('attachment').selectAll().where('accountId', '=', accountId)
  return {
    find: async (ref) =>
      (await (
        'id' in ref ? all.where('id', '=', ref.id) : all.where('number', '=', ref.number)
      ).executeTakeFirst()) ?? null,
    insert: (attachment) =>
      db.insertInto('attachment').values(attachment).returningAll().executeTakeFirstOrThrow(),
  }
}

/** The file behind a public URL's path, whosever it is: the path itself is the secret. */
export async function findAttachmentByPath(db: Queries, path: string): Promise<Attachment | null> {
  const byPath = db.selectFrom('attachment').selectAll().where('path', '=', path)
  return (await available(() => byPath.executeTakeFirst())) ?? null
}
