import { timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import type { RequestLimits } from '../application/ports/request-limits.ts'
import type { VisitorCredentials, Visiting } from '../application/ports/visitor-credentials.ts'
import { channelActor, visitorActor } from '../domain/actor.ts'
import type { Channel } from '../domain/channel.ts'
import { allowVisitor } from '../domain/permissions.ts'
import { isNameOfUser, type Visitor } from '../domain/visitor.ts'
import { isUuid } from '../platform/ids.ts'
import { isStorable } from '../platform/text.ts'
import { available } from './availability.ts'
import type { Database } from './database.ts'
import { createKnown } from './known.ts'
import type { Secrets } from './secrets.ts'
import type { Shelf } from './shelf.ts'

interface Parts {
  db: Database
  secrets: Pick<Secrets, 'hash' | 'signSubject'>
  shelf: Shelf
  limits: Pick<RequestLimits, 'countVisitor'>
}

interface Place {
  accountId: string
  accountNumber: number
  channelId: string
}

type SessionRow = Omit<Visitor, 'sessionId'> & Place & { id: string }

export function createVisitorCredentials({ db, secrets, shelf, limits }: Parts): VisitorCredentials {
  const known = createKnown(shelf)

  /** Small and hardly ever changed: from the shelf. Null when it was taken out of the account. */
  async function channelAt({ accountId, channelId: id }: Place): Promise<Channel | null> {
    await shelf.fresh()
    const [found] = await available(() => known.channels(db, [{ accountId, ref: { id } }]))
    return found && !found.isRemoved ? found.channel : null
  }

  async function visiting(row: SessionRow | undefined, address: string): Promise<Visiting | null> {
    const channel = row ? await channelAt(row) : null
    if (!row || !channel) return null
    const { id: sessionId, accountNumber, ...visitor } = row
    return { actor: visitorActor({ accountNumber, address }, { ...visitor, sessionId }), channel }
  }

  return {
    ofWidgetKey: async (key, address) => {
      limits.countVisitor(address)
      // A text that the database cannot hold is no key of anybody's.
      const place = isStorable(key) ? await findPlace(db, key) : null
      const channel = place && (await channelAt(place))
      if (!place || !channel) return null
      return { actor: channelActor({ ...place, address }, channel.id), channel }
    },
    ofToken: async (secret, address) => {
      limits.countVisitor(address)
      const found = await visiting(await findSession(db, secrets.hash(secret)), address)
      return found && isVouchedFor(found) ? found : null
    },
    ofEndUser: async (channel, token, address) => {
      limits.countVisitor(address)
      const id = subjectOf(token)
      if (id === null || !isSame(token, secrets.signSubject(id, channel.secretKey))) return null
      return visiting(await findEndUser(db, channel, id), address)
    },
  }
}

/** A session from before the channel asked for an identity is worth no more than a new one would be. */
function isVouchedFor({ actor, channel }: Visiting): boolean {
  return !channel.widget?.isIdentityRequired || isNameOfUser(allowVisitor(actor).externalId)
}

async function findPlace(db: Database, key: string): Promise<Place | null> {
  const { rows } = await available(() =>
    sql<Place>`
      select w.account_id, w.channel_id, a.number as account_number
        from widget_key w join account a on a.id = w.account_id where w.key = ${key}
    `.execute(db),
  )
  return rows[0] ?? null
}

async function findSession(db: Database, hash: Buffer): Promise<SessionRow | undefined> {
  const { rows } = await available(() =>
    sql<SessionRow>`
      select s.id, s.account_id, s.channel_id, s.external_id, s.is_verified, s.language, a.number as account_number
        from visitor_session s join account a on a.id = s.account_id where s.secret_hash = ${hash}
    `.execute(db),
  )
  return rows[0]
}

/** Without a session of its own: its identity stands for one. */
async function findEndUser(
  db: Database,
  { accountId, id: channelId }: Channel,
  id: string,
): Promise<SessionRow | undefined> {
  const { rows } = await available(() =>
    sql<SessionRow>`
      select i.id, i.account_id, i.channel_id, i.external_id, i.is_verified, null as language, a.number as account_number
        from contact_identity i join account a on a.id = i.account_id
       where i.account_id = ${accountId} and i.channel_id = ${channelId} and i.id = ${id}
    `.execute(db),
  )
  return rows[0]
}

/** Whom a token names, before it is known whether it was written here. */
function subjectOf(token: string): string | null {
  const payload = /^[\w-]{1,200}\.([\w-]{1,200})\.[\w-]{1,200}$/.exec(token)?.[1]
  if (payload === undefined) return null
  const subject = /^\{"sub":"([0-9a-f-]{36})"\}$/.exec(Buffer.from(payload, 'base64url').toString())?.[1]
  return subject !== undefined && isUuid(subject) ? subject : null
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
