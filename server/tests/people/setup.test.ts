import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { composeForTests } from '../compose.ts'
import { cloneDatabase } from '../postgres.ts'
import { openHouse } from '../house.ts'

/** A server over a database in which nobody has been yet. */
async function openEmpty() {
  const stack = new AsyncDisposableStack()
  const database = stack.use(await cloneDatabase())
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-empty-'))
  stack.defer(() => rm(dataDir, { recursive: true, force: true }))
  const composed = await composeForTests(database.url, dataDir)
  stack.defer(() => composed.close())
  await composed.app.ready()
  const setUp = async (token: unknown, more: object = {}) => {
    const payload = {
      ...{ token, accountName: 'First', name: 'Nora', email: 'nora@first.example' },
      ...{ password: 'a long enough password', ...more },
    }
    const answer = await composed.app.inject({ method: 'POST', url: '/parley/v1/setup', payload })
    return { status: answer.statusCode, text: answer.body }
  }
  return { composed, setUp, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

test('the link makes the first account, once; then the door is closed', async () => {
  await using empty = await openEmpty()
  const token = await empty.composed.offerSetup()
  expect((await empty.setUp('x'.repeat(43))).status).toBe(404)
  expect((await empty.setUp(token, { password: 'short' })).status).toBe(400)
  expect((await empty.setUp(token, { email: 'no address' })).status).toBe(400)
  expect((await empty.setUp(token)).status).toBe(201)
  const again = await empty.setUp(token)
  expect(again.status).toBe(404)
  expect(again.text).not.toMatch(/First|Nora|nora/)
  expect(await empty.composed.offerSetup()).toBeNull()
  const { email, password } = { email: 'nora@first.example', password: 'a long enough password' }
  const signIn = { method: 'POST', url: '/parley/v1/auth/sign-in', payload: { email, password } } as const
  expect((await empty.composed.app.inject(signIn)).statusCode).toBe(200)
})

test('of many at once one gets in', async () => {
  await using empty = await openEmpty()
  const token = await empty.composed.offerSetup()
  const tries = Array.from({ length: 8 }, (_, index) =>
    empty.setUp(token, { email: `n${index}@first.example` }),
  )
  const statuses = (await Promise.all(tries)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(1)
  expect(statuses.filter((status) => status === 404)).toHaveLength(7)
})

test('a new start makes the link of the last one worthless', async () => {
  await using empty = await openEmpty()
  const [old, fresh] = [await empty.composed.offerSetup(), await empty.composed.offerSetup()]
  expect((await empty.setUp(old)).status).toBe(404)
  expect((await empty.setUp(fresh)).status).toBe(201)
})

test('nothing but the link is one', async () => {
  await using empty = await openEmpty()
  const wrong = [null, '', ' ', 'null', 'undefined', 0, true, [], {}]
  for (const token of wrong) expect((await empty.setUp(token)).status).toBeGreaterThanOrEqual(400)
  await empty.composed.offerSetup()
  for (const token of wrong) expect((await empty.setUp(token)).status).toBeGreaterThanOrEqual(400)
})

test('where there are accounts there is no set-up', async () => {
  await using house = await openHouse()
  expect(await house.composed.offerSetup()).toBeNull()
})
