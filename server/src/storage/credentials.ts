import { sql } from 'kysely'
import type { Credentials } from '../application/ports/credentials.ts'
import type { Asking, RequestLimits } from '../application/ports/request-limits.ts'
import { channelActor, type Actor } from '../domain/actor.ts'
import type { Channel } from '../domain/channel.ts'
import type { Permission } from '../domain/permissions.ts'
import type { Quota } from '../domain/quota.ts'
import type { TokenKind } from '../domain/token.ts'
import { available } from './availability.ts'
import type { Database } from './database.ts'
import { toChannels } from './load.ts'
import { FACULTIES, toFaculties, type FacultiesRow } from './faculties.ts'
import type { Secrets } from './secrets.ts'
import type { Shelf } from './shelf.ts'

/** An actor, but for where it speaks from. */
type Someone = Omit<Actor, 'address'>

interface Speaker {
  accountId: string
  actor: Someone
}

interface TokenSpeaker extends Speaker {
  tokenId: string
  expiresAt: Date | null
  rateLimit: number | null
  /** When the table was last told of a use. */
  usedAt: number
}

interface ChannelSpeaker extends Speaker {
  channel: Channel
}

/** Which account's shelf a secret lies on; past this many all is let go. */
const MOST_PLACES = 50_000
/** The table is told of a token's use once in this time. */
const USE_STEP_MS = 60_000

interface CredentialsParts {
  db: Database
  secrets: Secrets
  shelf: Shelf
  limits: RequestLimits
  clock(): Date
}

export function createCredentials({ db, secrets, shelf, limits, clock }: CredentialsParts): Credentials {
  const places = new Map<string, string>()
  /** Actors are made for one request each. */
  const quotas = new WeakMap<Actor, Quota>()

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

  /** Once a minute: whoever looks at the list of tokens wants to know which are still used. */
  async function noteUse(found: TokenSpeaker, now: Date): Promise<void> {
    if (now.getTime() - found.usedAt < USE_STEP_MS) return
    found.usedAt = now.getTime()
    const { tokenId, accountId } = found
    await available(() =>
      db
        .updateTable('token')
        .set({ lastUsedAt: now })
        .where('accountId', '=', accountId)
        .where('id', '=', tokenId)
        .execute(),
    )
  }

  /** Lets in whoever has not asked too often. */
  function admit({ actor, accountId }: Speaker, asking: Omit<Asking, 'accountId'>, address: string): Actor {
    const quota = limits.spend({ ...asking, accountId })
    const admitted = { ...actor, address }
    if (quota) quotas.set(admitted, quota)
    return admitted
  }

  function turnAway(address: string): null {
    limits.countFailure(address)
    return null
  }

  return {
    actorOfToken: async (kind, secret, address) => {
      const hash = secrets.hash(secret)
      const found = await keep(`token:${kind}:${hash.toString('base64')}`, () => findToken(db, kind, hash))
      const now = clock()
      if (!found || (found.expiresAt && found.expiresAt <= now)) return turnAway(address)
      const actor = admit(found, found, address)
      await noteUse(found, now)
      return actor
    },
    channelOfToken: async (secret, address) => {
      const hash = secrets.hash(secret)
      const found = await keep(`channel-token:${hash.toString('base64')}`, () => findChannel(db, hash))
      if (!found) return turnAway(address)
      const { channel } = found
      return { actor: admit(found, { tokenId: channel.id, rateLimit: null }, address), channel }
    },
    countFailure: (address) => limits.countFailure(address),
    quotaOf: (actor) => quotas.get(actor) ?? null,
    signEndUser: (endUserId, secretKey) => secrets.signSubject(endUserId, secretKey),
  }
}

interface TokenRow extends FacultiesRow {
  id: string
  accountId: string
  accountNumber: number
  operatorId: string
  permissions: Permission[]
  expiresAt: Date | null
  rateLimit: number | null
  lastUsedAt: Date | null
}

/** A token can do what it was given, as far as the operator it acts for still can; with that operator it ends. */
async function findToken(db: Database, kind: TokenKind, hash: Buffer): Promise<TokenSpeaker | null> {
  const { rows } = await available(() =>
    sql<TokenRow>`
      select t.id, t.account_id, t.operator_id, t.permissions, t.expires_at, t.rate_limit, t.last_used_at, a.number as account_number,
          ${FACULTIES}
        from token t
        join account a on a.id = t.account_id
        join operator o on o.account_id = t.account_id and o.id = t.operator_id and o.removed_at is null and o.is_active
       where t.secret_hash = ${hash} and t.kind = ${kind} and t.revoked_at is null
    `.execute(db),
  )
  const [row] = rows
  if (!row) return null
  const { id, accountId, accountNumber, operatorId, expiresAt, rateLimit, lastUsedAt } = row
  const { permissions: theirs, reach } = toFaculties(row)
  const permissions = new Set(row.permissions.filter((permission) => theirs.has(permission)))
  return {
    ...{ accountId, tokenId: id, expiresAt, rateLimit, usedAt: lastUsedAt?.getTime() ?? 0 },
    actor: { accountId, accountNumber, kind: 'token', id, operatorId, permissions, reach },
  }
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
  const actor = channelActor({ accountId, accountNumber, address: null }, id)
  return { accountId, actor, channel }
}
