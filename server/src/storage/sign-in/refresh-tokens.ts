import { sql } from 'kysely'
import type { RefreshTokens } from '../../application/ports/sign-in.ts'
import type { Ids } from '../../application/ports/ids.ts'
import { refuse } from '../../domain/errors.ts'
import { available } from '../availability.ts'
import type { Database } from '../database.ts'
import type { Secrets } from '../secrets.ts'

interface RefreshParts {
  db: Database
  ids: Ids
  secrets: Pick<Secrets, 'hash'>
  clock(): Date
}

const PREFIX = 'rt_'

export function createRefreshTokens({ db, ids, secrets, clock }: RefreshParts): RefreshTokens {
  async function issue(sessionId: string, expiresAt: Date): Promise<string> {
    const token = PREFIX + ids.token(43)
    await available(() =>
      db
        .insertInto('refreshToken')
        .values({
          ...{ secretHash: secrets.hash(token), sessionId, usedAt: null },
          ...{ expiresAt, createdAt: clock() },
        })
        .execute(),
    )
    return token
  }

  return {
    issue: (sessionId, lifeMs) => issue(sessionId, new Date(clock().getTime() + lifeMs)),
    rotate: async (token) => {
      const hash = secrets.hash(token)
      const now = clock()
      // Whoever marks it first has it; of two at once the other is a second use.
      const { rows } = await available(() =>
        sql<{ sessionId: string; expiresAt: Date; isFirst: boolean }>`
          with used as (update refresh_token set used_at = ${now} where secret_hash = ${hash} and used_at is null
            returning session_id)
          select t.session_id, t.expires_at, exists (select from used) as is_first
            from refresh_token t join person_session s on s.id = t.session_id
           where t.secret_hash = ${hash}
        `.execute(db),
      )
      const [found] = rows
      if (!found) return refuse('unauthenticated', { what: 'refresh token' })
      if (!found.isFirst) {
        await available(() => db.deleteFrom('personSession').where('id', '=', found.sessionId).execute())
        return refuse('unauthenticated', { what: 'refresh token', reason: 'reused' })
      }
      if (found.expiresAt <= now) return refuse('unauthenticated', { what: 'refresh token' })
      return { sessionId: found.sessionId, refreshToken: await issue(found.sessionId, found.expiresAt) }
    },
  }
}
