import { sql } from 'kysely'
import type { Transaction } from '../application/ports/transaction.ts'
import type { Invitation } from '../domain/invitation.ts'
import type { Queries } from './database.ts'
import type { Secrets } from './secrets.ts'

interface InvitationParts {
  accountId: string
  now: Date
  secrets: Pick<Secrets, 'hash'>
}

export function createInvitations(db: Queries, parts: InvitationParts): Transaction['invitations'] {
  const { accountId, now, secrets } = parts
  const all = db.selectFrom('invitation').selectAll().where('accountId', '=', accountId)
  const open = all.where('acceptedAt', 'is', null).where('revokedAt', 'is', null).where('expiresAt', '>', now)
  return {
    listOpen: async () =>
      (await open.orderBy('createdAt', 'desc').orderBy('id', 'desc').execute()).map(toInvitation),
    bySecret: async (secret) =>
      one(await open.where('secretHash', '=', secrets.hash(secret)).executeTakeFirst()),
    lock: async (id) => one(await all.where('id', '=', id).forUpdate().executeTakeFirst()),
    insert: async (invitation, secret) => {
      await db
        .insertInto('invitation')
        .values({ ...invitation, secretHash: secrets.hash(secret) })
        .execute()
    },
    save: async ({ id, acceptedAt, revokedAt }) => {
      await db
        .updateTable('invitation')
        .set({ acceptedAt, revokedAt })
        .where('accountId', '=', accountId)
        .where('id', '=', id)
        .execute()
    },
  }
}

const one = (row: (Invitation & { secretHash: Buffer }) | undefined) => (row ? toInvitation(row) : null)

function toInvitation({
  secretHash: _secret,
  ...invitation
}: Invitation & { secretHash: Buffer }): Invitation {
  return invitation
}

/** The first set-up: open while there is no account, to whoever has the secret. */
export function createSetup(db: Queries, secrets: Pick<Secrets, 'hash'>): Transaction['installation'] {
  const isOpen = sql`setup_hash is not null and not exists (select from account)`
  return {
    isSetupOpen: async (secret) => {
      const { rows } = await sql`
        select from installation where setup_hash = ${secrets.hash(secret)} and ${isOpen}
      `.execute(db)
      return rows.length > 0
    },
    useSetup: async (secret) => {
      const { numAffectedRows = 0n } = await sql`
        update installation set setup_hash = null where setup_hash = ${secrets.hash(secret)} and ${isOpen}
      `.execute(db)
      return numAffectedRows > 0n
    },
  }
}

/** Opens the first set-up to another secret; false when there is an account already. */
export async function offerSetup(db: Queries, hash: Buffer): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update installation set setup_hash = ${hash} where not exists (select from account)
  `.execute(db)
  return numAffectedRows > 0n
}
