import { DatabaseError } from 'pg'
import type { OperatorReader } from '../application/ports/reader.ts'
import type { Transaction } from '../application/ports/transaction.ts'
import { refuse } from '../domain/errors.ts'
import type { Operator } from '../domain/operator.ts'
import type { Queries } from './database.ts'
import { createKnown, type Known } from './known.ts'
import { createLoader, toOperators } from './load.ts'
import { insertPerson } from './people.ts'
import type { OperatorRow } from './tables.ts'

export function createOperatorReader(db: Queries, accountId: string, known: Known): OperatorReader {
  const loader = createLoader(db, [accountId])
  const all = db
    .selectFrom('operator')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('removedAt', 'is', null)
  const one = async (row: OperatorRow | undefined): Promise<Operator | null> =>
    row ? ((await toOperators(loader, [row]))[0] ?? null) : null

  return {
    find: async (ref) => (await known.operators(db, [{ accountId, ref }]))[0] ?? null,
    owner: async () => {
      const [owner] = await known.operators(db, [{ accountId, ref: 'owner' }])
      if (!owner) throw new Error('An account has no owner.')
      return owner
    },
    personOf: async (email) =>
      (await db.selectFrom('person').select('id').where('email', '=', email).executeTakeFirst())?.id ?? null,
    list: async () => toOperators(loader, await all.orderBy('number').execute()),
    byExternalId: async (externalId) =>
      one(await all.where('externalId', '=', externalId).executeTakeFirst()),
  }
}

export function createOperatorWriter(db: Queries, accountId: string, now: Date): Transaction['operators'] {
  return {
    ...createOperatorReader(db, accountId, createKnown(null)),
    insert: async ({ avatar, ...operator }, person) => {
      const { email } = operator
      const personId =
        person === null || email === null
          ? null
          : 'personId' in person
            ? person.personId
            : await insertPerson(db, { id: operator.id, name: operator.name, email, ...person })
      const row = await db
        .insertInto('operator')
        .values({ ...operator, personId, avatarId: avatar?.id ?? null })
        .onConflict((conflict) => conflict.doNothing())
        .returning('number')
        .executeTakeFirst()
      if (!row && person !== null) refuse('email_taken', { field: 'email', reason: email ?? '' })
      if (!row) refuse('conflict', { what: 'operator', field: 'externalId' })
      return { ...operator, avatar, number: row.number }
    },
    save: async ({ avatar, ...operator }) => {
      const { name, role, status, isActive, externalId, updatedAt } = operator
      await db
        .updateTable('operator')
        .set({ name, role, status, isActive, externalId, updatedAt, avatarId: avatar?.id ?? null })
        .where('accountId', '=', accountId)
        .where('id', '=', operator.id)
        .execute()
        .catch(asTaken)
    },
    remove: async (operatorId) => {
      const removed = await db
        .updateTable('operator')
        .set({ removedAt: now, updatedAt: now, personId: null, isActive: false })
        .where('accountId', '=', accountId)
        .where('id', '=', operatorId)
        .execute()
      if (removed.length > 0) await db.deleteFrom('person').where('id', '=', operatorId).execute()
    },
    joinGroup: async (operatorId, groupId) => {
      await db
        .insertInto('operatorGroupMember')
        .values({ accountId, groupId, operatorId })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
  }
}

/** Two at once may ask for the same external id; the index lets one have it. */
function asTaken(error: unknown): never {
  if (error instanceof DatabaseError && error.constraint === 'operator_external')
    refuse('conflict', { what: 'operator', field: 'externalId' }, error)
  throw error
}
