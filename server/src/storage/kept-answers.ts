import { createHash } from 'node:crypto'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Claim, ClaimedRequest, KeptAnswers, KeyedRequest } from '../application/ports/kept-answers.ts'
import { transacting } from './availability.ts'
import type { StorageParts } from './house.ts'

/** How long an answer is kept, by the house's clock. */
const KEPT_MS = 24 * 60 * 60_000
/** Longer than a request takes (15 s to fetch a file, 30 s for a statement), by the database's clock. */
const LEASE_MS = 60_000
/** A row that is gone between two looks was given back meanwhile; one that comes and goes again and again is in use. */
const MOST_TRIES = 3

interface Row {
  accountId: string
  name: Buffer
}

export function createKeptAnswers(parts: StorageParts): KeptAnswers {
  return { claim: (request) => transacting(() => claim(parts, request)) }
}

async function claim(parts: StorageParts, request: KeyedRequest): Promise<Claim> {
  const { accountId, operation, key } = request
  const row = { accountId, name: sha256(JSON.stringify([operation, key])) }
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const claimed = await take(parts, row, request.fingerprint)
    if (claimed) return claimed
    const found = await find(parts, row)
    if (found && !found.fingerprint.equals(request.fingerprint)) return { kind: 'other' }
    if (found?.answer) return { kind: 'answered', answer: found.answer }
    if (found) return { kind: 'running' }
  }
  return { kind: 'running' }
}

/** Takes a key that is new or a day old, or whose holder gave up or died on the same request; null for any other. */
async function take(
  parts: StorageParts,
  { accountId, name }: Row,
  fingerprint: Uint8Array,
): Promise<ClaimedRequest | null> {
  const holder = parts.ids.next()
  const now = parts.clock()
  const { rows } = await sql<{ begunAt: Date }>`
    insert into kept_answer as kept (account_id, name, fingerprint, holder, leased_until, begun_at, kept_until)
    values (${accountId}, ${name}, ${Buffer.from(fingerprint)}, ${holder}, now() + ${LEASE_MS} * interval '1 millisecond',
      ${now}, ${new Date(now.getTime() + KEPT_MS)})
    on conflict (account_id, name) do update set
      fingerprint = excluded.fingerprint, holder = excluded.holder, leased_until = excluded.leased_until,
      status = null, headers = null, sealed_body = null, kept_until = excluded.kept_until,
      begun_at = case when kept.kept_until <= excluded.begun_at then excluded.begun_at else kept.begun_at end
    where kept.kept_until <= excluded.begun_at
      or (kept.status is null and kept.fingerprint = excluded.fingerprint
        and (kept.leased_until is null or kept.leased_until < now()))
    returning begun_at
  `.execute(parts.db)
  const begunAt = rows[0]?.begunAt
  return begunAt ? held(parts, { accountId, name, holder }, clientIdOf(name, begunAt)) : null
}

/**
 * The same for all who run one request, whatever they died of, and another one the next time the key is used, a day
 * later at least: hence the day on which it began.
 */
function clientIdOf(name: Buffer, begunAt: Date): string {
  const day = begunAt.toISOString().slice(0, 10)
  return `idempotency:${sha256(`${name.toString('hex')} ${day}`).toString('base64url')}`
}

async function find({ db, secrets }: StorageParts, { accountId, name }: Row) {
  const found = await db
    .selectFrom('keptAnswer')
    .select(['fingerprint', 'status', 'headers', 'sealedBody'])
    .where('accountId', '=', accountId)
    .where('name', '=', name)
    .executeTakeFirst()
  if (!found) return null
  const { fingerprint, status, headers, sealedBody } = found
  const isAnswered = status !== null && headers !== null && sealedBody !== null
  return {
    fingerprint,
    answer: isAnswered ? { status, headers, body: secrets.unsealAnswer(sealedBody) } : null,
  }
}

function held(parts: StorageParts, row: Row & { holder: string }, clientId: string): ClaimedRequest {
  const { db, secrets, clock } = parts
  const { accountId, name, holder } = row
  const mine = sql`account_id = ${accountId} and name = ${name} and holder = ${holder}`
  const end = async (statement: RawBuilder<unknown>) => void (await transacting(() => statement.execute(db)))
  return {
    kind: 'claimed',
    clientId,
    // Sealed: an answer may show a secret that is kept nowhere else but as a hash.
    keep: ({ status, headers, body }) =>
      end(sql`
        update kept_answer set holder = null, leased_until = null, status = ${status},
          headers = ${JSON.stringify(headers)}::jsonb, sealed_body = ${secrets.sealAnswer(body)},
          kept_until = ${new Date(clock().getTime() + KEPT_MS)}
         where ${mine}
      `),
    release: () => end(sql`update kept_answer set holder = null, leased_until = null where ${mine}`),
    forget: () => end(sql`delete from kept_answer where ${mine}`),
  }
}

/** Deletes what is a day old. By account, so that the index is of use, and some at a time, so that no lock is held for long. */
export async function forgetAnswers({ db, clock }: Pick<StorageParts, 'db' | 'clock'>): Promise<void> {
  const now = clock()
  for (;;) {
    const { numAffectedRows = 0n } = await transacting(() =>
      sql`
        delete from kept_answer kept using account a cross join lateral (
          select name from kept_answer e where e.account_id = a.id and e.kept_until <= ${now}
           order by e.kept_until limit 1000) old
         where kept.account_id = a.id and kept.name = old.name and kept.kept_until <= ${now}
      `.execute(db),
    )
    if (numAffectedRows === 0n) return
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
