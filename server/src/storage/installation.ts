import type { Client } from 'pg'

/**
 * Finds out whether this database is the one it was at the last start. A dump restored into another cluster brings the transaction ids of
 * its old one: greater than those given here, old events would stay unseen and new ones would come before them. Then the log is put in the
 * order of its ids, below whatever this cluster writes, and begins another epoch, which tells readers that their cursors are void.
 */
export async function settleInstallation(client: Client): Promise<void> {
  const identity = await identify(client)
  const stored = await client.query<{ identity: string }>('select identity from installation')
  const known = stored.rows[0]?.identity
  if (known === identity) return
  await client.query('begin')
  if (known !== undefined || (await hasForeignEvents(client))) {
    await client.query(WEBHOOKS_IN_ORDER_OF_IDS)
    await client.query(`update event set transaction_id = '0' where transaction_id <> '0'`)
    await client.query('delete from event_retention')
  }
  await client.query(
    `insert into installation (identity, epoch) values ($1, gen_random_uuid())
     on conflict (is_only) do update set identity = excluded.identity, epoch = excluded.epoch`,
    [identity],
  )
  await client.query('commit')
}

/**
 * How far webhooks were told, in the log's new order: before the first event that they were not told. What they were told of those after it
 * is found among their deliveries.
 */
const WEBHOOKS_IN_ORDER_OF_IDS = `
  update webhook w set after_transaction_id = '0', after_id = coalesce(
    (select min(e.id) - 1 from event e
      where e.account_id = w.account_id and (e.transaction_id, e.id) > (w.after_transaction_id, w.after_id)),
    (select max(e.id) from event e where e.account_id = w.account_id), w.after_id)`

/** The cluster, by what its making drew for it, and the database in it. */
async function identify(client: Client): Promise<string> {
  const { rows } = await client.query<{ identity: string }>(
    `select (select system_identifier from pg_control_system()) || '/' || oid as identity
       from pg_database where datname = current_database()`,
  )
  const [row] = rows
  if (!row) throw new Error('The database does not know itself.')
  return row.identity
}

/** Events of a first start that come from elsewhere all the same: a dump of a release that kept no identity. */
async function hasForeignEvents(client: Client): Promise<boolean> {
  const { rowCount } = await client.query(
    'select from event where transaction_id >= pg_snapshot_xmax(pg_current_snapshot()) limit 1',
  )
  return rowCount === 1
}
