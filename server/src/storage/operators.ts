import type { OperatorReader } from '../application/ports/reader.ts'
import type { Transaction } from '../application/ports/transaction.ts'
import { refuse } from '../domain/errors.ts'
import type { Operator } from '../domain/operator.ts'
import type { Queries } from './database.ts'
import { createKnown, type Known } from './known.ts'
import { createLoader, toOperators } from './load.ts'
import { insertPerson } from './people.ts'
import type { OperatorRow } from './tables.ts'
import { takenIf } from './taken.ts'

const asTaken = takenIf('operator_external', { what: 'operator', field: 'externalId' })

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
    page: async ({ after, order, limit }) => {
      const beyond = after === null ? all : all.where('number', order === 'asc' ? '>' : '<', after)
      return toOperators(loader, await beyond.orderBy('number', order).limit(limit).execute())
    },
    groupIds: (operatorIds) => groupIds(db, accountId, operatorIds),
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
      const { id: _id, number: _number, accountId: _account, createdAt: _born, ...state } = operator
      await db
        .updateTable('operator')
        .set({ ...state, avatarId: avatar?.id ?? null })
        .where('accountId', '=', accountId)
        .where('id', '=', operator.id)
        .execute()
        .catch(asTaken)
    },
    remove: (operatorId) => remove(db, { accountId, operatorId, now }),
    lock: async (ref) => {
      const wanted = db
        .selectFrom('operator')
        .selectAll()
        .where('accountId', '=', accountId)
        .where('removedAt', 'is', null)
        .where((eb) => ('id' in ref ? eb('id', '=', ref.id) : eb('number', '=', ref.number)))
      const row = await wanted.forUpdate().executeTakeFirst()
      return row ? ((await toOperators(createLoader(db, [accountId]), [row]))[0] ?? null) : null
    },
    leaveGroup: async (operatorId, groupId) => {
      await db
        .deleteFrom('operatorGroupMember')
        .where('accountId', '=', accountId)
        .where('groupId', '=', groupId)
        .where('operatorId', '=', operatorId)
        .execute()
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

/** The person goes with its last operator: in another account it may still be one. */
async function remove(
  db: Queries,
  { accountId, operatorId, now }: { accountId: string; operatorId: string; now: Date },
): Promise<void> {
  const ofOperator = db
    .selectFrom('operator')
    .select('personId')
    .where('accountId', '=', accountId)
    .where('id', '=', operatorId)
  const personId = (await ofOperator.executeTakeFirst())?.personId ?? null
  await db
    .updateTable('operator')
    .set({ removedAt: now, updatedAt: now, personId: null, isActive: false })
    .set({ role: 'operator', roleId: null, scope: null })
    .where('accountId', '=', accountId)
    .where('id', '=', operatorId)
    .execute()
  if (personId === null) return
  // Of two accounts that let the same person go at once the second one finds it without operators.
  await db.selectFrom('person').select('id').where('id', '=', personId).forUpdate().execute()
  await db
    .deleteFrom('person')
    .where('id', '=', personId)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('operator').select('id').where('personId', '=', personId))),
    )
    .execute()
}

async function groupIds(
  db: Queries,
  accountId: string,
  operatorIds: string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>(operatorIds.map((id) => [id, []]))
  if (operatorIds.length === 0) return found
  const rows = await db
    .selectFrom('operatorGroupMember as m')
    .innerJoin('operatorGroup as g', (join) =>
      join.onRef('g.accountId', '=', 'm.accountId').onRef('g.id', '=', 'm.groupId'),
    )
    .select(['m.groupId', 'm.operatorId'])
    .where('m.accountId', '=', accountId)
    .where('m.operatorId', 'in', operatorIds)
    .orderBy('g.number')
    .execute()
  for (const { groupId, operatorId } of rows) found.get(operatorId)?.push(groupId)
  return found
}
