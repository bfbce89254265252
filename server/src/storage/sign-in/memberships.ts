import { sql } from 'kysely'
import type { Membership, Memberships } from '../../application/ports/memberships.ts'
import type { Ref } from '../../domain/ref.ts'
import { available } from '../availability.ts'
import type { Database } from '../database.ts'
import { FACULTIES, toFaculties, type FacultiesRow } from '../faculties.ts'

interface Row extends FacultiesRow {
  accountId: string
  accountNumber: number
  accountName: string
  operatorNumber: number
}

export function createMemberships(db: Database): Memberships {
  return {
    actorOf: async (personId, account, address) => {
      const [row] = await read(db, personId, account)
      if (!row) return null
      const { accountId, accountNumber, operatorId } = row
      return {
        ...{ accountId, accountNumber, kind: 'operator', id: operatorId, operatorId, address },
        ...toFaculties(row),
      }
    },
    list: async (personId) => (await read(db, personId, null)).map(toMembership),
  }
}

async function read(db: Database, personId: string, account: Ref | null): Promise<Row[]> {
  const named =
    account === null
      ? sql``
      : 'id' in account
        ? sql`and a.id = ${account.id}`
        : sql`and a.number = ${account.number}`
  const { rows } = await available(() =>
    sql<Row>`
      select o.account_id, a.number as account_number, a.name as account_name, o.number as operator_number, ${FACULTIES}
        from operator o join account a on a.id = o.account_id
       where o.person_id = ${personId} and o.removed_at is null and o.is_active ${named}
       order by o.created_at, o.id
    `.execute(db),
  )
  return rows
}

function toMembership(row: Row): Membership {
  return {
    account: { id: row.accountId, number: row.accountNumber, name: row.accountName },
    operatorId: row.operatorId,
    operatorNumber: row.operatorNumber,
    role: row.role,
  }
}
