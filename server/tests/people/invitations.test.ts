import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, signedIn } from '../browser.ts'
import { openHouse, type TestHouse } from '../house.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

describe('invitations', () => {
  const invited = async (email: string, more: object = {}) => {
    const owner = await signedIn(house, house.fixture.owner)
    const reply = await owner.post('/invitations', { email, role: 'operator', ...more })
    expect(reply.status, reply.text).toBe(201)
    return { owner, id: reply.body.id, token: String(reply.body.link).split('#')[1] ?? '' }
  }

  test('a link makes a person once', async () => {
    const { owner, token } = await invited('new@harbour.example', { name: 'Nils' })
    const shown = await openBrowser(house).post('/invitations/show', { token })
    expect(shown.body).toMatchObject({
      accountName: 'Harbour Books',
      email: 'new@harbour.example',
      isKnown: false,
    })
    const accept = { token, password: 'my own password' }
    expect(
      (await openBrowser(house).post('/invitations/accept', { ...accept, password: 'short' })).status,
    ).toBe(400)
    expect((await openBrowser(house).post('/invitations/accept', accept)).status).toBe(204)
    expect((await openBrowser(house).post('/invitations/accept', accept)).status).toBe(404)
    const me = (
      await (await signedIn(house, { email: 'new@harbour.example', password: 'my own password' })).get('/me')
    ).body
    expect(me).toMatchObject({ name: 'Nils', accounts: [{ role: 'operator' }] })
    const waiting = (await owner.get('/invitations')).body.items
    expect(waiting.map((one: { email: string }) => one.email)).not.toContain('new@harbour.example')
  })

  test('expires, and can be withdrawn', async () => {
    await using other = await openHouse()
    const owner = await signedIn(other, other.fixture.owner)
    const make = async (email: string) =>
      String((await owner.post('/invitations', { email, role: 'viewer' })).body.link).split('#')[1]
    const [late, withdrawn] = [await make('late@x.example'), await make('withdrawn@x.example')]
    const { items } = (await owner.get('/invitations')).body
    const { id } = items.find(({ email }: { email: string }) => email === 'withdrawn@x.example')
    expect((await owner.delete(`/invitations/${id}`)).status).toBe(204)
    expect((await owner.delete(`/invitations/${id}`)).status).toBe(404)
    const show = (token: string | undefined) => openBrowser(other).post('/invitations/show', { token })
    expect((await show(withdrawn)).status).toBe(404)
    expect((await show(late)).status).toBe(200)
    other.clock.advance(8 * 86_400_000)
    expect((await show(late)).status).toBe(404)
    expect(
      (await openBrowser(other).post('/invitations/accept', { token: late, password: 'my own password' }))
        .status,
    ).toBe(404)
  })

  test('one person works in two accounts, and says in which', async () => {
    const theirs = house.other.account.owner
    const { token } = await invited(theirs.email, { role: 'supervisor' })
    expect((await openBrowser(house).post('/invitations/show', { token })).body).toMatchObject({
      isKnown: true,
    })
    expect(
      (await openBrowser(house).post('/invitations/accept', { token, password: 'my own password' })).status,
    ).toBe(409)
    const stranger = await signedIn(house, house.fixture.owner)
    expect((await stranger.post('/me/invitations/accept', { token })).status).toBe(404)
    const browser = await signedIn(house, theirs)
    const accepted = await browser.post('/me/invitations/accept', { token })
    expect(accepted.status, accepted.text).toBe(200)
    expect(accepted.body.accounts).toHaveLength(2)
    const here = { 'parley-account': String(house.fixture.number) }
    // The owner of one is a supervisor of the other.
    expect((await browser.get('/invitations')).status).toBe(200)
    expect((await browser.post('/invitations', { email: 'x@y.example', role: 'viewer' })).status).toBe(201)
    expect((await browser.post('/invitations', { email: 'x@y.example', role: 'viewer' }, here)).status).toBe(
      403,
    )
    const owner = await signedIn(house, house.fixture.owner)
    const { operatorId } = accepted.body.accounts[1]
    const link = await owner.post(`/operators/${operatorId}/password-reset`)
    expect(link.status, 'one account opens no other').toBe(409)
  })

  test('nobody invites somebody who can do more than they can', async () => {
    const admin = await invited('admin@harbour.example', { role: 'admin' })
    await openBrowser(house).post('/invitations/accept', { token: admin.token, password: 'admin password' })
    await house.sql(
      `update operator set role = 'custom', role_id = $2 where account_id = $1 and email = 'admin@harbour.example'`,
      [house.fixture.id, await ownRole(['operator.read', 'operator.write', 'conversation.read'])],
    )
    const limited = await signedIn(house, { email: 'admin@harbour.example', password: 'admin password' })
    for (const role of ['admin', 'supervisor', 'operator', 'viewer'])
      expect((await limited.post('/invitations', { email: 'friend@y.example', role })).status, role).toBe(403)
    expect((await limited.post('/invitations', { email: 'friend@y.example', role: 'owner' })).status).toBe(
      400,
    )
    const ownerId = house.fixture.operators.find(({ email }) => email === house.fixture.owner.email)?.id
    expect((await limited.post(`/operators/${ownerId}/password-reset`)).status).toBe(403)
  })
})

async function ownRole(permissions: string[]): Promise<string> {
  const [row] = await house.sql<{ id: string }>(
    `insert into role (account_id, id, name, permissions, scope, created_at, updated_at)
     values ($1, gen_random_uuid(), 'made for a test', $2, 'all', now(), now()) returning id`,
    [house.fixture.id, permissions],
  )
  return row?.id ?? ''
}

test('nobody hands out a wider view than they have', async () => {
  const narrow = { email: 'narrow@harbour.example', password: 'a long enough password' }
  await house.blingerApp.post('/operators/create', {
    ...{ operator_email: narrow.email, operator_password: narrow.password },
  })
  await house.sql(`update operator set role = 'admin', scope = 'own' where email = $1`, [narrow.email])
  const browser = await signedIn(house, narrow)
  const invite = (more: object) =>
    browser.post('/invitations', { email: 'friend@z.example', role: 'viewer', ...more })
  expect((await invite({})).status).toBe(403)
  expect((await invite({ scope: 'all' })).status).toBe(403)
  const groupIds = [house.fixture.groups[1]!.id]
  expect((await invite({ scope: 'own', groupIds })).status).toBe(403)
  expect((await invite({ scope: 'own' })).status).toBe(201)
})
