import type { Person, Session } from '../../application/ports/sign-in.ts'
import { available } from '../availability.ts'
import type { Database } from '../database.ts'

/** A session that has not ended, with its person. */
export interface Live {
  person: Person
  session: Session
}

/** Sessions as rows: looked at in the table each time, so that an ended one is dead at once in every process. */
export interface Sessions {
  byId(id: string): Promise<Live | null>
  byToken(token: string): Promise<Live | null>
  list(personId: string): Promise<Session[]>
  prolong(sessionId: string, expiresAt: Date): Promise<void>
  end(personId: string, sessionId: string): Promise<boolean>
  endAll(personId: string, except: string | null): Promise<void>
  person(by: { id: string } | { email: string }): Promise<Person | null>
  /** Whether the person is an operator of any account, and not a disabled one. */
  isMember(personId: string): Promise<boolean>
}

export function createSessions(db: Database): Sessions {
  const people = db
    .selectFrom('person')
    .select(['id', 'name', 'email', 'emailVerified', 'twoFactorEnabled', 'createdAt'])
  const live = () =>
    db
      .selectFrom('personSession as s')
      .innerJoin('person as p', 'p.id', 's.userId')
      .select(['s.id as sessionId', 's.ipAddress', 's.userAgent', 's.expiresAt'])
      .select(['s.createdAt as begunAt', 's.updatedAt'])
      .select(['p.id', 'p.name', 'p.email', 'p.emailVerified', 'p.twoFactorEnabled', 'p.createdAt'])
      .where('s.expiresAt', '>', new Date())

  return {
    byId: async (id) => toLive(await available(() => live().where('s.id', '=', id).executeTakeFirst())),
    byToken: async (token) =>
      toLive(await available(() => live().where('s.token', '=', token).executeTakeFirst())),
    list: async (personId) => {
      const rows = await available(() =>
        live().where('s.userId', '=', personId).orderBy('s.createdAt', 'desc').execute(),
      )
      return rows.map(toSession)
    },
    prolong: async (sessionId, expiresAt) => {
      const prolonged = db.updateTable('personSession').set({ expiresAt }).where('id', '=', sessionId)
      await available(() => prolonged.execute())
    },
    end: async (personId, sessionId) => {
      const ended = db.deleteFrom('personSession').where('userId', '=', personId).where('id', '=', sessionId)
      const { numDeletedRows } = await available(() => ended.executeTakeFirstOrThrow())
      return numDeletedRows > 0n
    },
    endAll: async (personId, except) => {
      const all = db.deleteFrom('personSession').where('userId', '=', personId)
      await available(() => (except === null ? all : all.where('id', '<>', except)).execute())
    },
    person: async (by) => {
      const row = await available(() =>
        ('id' in by
          ? people.where('id', '=', by.id)
          : people.where('email', '=', by.email.trim().toLowerCase())
        ).executeTakeFirst(),
      )
      return row ? toPerson(row) : null
    },
    isMember: async (personId) => {
      const row = await available(() =>
        db
          .selectFrom('operator')
          .select('id')
          .where('personId', '=', personId)
          .where('removedAt', 'is', null)
          .where('isActive', '=', true)
          .executeTakeFirst(),
      )
      return row !== undefined
    },
  }
}

interface PersonRow {
  id: string
  name: string
  email: string
  emailVerified: boolean
  twoFactorEnabled: boolean
  createdAt: Date
}

interface LiveRow extends PersonRow {
  sessionId: string
  ipAddress: string | null
  userAgent: string | null
  expiresAt: Date
  begunAt: Date
  updatedAt: Date
}

const toLive = (row: LiveRow | undefined): Live | null =>
  row ? { person: toPerson(row), session: toSession(row) } : null

function toPerson({ id, name, email, emailVerified, twoFactorEnabled, createdAt }: PersonRow): Person {
  return { id, name, email, isEmailVerified: emailVerified, hasSecondFactor: twoFactorEnabled, createdAt }
}

function toSession(row: LiveRow): Session {
  const { sessionId, id, ipAddress, userAgent, expiresAt, begunAt, updatedAt } = row
  return {
    ...{ id: sessionId, personId: id, address: ipAddress || null, userAgent: userAgent || null },
    ...{ createdAt: begunAt, updatedAt, expiresAt },
  }
}
