import { sql } from 'kysely'
import type { Pool } from 'pg'
import type { SignIn, Whereabouts } from '../../application/ports/sign-in.ts'
import type { AuditedAct } from '../../domain/audit.ts'
import { writeAudit } from '../audit.ts'
import { available } from '../availability.ts'
import type { Database } from '../database.ts'
import { openAuth, type Auth, type Provider } from './auth.ts'
import { createLockout } from './lockout.ts'
import { createSessions } from './sessions.ts'
import { createSignIn } from './sign-in.ts'

export interface SignInSettings {
  pool: Pool
  db: Database
  /** Signs cookies and seals second factors. */
  secret: string
  lockoutKey: Buffer
  provider: Provider | null
  clock(): Date
  /** Known once the server listens or is configured. */
  origin(): string
}

/** The door for people over our database. */
export function openSignIn(settings: SignInSettings): SignIn {
  const { db, clock, provider } = settings
  const sessions = createSessions(db)
  let auth: Auth | null = null
  return createSignIn({
    ...{ db, sessions, provider },
    lockout: createLockout({ db, clock, key: settings.lockoutKey }),
    tell: (personId, action, from) => tell({ db, clock }, personId, { action, from }),
    auth: () =>
      (auth ??= openAuth({
        ...{ pool: settings.pool, secret: settings.secret, provider },
        origin: settings.origin(),
        onLinked: (personId) => disown(db, personId),
      })),
  })
}

async function tell(
  { db, clock }: Pick<SignInSettings, 'db' | 'clock'>,
  personId: string,
  { action, from }: { action: AuditedAct; from: Whereabouts },
): Promise<void> {
  const works = db
    .selectFrom('operator')
    .select(['id', 'accountId'])
    .where('personId', '=', personId)
    .where('removedAt', 'is', null)
  for (const { id, accountId } of await available(() => works.execute())) {
    const actor = { accountId, kind: 'operator', id, operatorId: id, address: from.address } as const
    const target = { kind: 'operator', id }
    await available(() => writeAudit(db, actor, { entries: [{ action, target, facts: {} }], now: clock() }))
  }
}

/**
 * Whoever made this person before its address was proved (by a password they chose) must not keep a key to it: password, second factor
 * and sessions go when the provider says whose address it is.
 */
async function disown(db: Database, personId: string): Promise<void> {
  await sql`
    with unproved as (select id from person where id = ${personId} and not email_verified),
    passwords as (delete from person_credential where provider_id = 'credential' and user_id in (select id from unproved)),
    factors as (delete from person_second_factor where user_id in (select id from unproved)),
    ended as (delete from person_session where user_id in (select id from unproved))
    update person set two_factor_enabled = false where id in (select id from unproved)
  `.execute(db)
}
