import { afterAll, describe, expect, test } from 'vitest'
import type { MountedRoute } from '../../src/main/mount.ts'
import { openHouse, type Reply, type TestHouse } from '../house.ts'
import { knownFrom } from '../known.ts'
import { PERSONAL, PUBLIC } from '../people-requests.ts'
import { databaseDigest, faultOfShape, probeOf, sendProbe } from '../probing.ts'
import { SAMPLES, type Sample } from '../requests.ts'
import { VISITING } from '../visitor-requests.ts'
import { anonymous, foreign, nobodys, slotsOf, withSlot } from '../slots.ts'
import { blinkered, roles, strangers, type Principal } from './principals.ts'

let probes = 0
const leaks: string[] = []
afterAll(() => console.log(`matrix: ${probes} probes, ${leaks.length} leaks`))

const EVERY: Sample[] = [...SAMPLES, ...PUBLIC, ...PERSONAL, ...VISITING]
const keyOf = ({ method, route }: { method: string; route: string }) => `${method} ${route}`

/** Routes that anybody of an account may knock at: neither public ones nor pages, nor those a dialect has under a second name. */
const guarded = (route: MountedRoute) => route.policy !== null && !('public' in route.policy)
const isTwin = ({ url }: MountedRoute) => url.startsWith('/api/v1/')

async function knock(
  house: TestHouse,
  sample: Sample,
  principal: Principal,
  known = knownFrom(house),
): Promise<Reply> {
  probes += 1
  const probe = probeOf(house, { ...sample, headers: principal.headers(sample.dialect) }, known)
  return sendProbe(house, probe)
}

function isRefusal(sample: Sample, reply: Reply, status: number): boolean {
  return reply.status === status && faultOfShape(sample.dialect, reply) === null
}

/** All of them are refused, and nothing has changed: when something has, whoever did it is found one by one. */
async function faultsOf(
  house: TestHouse,
  samples: Sample[],
  principal: Principal,
  expected: number,
): Promise<string[]> {
  const faults: string[] = []
  const before = await databaseDigest(house)
  for (const sample of samples) {
    const reply = await knock(house, sample, principal)
    if (!isRefusal(sample, reply, expected))
      faults.push(`${keyOf(sample)} to ${principal.name}: ${reply.status} ${reply.text.slice(0, 120)}`)
  }
  if ((await databaseDigest(house)) !== before) faults.push(`${principal.name}: something was written`)
  leaks.push(...faults)
  return faults
}

describe('every route', () => {
  test('says who may call it, and has a sample to be tried with', async () => {
    await using house = await openHouse()
    const { routes } = house.composed
    expect(
      routes.filter(({ policy }) => policy === null).map(({ method, url }) => `${method} ${url}`),
    ).toEqual([])
    const sampled = new Set(EVERY.map(keyOf))
    const missing = routes
      .filter((route) => guarded(route) && !isTwin(route) && route.method !== 'HEAD')
      .map(({ method, url }) => keyOf({ method, route: url }))
      .filter((key) => !sampled.has(key))
    expect(missing).toEqual([])
  })
})

describe('whom no door knows', () => {
  test('is refused before anything is looked at, whatever they name', async () => {
    await using house = await openHouse()
    const ofCustomApps = new Set(
      house.composed.routes.flatMap(({ method, url, policy }) =>
        policy && 'channel' in policy ? [keyOf({ method, route: url })] : [],
      ),
    )
    const faults: string[] = []
    for (const principal of await strangers(house)) {
      const isApp = principal.name === 'a custom app'
      const samples = [...SAMPLES, ...PERSONAL].filter(
        (sample) => !(isApp && ofCustomApps.has(keyOf(sample))),
      )
      faults.push(...(await faultsOf(house, samples, principal, 401)))
    }
    expect(faults).toEqual([])
  }, 120_000)
})

describe('roles', () => {
  test('may do what the route’s policy says, no more and no less', async () => {
    await using house = await openHouse()
    const policies = new Map(
      house.composed.routes.map(({ method, url, policy }) => [keyOf({ method, route: url }), policy]),
    )
    const faults: string[] = []
    for (const principal of await roles(house)) {
      const own = SAMPLES.filter(({ dialect }) => Object.keys(principal.headers(dialect)).length > 0)
      const needed = (sample: Sample) => {
        const policy = policies.get(keyOf(sample))
        return policy && 'permission' in policy ? policy.permission : null
      }
      const denied = own.filter((sample) => {
        const permission = needed(sample)
        return permission !== null && !principal.permissions.has(permission)
      })
      faults.push(...(await faultsOf(house, denied, principal, 403)))
      if (!principal.name.endsWith('signed in')) continue
      // Deeds change what is there: each is tried on a house of its own only as far as reading goes.
      for (const sample of own.filter((one) => one.method === 'GET' && !denied.includes(one))) {
        if (needed(sample) === null) continue
        const reply = await knock(house, sample, principal)
        if (reply.status === 401 || reply.status === 403)
          faults.push(`${keyOf(sample)} to ${principal.name}: ${reply.status}`)
      }
    }
    expect(faults).toEqual([])
  }, 120_000)

  test('an admin is refused no deed for want of a permission', async () => {
    await using house = await openHouse()
    const admin = (await roles(house)).find(({ name }) => name === 'admin')!
    const refused: string[] = []
    for (const sample of SAMPLES.filter(({ headers }) => !headers)) {
      const reply = await knock(house, sample, admin)
      if (reply.status === 401 || reply.status === 403)
        refused.push(`${keyOf(sample)}: ${reply.status} ${reply.text}`)
    }
    expect(refused).toEqual([])
  }, 120_000)
})

/** The same answer as for an id nobody has, and the victim is left alone. */
async function compare(
  house: TestHouse,
  sample: Sample,
  { principal, slot, theirs }: { principal: Principal; slot: string; theirs: unknown },
): Promise<string | null> {
  const known = knownFrom(house)
  const unknown = await knock(house, sample, principal, withSlot(known, slot, nobodys(slot)))
  const reply = await knock(house, sample, principal, withSlot(known, slot, theirs))
  const same =
    reply.status === unknown.status &&
    anonymous(reply.text, theirs) === anonymous(unknown.text, nobodys(slot))
  return same && reply.status < 500
    ? null
    : `${keyOf(sample)} ${slot} by ${principal.name}: ${reply.status} ${reply.text.slice(0, 150)} instead of ${unknown.status} ${unknown.text.slice(0, 150)}`
}

const hasSlots = (sample: Sample) =>
  slotsOf(sample).filter((slot) => !slot.startsWith('tokens') && !slot.endsWith('.token'))

/** What another account's ids tell somebody, at every place a route takes one. */
async function leaksTo(house: TestHouse, principal: Principal): Promise<string[]> {
  const known = knownFrom(house)
  const own = SAMPLES.filter(
    ({ headers, dialect }) => !headers && Object.keys(principal.headers(dialect)).length > 0,
  )
  const faults: string[] = []
  for (const { sample, slot } of own.flatMap((sample) =>
    hasSlots(sample).map((slot) => ({ sample, slot })),
  )) {
    const fault = await compare(house, sample, { principal, slot, theirs: foreign(known, slot) })
    if (fault) faults.push(fault)
  }
  return faults
}

describe('another account’s', () => {
  test('ids are answered like nobody’s, at every place a route takes one, by every role', async () => {
    await using house = await openHouse()
    const victim = house.other.account.id
    const before = await databaseDigest(house, victim)
    const faults: string[] = []
    const principals = (await roles(house)).filter(({ name }) =>
      /^(admin|supervisor|operator|admin, signed in)$/.test(name),
    )
    for (const principal of principals) faults.push(...(await leaksTo(house, principal)))
    if ((await databaseDigest(house, victim)) !== before) faults.push('the other account was changed')
    leaks.push(...faults)
    expect(faults).toEqual([])
  }, 240_000)
})

/** What a conversation is reached by. */
const OF_CONVERSATIONS = /^(conversations|contacts|messages|attachments|files|reviews)\./

describe('the same account’s, out of scope', () => {
  test('conversations and their contacts are answered like nobody’s', async () => {
    await using house = await openHouse()
    const principal = await blinkered(house)
    const digest = () => databaseDigest(house, house.fixture.id)
    const before = await digest()
    const faults: string[] = []
    for (const sample of SAMPLES.filter(({ headers }) => !headers))
      for (const slot of hasSlots(sample).filter((name) => OF_CONVERSATIONS.test(name))) {
        const fault = await compare(house, sample, { principal, slot, theirs: knownFrom(house).get(slot) })
        if (fault) faults.push(fault)
      }
    if ((await digest()) !== before) faults.push('the account was changed')
    leaks.push(...faults)
    expect(faults).toEqual([])
  }, 120_000)

  test('lists are empty, and totals say so', async () => {
    await using house = await openHouse()
    const principal = await blinkered(house)
    const get = async (url: string, dialect: Sample['dialect']) =>
      (await house.request({ method: 'GET', url, headers: principal.headers(dialect) })).body
    expect((await get('/api/conversations/unassigned', 'blinger-app')).data).toEqual([])
    const linktor = await get('/v1/conversations', 'linktor')
    expect([linktor.data, linktor.meta.pagination.totalCount]).toEqual([[], 0])
    const searched = await get('/v1/conversations?search=hello', 'linktor')
    expect([searched.data, searched.meta.pagination.totalCount]).toEqual([[], 0])
    const pact = await get(`/p1/companies/${house.fixture.number}/conversations`, 'pact')
    expect(pact.data.conversations).toEqual([])
    probes += 4
  })
})

test('there were enough of them', () => {
  expect(leaks).toEqual([])
  expect(probes).toBeGreaterThanOrEqual(2000)
})
