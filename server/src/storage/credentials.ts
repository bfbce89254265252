import type { Credentials } from '../application/ports/credentials.ts'
import type { Actor } from '../domain/actor.ts'
import type { Channel } from '../domain/channel.ts'
import type { Permission } from '../domain/permissions.ts'
import type { TokenKind } from '../domain/token.ts'
import { available } from './availability.ts'
import type { Database } from './database.ts'
import { toChannels } from './load.ts'
import type { Secrets } from './secrets.ts'
import type { Shelf } from './shelf.ts'

/** A custom app may speak on its own channel and nothing else. */
const CHANNEL_PERMISSIONS: ReadonlySet<Permission> = new Set(['channel.speak'])

interface Speaker {
  accountId: string
  actor: Actor
}

interface ChannelSpeaker extends Speaker {
  channel: Channel
}

/** Which account's shelf a secret lies on; past this many all is let go. */
const MOST_PLACES = 50_000

export function createCredentials(db: Database, secrets: Secrets, shelf: Shelf): Credentials {
  const places = new Map<string, string>()

  /** From the shelf, else from the database. Unknown secrets are not kept: a new token works at once. */
  async function keep<Found extends Speaker>(
    key: string,
    load: () => Promise<Found | null>,
  ): Promise<Found | null> {
    await shelf.fresh()
    const place = places.get(key)
    const known = place === undefined ? undefined : (shelf.take(place, key) as Found | undefined)
    if (known !== undefined) return known
    const mark = shelf.mark()
    const found = await load()
    if (!found) return null
    if (places.size >= MOST_PLACES) places.clear()
    places.set(key, found.accountId)
    shelf.put(mark, found.accountId, key, found)
    return found
  }

  return {
    actorOfToken: async (kind, secret) => {
      const hash = secrets.hash(secret)
      const found = await keep(`token:${kind}:${hash.toString('base64')}`, () => findToken(db, kind, hash))
      return found && found.actor
    },
    channelOfToken: async (secret) => {
      const hash = secrets.hash(secret)
      const found = await keep(`channel-token:${hash.toString('base64')}`, () => findChannel(db, hash))
      return found && { actor: found.actor, channel: found.channel }
    },
    signEndUser: (endUserId) => secrets.signSubject(endUserId),
  }
}

async function findToken(db: Database, kind: TokenKind, hash: Buffer): Promise<Speaker | null> {
  const token = await available(() =>
    db
      .selectFrom('token')
      .innerJoin('account', 'account.id', 'token.accountId')
      .select(['token.id', 'token.accountId', 'token.operatorId', 'token.permissions', 'account.number'])
      .where('token.secretHash', '=', hash)
      .where('token.kind', '=', kind)
      .where('token.revokedAt', 'is', null)
      .executeTakeFirst(),
  )
  if (!token) return null
  const { id, accountId, operatorId, number: accountNumber } = token
  const permissions = new Set(token.permissions)
  return { accountId, actor: { accountId, accountNumber, kind: 'token', id, operatorId, permissions } }
}

async function findChannel(db: Database, hash: Buffer): Promise<ChannelSpeaker | null> {
  const found = await available(() =>
    db
      .selectFrom('channelToken as t')
      .innerJoin('channel as c', (join) =>
        join.onRef('c.accountId', '=', 't.accountId').onRef('c.id', '=', 't.channelId'),
      )
      .innerJoin('account as a', 'a.id', 'c.accountId')
      .selectAll('c')
      .select('a.number as accountNumber')
      .where('t.secretHash', '=', hash)
      .executeTakeFirst(),
  )
  if (!found) return null
  const { accountNumber, ...row } = found
  const [channel] = await toChannels(db, [row])
  if (!channel) return null
  const { accountId, id } = channel
  const actor: Actor = {
    ...{ accountId, accountNumber, kind: 'channel', id, operatorId: null },
    permissions: CHANNEL_PERMISSIONS,
  }
  return { accountId, actor, channel }
}
