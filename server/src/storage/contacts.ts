import { sql } from 'kysely'
import type { ContactReader } from '../application/ports/reader.ts'
import type { ContactWriter } from '../application/ports/transaction.ts'
import type { Contact } from '../domain/contact.ts'
import type { Reach } from '../domain/permissions.ts'
import { listContacts } from './contact-list.ts'
import type { Queries } from './database.ts'
import { createLoader, toContacts } from './load.ts'
import type { ContactRow } from './tables.ts'

export function createContactReader(
  db: Queries,
  { accountId, reach }: { accountId: string; reach: Reach },
): ContactReader {
  const loader = createLoader(db, [accountId])
  const contacts = db.selectFrom('contact').selectAll().where('accountId', '=', accountId)
  const identities = db.selectFrom('contactIdentity').selectAll().where('accountId', '=', accountId)
  const one = async (row: ContactRow | undefined): Promise<Contact | null> =>
    row ? ((await toContacts(loader, [row]))[0] ?? null) : null

  return {
    list: async (listing) => {
      const found = await loader.contacts(await listContacts(db, accountId, { ...listing, reach }))
      return [...found.values()].sort((a, b) => b.number - a.number)
    },
    identitiesOf: (contactId) => identities.where('contactId', '=', contactId).orderBy('number').execute(),
    find: async (ref) =>
      one(
        await (
          'id' in ref ? contacts.where('id', '=', ref.id) : contacts.where('number', '=', ref.number)
        ).executeTakeFirst(),
      ),
    findByPhone: async (phone) =>
      one(await contacts.where('phone', '=', phone).orderBy('number').executeTakeFirst()),
    findByEmail: async (email) =>
      one(await contacts.where('email', '=', email).orderBy('number').executeTakeFirst()),
    identity: async (ref) =>
      (await (
        'id' in ref ? identities.where('id', '=', ref.id) : identities.where('number', '=', ref.number)
      ).executeTakeFirst()) ?? null,
    identityOn: async (channelId, externalId) =>
      (await identities
        .where('channelId', '=', channelId)
        .where('externalId', '=', externalId)
        .executeTakeFirst()) ?? null,
    identityOfContact: async (channelId, contactId) =>
      (await identities
        .where('channelId', '=', channelId)
        .where('contactId', '=', contactId)
        .orderBy('number')
        .executeTakeFirst()) ?? null,
  }
}

export function createContactWriter(
  db: Queries,
  reached: { accountId: string; reach: Reach },
): ContactWriter & ContactReader {
  const { accountId } = reached
  return {
    ...createContactReader(db, reached),
    insert: async ({ avatar, ...contact }) => {
      const row = await db
        .insertInto('contact')
        .values({ ...contact, avatarId: avatar?.id ?? null })
        .returning('number')
        .executeTakeFirstOrThrow()
      return { ...contact, avatar, number: row.number }
    },
    // Not `for update`: rows that refer to a contact may be inserted meanwhile.
    lock: async (contactId) => {
      const row = await db
        .selectFrom('contact')
        .selectAll()
        .where('accountId', '=', accountId)
        .where('id', '=', contactId)
        .forNoKeyUpdate()
        .executeTakeFirst()
      return row ? ((await toContacts(createLoader(db, [accountId]), [row]))[0] ?? null) : null
    },
    save: async ({ avatar, ...contact }) => {
      const { name, customName, phone, email, extraFields, tags, metadata, updatedAt } = contact
      await db
        .updateTable('contact')
        .set({
          name,
          customName,
          phone,
          email,
          extraFields,
          tags,
          metadata,
          updatedAt,
          avatarId: avatar?.id ?? null,
        })
        .where('accountId', '=', accountId)
        .where('id', '=', contact.id)
        .execute()
    },
    insertIdentity: async (identity, number) =>
      (await db
        .insertInto('contactIdentity')
        .values(number === null ? identity : { ...identity, number })
        .onConflict((conflict) => conflict.columns(['accountId', 'channelId', 'externalId']).doNothing())
        .returningAll()
        .executeTakeFirst()) ?? null,
    saveIdentity: async ({ id, pageUrl, pageTitle, isVerified, updatedAt }) => {
      await db
        .updateTable('contactIdentity')
        .set({ pageUrl, pageTitle, isVerified, updatedAt })
        .where('accountId', '=', accountId)
        .where('id', '=', id)
        .execute()
    },
    renameIdentity: (channelId, from, to) => renameIdentity(db, { accountId, channelId, from, to }),
    serialize: async (key) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`${accountId}:${key}`}, 0))`.execute(db)
    },
  }
}

/** Several who want the other name at once wait for each other; whoever comes second finds it taken. */
async function renameIdentity(
  db: Queries,
  { accountId, channelId, from, to }: { accountId: string; channelId: string; from: string; to: string },
): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${accountId}:${channelId}:${to}`}, 0))`.execute(
    db,
  )
  const { numAffectedRows = 0n } = await sql`
    update contact_identity set external_id = ${to}
     where account_id = ${accountId} and channel_id = ${channelId} and external_id = ${from}
       and not exists (select from contact_identity
         where account_id = ${accountId} and channel_id = ${channelId} and external_id = ${to})
  `.execute(db)
  return numAffectedRows > 0n
}
