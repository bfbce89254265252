import { hashPassword } from 'better-auth/crypto'
import type { Passwords } from '../application/ports/passwords.ts'
import { refuse } from '../domain/errors.ts'
import type { Queries } from './database.ts'

/** The sign-in store's own hashing, so that whoever is made here can sign in there. */
export const passwords: Passwords = { hash: hashPassword }

interface NewPerson {
  id: string
  name: string
  email: string
  passwordHash: string
}

/** Makes somebody who can sign in with e-mail and password. Refuses `email_taken`. */
export async function insertPerson(db: Queries, person: NewPerson): Promise<string> {
  const { passwordHash: password, ...identity } = person
  const inserted = await db
    .insertInto('person')
    .values(identity)
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) refuse('email_taken', { field: 'email', reason: person.email })
  await db
    .insertInto('personCredential')
    .values({ id: person.id, accountId: person.id, providerId: 'credential', userId: person.id, password })
    .execute()
  return inserted.id
}
