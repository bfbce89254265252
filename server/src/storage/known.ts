import { sql } from 'kysely'
import type { Channel } from '../domain/channel.ts'
import type { Operator } from '../domain/operator.ts'
import type { Ref } from '../domain/ref.ts'
import type { Queries } from './database.ts'
import { createLoader, toChannels, toOperators } from './load.ts'
import type { Shelf } from './shelf.ts'
import type { ChannelRow, OperatorRow } from './tables.ts'

/** A channel, and its token sealed as it is stored. */
export interface KnownChannel {
  channel: Channel
  sealedToken: string | null
}

export interface OperatorWanted {
  accountId: string
  ref: Ref | 'owner'
}

/** What nearly every message needs and hardly ever changes, of any account: from the shelf, else from the database. */
export interface Known {
  channels(
    db: Queries,
    wanted: { accountId: string; channelId: string }[],
  ): Promise<Map<string, KnownChannel>>
  /** In the order asked for; null for one that is not there or has been removed. */
  operators(db: Queries, wanted: OperatorWanted[]): Promise<(Operator | null)[]>
}

/** Without a shelf everything is read anew: inside a transaction that may itself have changed it. */
export function createKnown(shelf: Shelf | null): Known {
  return {
    channels: async (db, wanted) => {
      const items = wanted.map(({ accountId, channelId }) => ({ accountId, key: channelId }))
      const found = await take(shelf, 'channel', items, (missing) => loadChannels(db, missing))
      return new Map(found.flatMap((known) => (known ? [[known.channel.id, known]] : [])))
    },
    operators: (db, wanted) => {
      const items = wanted.map(({ accountId, ref }) => ({ accountId, key: keyOf(ref), ref }))
      return take(shelf, 'operator', items, (missing) => loadOperators(db, missing))
    },
  }
}

const keyOf = (ref: Ref | 'owner') => (ref === 'owner' ? ref : 'id' in ref ? ref.id : `#${ref.number}`)
const nameOf = (item: { accountId: string; key: string }) => `${item.accountId}:${item.key}`
const accountsOf = (items: { accountId: string }[]) => [...new Set(items.map((item) => item.accountId))]

/** Things by account and key; those that are not on the shelf are loaded together and put there, if they exist. */
async function take<Item extends { accountId: string; key: string }, Value>(
  shelf: Shelf | null,
  kind: string,
  items: Item[],
  load: (missing: Item[]) => Promise<Map<string, Value>>,
): Promise<(Value | null)[]> {
  const found = new Map<string, Value>()
  const missing = new Map<string, Item>()
  for (const item of items) {
    const value = shelf?.take(item.accountId, `${kind}:${item.key}`) as Value | undefined
    if (value === undefined) missing.set(nameOf(item), item)
    else found.set(nameOf(item), value)
  }
  if (missing.size > 0) {
    const mark = shelf?.mark() ?? 0
    for (const [name, value] of await load([...missing.values()])) {
      const item = missing.get(name)
      if (!item) continue
      found.set(name, value)
      shelf?.put(mark, item.accountId, `${kind}:${item.key}`, value)
    }
  }
  return items.map((item) => found.get(nameOf(item)) ?? null)
}

async function loadChannels(db: Queries, missing: { accountId: string; key: string }[]) {
  const { rows } = await sql<ChannelRow>`
    select * from channel where account_id = any(${accountsOf(missing)}::uuid[])
      and id = any(${missing.map(({ key }) => key)}::uuid[])
  `.execute(db)
  const channels = await toChannels(db, rows)
  return new Map(
    channels.map((channel, index) => [
      nameOf({ accountId: channel.accountId, key: channel.id }),
      { channel, sealedToken: rows[index]?.sealedToken ?? null },
    ]),
  )
}

async function loadOperators(
  db: Queries,
  missing: (OperatorWanted & { key: string })[],
): Promise<Map<string, Operator>> {
  const refs = missing.flatMap(({ ref }) => (ref === 'owner' ? [] : [ref]))
  const ids = refs.flatMap((ref) => ('id' in ref ? [ref.id] : []))
  const numbers = refs.flatMap((ref) => ('number' in ref ? [ref.number] : []))
  const { rows } = await sql<OperatorRow>`
    select * from operator where account_id = any(${accountsOf(missing)}::uuid[]) and removed_at is null
      and (id = any(${ids}::uuid[]) or number = any(${numbers}::bigint[])
           or (${refs.length < missing.length} and role = 'owner'))
  `.execute(db)
  const found = new Map<string, Operator>()
  for (const operator of await toOperators(createLoader(db, accountsOf(missing)), rows)) {
    const { accountId, id, number, role } = operator
    found.set(nameOf({ accountId, key: id }), operator)
    found.set(nameOf({ accountId, key: `#${number}` }), operator)
    if (role === 'owner') found.set(nameOf({ accountId, key: 'owner' }), operator)
  }
  return found
}
