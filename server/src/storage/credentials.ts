import type { Credentials } from '../application/ports/credentials.ts'
import type { Actor } from '../domain/actor.ts'
import type { Permission } from '../domain/permissions.ts'
import { available } from './availability.ts'
import type { Database } from './database.ts'
import { toChannels } from './load.ts'
import type { Secrets } from './secrets.ts'

/** A custom app may speak on its own channel and nothing else. */
const CHANNEL_PERMISSIONS: ReadonlySet<Permission> = new Set(['channel.speak'])

export function createCredentials(db: Database, secrets: Secrets): Credentials {
  return {
    actorOfToken: async (kind, secret) => {
      const token = await available(() =>
        db
          .selectFrom('token')
          .innerJoin('account', 'account.id', 'token.accountId')
          .select(['token.id', 'token.accountId', 'token.operatorId', 'token.permissions', 'account.number'])
          .where('token.secretHash', '=', secrets.hash(secret))
          .where('token.kind', '=', kind)
          .where('token.revokedAt', 'is', null)
          .executeTakeFirst(),
      )
      if (!token) return null
      return {
        accountId: token.accountId,
        accountNumber: token.number,
        kind: 'token',
        id: token.id,
        operatorId: token.operatorId,
        permissions: new Set(token.permissions),
      }
    },
    channelOfToken: async (secret) => {
      const found = await available(() =>
        db
          .selectFrom('channelToken as t')
          .innerJoin('channel as c', (join) =>
            join.onRef('c.accountId', '=', 't.accountId').onRef('c.id', '=', 't.channelId'),
          )
          .innerJoin('account as a', 'a.id', 'c.accountId')
          .selectAll('c')
          .select('a.number as accountNumber')
          .where('t.secretHash', '=', secrets.hash(secret))
          .executeTakeFirst(),
      )
      if (!found) return null
      const { accountNumber, ...row } = found
      const [channel] = await toChannels(db, [row])
      if (!channel) return null
      const actor: Actor = {
        accountId: channel.accountId,
        accountNumber,
        kind: 'channel',
        id: channel.id,
        operatorId: null,
        permissions: CHANNEL_PERMISSIONS,
      }
      return { actor, channel }
    },
    signEndUser: (endUserId) => secrets.signSubject(endUserId),
  }
}
