import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Claim, ClaimedRequest, KeyedRequest } from '../../src/application/ports/kept-answers.ts'
import { createSecrets, ids } from '../../src/main/secrets.ts'
import { createDatabase, createPool } from '../../src/storage/database.ts'
import { createShelf } from '../../src/storage/shelf.ts'
import { createKeptAnswers } from '../../src/storage/kept-answers.ts'
import { BEGINNING } from '../compose.ts'
import type { TestDatabase } from '../postgres.ts'
import { cloneDatabase } from '../postgres.ts'

const POOL = 16
let database: TestDatabase
let pool: ReturnType<typeof createPool>
beforeAll(async () => {
  database = await cloneDatabase()
  pool = createPool(database.url, { max: POOL, onError: () => undefined })
})
afterAll(async () => {
  await pool.end()
  await database[Symbol.asyncDispose]()
})

const answers = () =>
  createKeptAnswers({
    db: createDatabase(pool),
    shelf: createShelf(createDatabase(pool)),
    announce: () => undefined,
    ids,
    secrets: createSecrets('a secret of the tests, long enough to be one'),
    clock: () => new Date(BEGINNING),
  })

let used = 0
const request = (fingerprint = 'a'): KeyedRequest => ({
  accountId: '0198c0de-0000-7000-8000-000000000000',
  operation: 'test POST /',
  key: `key ${used}`,
  fingerprint: Buffer.from(fingerprint),
})
const next = () => {
  used += 1
  return answers()
}

function claimed(claim: Claim): ClaimedRequest {
  if (claim.kind !== 'claimed') throw new Error(`not claimed: ${claim.kind}`)
  return claim
}

const answer = (body: string) => ({ status: 201, headers: { 'content-type': 'text/plain' }, body })
const endLeases = () => pool.query(`update kept_answer set leased_until = now() - interval '1 second'`)

test('of two hundred claims at once one is had', async () => {
  for (let round = 0; round < 10; round += 1) {
    const kept = next()
    const kinds = (await Promise.all(Array.from({ length: 200 }, () => kept.claim(request())))).map(
      ({ kind }) => kind,
    )
    expect(kinds.filter((kind) => kind === 'claimed')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'running')).toHaveLength(199)
  }
})

test('of many claims at once on a lease that ran out one is had, with the first one’s client key', async () => {
  const kept = next()
  const first = claimed(await kept.claim(request()))
  await endLeases()
  const claims = await Promise.all(Array.from({ length: 50 }, () => kept.claim(request())))
  const had = claims.filter((claim) => claim.kind === 'claimed')
  expect(had.map(({ clientId }) => clientId)).toEqual([first.clientId])
})

test('who comes too late changes nothing', async () => {
  const kept = next()
  const late = claimed(await kept.claim(request()))
  await endLeases()
  const holder = claimed(await kept.claim(request()))
  for (const end of [late.keep(answer('late')), late.release(), late.forget()]) await end
  expect(await kept.claim(request())).toEqual({ kind: 'running' })
  await holder.keep(answer('in time'))
  for (const end of [late.keep(answer('late')), late.release(), late.forget()]) await end
  expect(await kept.claim(request())).toEqual({ kind: 'answered', answer: answer('in time') })
})

test('released, the key is for the same request; forgotten, for any', async () => {
  const kept = next()
  const first = claimed(await kept.claim(request()))
  await first.release()
  expect(await kept.claim(request('b'))).toEqual({ kind: 'other' })
  const second = claimed(await kept.claim(request()))
  expect(second.clientId).toBe(first.clientId)
  await second.forget()
  expect(claimed(await kept.claim(request('b'))).kind).toBe('claimed')
})

test('any text is kept as it is', async () => {
  for (const body of ['', '{"a":"\\u0000"}', 'née 📦', 'x'.repeat(300_000)]) {
    const kept = next()
    await claimed(await kept.claim(request())).keep(answer(body))
    expect(await kept.claim(request())).toEqual({ kind: 'answered', answer: answer(body) })
  }
})
