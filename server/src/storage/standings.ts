import { sql } from 'kysely'
import type { Credential, Standing, Standings } from '../application/ports/standings.ts'
import type { Permission } from '../domain/permissions.ts'
import type { Visitor } from '../domain/visitor.ts'
import { available } from './availability.ts'
import type { Database } from './database.ts'
import { createKnown } from './known.ts'
import { FACULTIES, toFaculties, type FacultiesRow } from './faculties.ts'

export function createStandings(db: Database, clock: () => Date): Standings {
  return {
    of: async (credentials) => {
      const standings = new Map([
        ...(await ofTokens(db, credentials.filter(isToken), clock())),
        ...(await ofSessions(db, credentials.filter(isSession))),
      ])
      return credentials.map((credential) => standings.get(keyOf(credential)) ?? null)
    },
    channelsOf: async (visitors) => {
      const alive = await livingOf(db, visitors)
      const wanted = [
        ...new Map(
          visitors.map(({ accountId, channelId }) => [channelId, { accountId, ref: { id: channelId } }]),
        ).values(),
      ]
      const found = await available(() => createKnown(null).channels(db, wanted))
      const channels = new Map(
        found.flatMap((one) => (one && !one.isRemoved ? [[one.channel.id, one.channel] as const] : [])),
      )
      return visitors.map(({ sessionId, channelId }) =>
        alive.has(sessionId) ? (channels.get(channelId) ?? null) : null,
      )
    },
  }
}

type TokenCredential = Extract<Credential, { kind: 'token' }>
type SessionCredential = Extract<Credential, { kind: 'session' }>

const isToken = (credential: Credential): credential is TokenCredential => credential.kind === 'token'
const isSession = (credential: Credential): credential is SessionCredential => credential.kind === 'session'
const keyOf = (credential: Credential) =>
  isToken(credential) ? credential.tokenId : `${credential.sessionId} ${credential.operatorId}`

async function ofTokens(db: Database, asked: TokenCredential[], now: Date): Promise<[string, Standing][]> {
  if (asked.length === 0) return []
  const accounts = asked.map(({ accountId }) => accountId)
  const ids = asked.map(({ tokenId }) => tokenId)
  const { rows } = await available(() =>
    sql<FacultiesRow & { id: string; permissions: Permission[] }>`
      select t.id, t.permissions, ${FACULTIES}
        from token t
        join operator o on o.account_id = t.account_id and o.id = t.operator_id and o.removed_at is null and o.is_active
       where t.account_id = any(${accounts}::uuid[]) and t.id = any(${ids}::uuid[])
         and t.revoked_at is null and (t.expires_at is null or t.expires_at > ${now})
    `.execute(db),
  )
  return rows.map((row) => {
    const { permissions, reach } = toFaculties(row)
    return [row.id, { permissions: new Set(row.permissions.filter((one) => permissions.has(one))), reach }]
  })
}

/** Sessions end by the time of the machine, as in `sessions.ts`. */
async function ofSessions(db: Database, asked: SessionCredential[]): Promise<[string, Standing][]> {
  if (asked.length === 0) return []
  const sessions = asked.map(({ sessionId }) => sessionId)
  const operators = asked.map(({ operatorId }) => operatorId)
  const { rows } = await available(() =>
    sql<FacultiesRow & { sessionId: string }>`
      select s.id as session_id, ${FACULTIES}
        from person_session s
        join operator o on o.person_id = s.user_id and o.removed_at is null and o.is_active
       where s.id = any(${sessions}) and o.id = any(${operators}::uuid[]) and s.expires_at > ${new Date()}
    `.execute(db),
  )
  return rows.map((row) => [`${row.sessionId} ${row.operatorId}`, toFaculties(row)])
}

/** A session, or the end user whose identity stands for one. */
async function livingOf(db: Database, visitors: readonly Visitor[]): Promise<Set<string>> {
  if (visitors.length === 0) return new Set()
  const columns = {
    accounts: visitors.map(({ accountId }) => accountId),
    channels: visitors.map(({ channelId }) => channelId),
    names: visitors.map(({ externalId }) => externalId),
    ids: visitors.map(({ sessionId }) => sessionId),
  }
  const { rows } = await available(() =>
    sql<{ id: string }>`
      with asked as (
        select * from unnest(${columns.accounts}::uuid[], ${columns.channels}::uuid[], ${columns.names}::text[],
          ${columns.ids}::uuid[]) a (account_id, channel_id, external_id, id))
      select a.id from asked a join visitor_session s
          on s.account_id = a.account_id and s.channel_id = a.channel_id and s.external_id = a.external_id and s.id = a.id
      union all
      select a.id from asked a join contact_identity i
          on i.account_id = a.account_id and i.channel_id = a.channel_id and i.external_id = a.external_id and i.id = a.id
    `.execute(db),
  )
  return new Set(rows.map(({ id }) => id))
}
