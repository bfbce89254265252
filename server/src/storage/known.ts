import { sql } from 'kysely'
import type { Account } from '../domain/account.ts'
import type { Channel } from '../domain/channel.ts'
import type { Operator } from '../domain/operator.ts'
import type { Ref } from '../domain/ref.ts'
import type { Queries } from './database.ts'
import { accountRows, createLoader, toChannels, toOperators } from './load.ts'
import type { Shelf } from './shelf.ts'
import type { ChannelRow, OperatorRow } from './tables.ts'

/** A channel, its token sealed as it is stored, and whether it was taken out of the account: its conversations keep it. */
export interface KnownChannel {
  channel: Channel
  sealedToken: string | null
  isRemoved: boolean
}

export interface OperatorWanted {
  accountId: string
  ref: Ref | 'owner'
}

export interface ChannelWanted {
  accountId: string
  ref: Ref
}

/** What nearly every request needs and hardly ever changes, of any account: from the shelf, else from the database. */
export interface Known {
  /** In the order asked for; null for one that is not there. */
  channels(db: Queries, wanted: ChannelWanted[]): Promise<(KnownChannel | null)[]>
  /** In the order asked for; null for one that is not there or has been removed. */
  operators(db: Queries, wanted: OperatorWanted[]): Promise<(Operator | null)[]>
  account(db: Queries, accountId: string): Promise<Account | null>
}

/** Without a shelf everything is read anew: inside a transaction that may itself have changed it. */
export function createKnown(shelf: Shelf | null): Known {
  return {
    channels: (db, wanted) =>
      take(shelf, 'channel', wanted.map(keyed), (missing) => loadChannels(db, missing)),
    operators: (db, wanted) =>
      take(shelf, 'operator', wanted.map(keyed), (missing) => loadOperators(db, missing)),
    account: async (db, accountId) => {
      const items = [{ accountId, key: '' }]
      const load = async () =>
        new Map(
          (await accountRows(db, [accountId])).map((account) => [nameOf({ accountId, key: '' }), account]),
        )
      return (await take(shelf, 'account', items, load))[0] ?? null
    },
  }
}

function keyed<Item extends { ref: Ref | 'owner' }>(item: Item): Item & { key: string } {
  return { ...item, key: keyOf(item.ref) }
}

const keyOf = (ref: Ref | 'owner') => (ref === 'owner' ? ref : 'id' in ref ? ref.id : `#${ref.number}`)
const nameOf = (item: { accountId: string; key: string }) => `${item.accountId}:${item.key}`
const bothNames = ({ accountId, id, number }: { accountId: string; id: string; number: number }) => [
  nameOf({ accountId, key: id }),
  nameOf({ accountId, key: `#${number}` }),
]
const idsOf = (items: { ref: Ref | 'owner' }[]) =>
  items.flatMap(({ ref }) => (ref !== 'owner' && 'id' in ref ? [ref.id] : []))
const numbersOf = (items: { ref: Ref | 'owner' }[]) =>
  items.flatMap(({ ref }) => (ref !== 'owner' && 'number' in ref ? [ref.number] : []))
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

async function loadChannels(db: Queries, missing: ChannelWanted[]): Promise<Map<string, KnownChannel>> {
  const { rows } = await sql<ChannelRow>`
    select * from channel where account_id = any(${accountsOf(missing)}::uuid[])
      and (id = any(${idsOf(missing)}::uuid[]) or number = any(${numbersOf(missing)}::bigint[]))
  `.execute(db)
  const channels = await toChannels(db, rows)
  return new Map(
    channels.flatMap((channel, index) => {
      const row = rows[index]
      const known = {
        channel,
        sealedToken: row?.sealedToken ?? null,
        isRemoved: (row?.removedAt ?? null) !== null,
      }
      return bothNames(channel).map((name) => [name, known])
    }),
  )
}

async function loadOperators(
  db: Queries,
  missing: (OperatorWanted & { key: string })[],
): Promise<Map<string, Operator>> {
  const isOwnerWanted = missing.some(({ ref }) => ref === 'owner')
  const { rows } = await sql<OperatorRow>`
    select * from operator where account_id = any(${accountsOf(missing)}::uuid[]) and removed_at is null
      and (id = any(${idsOf(missing)}::uuid[]) or number = any(${numbersOf(missing)}::bigint[])
           or (${isOwnerWanted} and role = 'owner'))
  `.execute(db)
  const found = new Map<string, Operator>()
  for (const operator of await toOperators(createLoader(db, accountsOf(missing)), rows)) {
    for (const name of bothNames(operator)) found.set(name, operator)
    if (operator.role === 'owner')
      found.set(nameOf({ accountId: operator.accountId, key: 'owner' }), operator)
  }
  return found
}
