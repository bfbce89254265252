import { sql } from 'kysely'
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
    ofConversation: (conversationId, after, limit) =>
      all
        .where('conversationId', '=', conversationId)
        .where('number', '>', after)
        .orderBy('number')
        .limit(limit)
        .execute(),
    insert: (attachment) =>
      db.insertInto('attachment').values(attachment).returningAll().executeTakeFirstOrThrow(),
  }
}

/** The file behind a public URL's path, whosever it is: the path itself is the secret. */
export async function findAttachmentByPath(db: Queries, path: string): Promise<Attachment | null> {
  const byPath = db.selectFrom('attachment').selectAll().where('path', '=', path)
  return (await available(() => byPath.executeTakeFirst())) ?? null
}

/** Whether any account names the bytes of that digest. Account by account, so that the index is of use. */
export async function isDigestNamed(db: Queries, digest: string): Promise<boolean> {
  const { rows } = await available(() =>
    sql`
      select 1 from account a cross join lateral (
        select 1 from attachment f where f.account_id = a.id and f.digest = ${digest} limit 1) named
       limit 1
    `.execute(db),
  )
  return rows.length > 0
}
