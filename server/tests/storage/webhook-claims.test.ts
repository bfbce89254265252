import { expect, test, vi } from 'vitest'
import { createWebhookClaims } from '../../src/storage/webhook-claims.ts'
import { cloneDatabase, runSql } from '../postgres.ts'

const ACCOUNT = '0198c0de-0000-7000-8000-000000000001'
const OTHER = '0198c0de-0000-7000-8000-000000000002'

test('one process tells an account, and another one as soon as that is gone', async () => {
  await using database = await cloneDatabase()
  const first = createWebhookClaims(database.url)
  const second = createWebhookClaims(database.url)
  const lost = vi.fn<() => void>()
  first.onLost(lost)
  expect(await first.claim(ACCOUNT)).toBe(true)
  expect(await second.claim(ACCOUNT)).toBe(false)
  expect(await second.claim(OTHER)).toBe(true)
  await first.release(ACCOUNT)
  expect(await second.claim(ACCOUNT)).toBe(true)
  await second.release(ACCOUNT)
  expect(await first.claim(ACCOUNT)).toBe(true)
  // The connection is lost without the process knowing yet.
  await runSql(
    database.url,
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like 'parley-webhooks %'`,
  )
  await vi.waitFor(() => expect(lost).toHaveBeenCalledTimes(1))
  await vi.waitFor(async () => expect(await second.claim(ACCOUNT)).toBe(true))
  expect(await first.claim(ACCOUNT)).toBe(false)
  await second.close()
  await vi.waitFor(async () => expect(await first.claim(ACCOUNT)).toBe(true))
  await first.close()
})
