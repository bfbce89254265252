import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Policy } from '../../src/application/ports/policy.ts'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { fill, knownFrom } from '../known.ts'
import type { PictureServer } from '../picture-server.ts'
import { openPictureServer } from '../picture-server.ts'
import { databaseDigest, probeOf, sendProbe } from '../probing.ts'
import type { Probe } from '../probing.ts'
import { SAMPLES } from '../requests.ts'

/** Where the dialects that know `Idempotency-Key` are mounted. Every POST below must keep its answers. */
const MOUNTS: { prefix: string; like: string }[] = [
  { prefix: '/v1/', like: '/v1/' },
  { prefix: '/api/v1/', like: '/v1/' },
  { prefix: '/parley/v1/', like: '/parley/v1/' },
]

/** The samples of every POST below those mounts, wherever a dialect is mounted twice at each of them. */
const POSTS = MOUNTS.flatMap(({ prefix, like }) =>
  SAMPLES.filter(({ method, route }) => method === 'POST' && route.startsWith(like)).map((sample) => ({
    sample,
    route: prefix + sample.route.slice(like.length),
    path: prefix + sample.path.slice(like.length),
  })),
)

let provider: PictureServer
beforeAll(async () => {
  provider = await openPictureServer()
})
afterAll(() => provider[Symbol.asyncDispose]())

/** Signing in and what one does with oneself: nothing there is worth less for being done twice, and its answers are kept by nobody. */
const isOfPeople = (policy: Policy | null) => policy !== null && ('public' in policy || 'person' in policy)

const open = () => openHouse({ env: { PARLEY_FETCH_ALLOW: provider.place } })

/** A sample with a key, on a path of its own mount; files are where there are some. */
function keyed(house: TestHouse, post: (typeof POSTS)[number]): Probe {
  const known = knownFrom(house)
  const probe = probeOf(house, post.sample, known)
  const body = JSON.parse(
    JSON.stringify(probe.body).replaceAll('http://127.0.0.1:1/picture.png', provider.url),
  )
  const headers = {
    ...probe.headers,
    'idempotency-key': `of the law ${POSTS.findIndex((one) => one === post)}`,
  }
  return { ...probe, path: String(fill(post.path, known)), body, headers }
}

test('every POST of the dialects that know the header has a sample', async () => {
  await using house = await open()
  const posts = house.composed.routes.filter(
    ({ method, url, schema, policy }) =>
      method === 'POST' &&
      !schema.hide &&
      !isOfPeople(policy) &&
      MOUNTS.some(({ prefix }) => url.startsWith(prefix)),
  )
  expect(posts.length).toBeGreaterThan(10)
  const sampled = new Set(POSTS.map(({ route }) => route))
  expect(posts.filter(({ url }) => !sampled.has(url))).toEqual([])
})

/** Lived in until a deed is refused for what was done before it, which it is not in a new one: making a house takes longer than most tests. */
let lodging: TestHouse | null = null
async function move(): Promise<TestHouse> {
  await lodging?.[Symbol.asyncDispose]()
  return (lodging = await open())
}
afterAll(() => lodging?.[Symbol.asyncDispose]())

/** The deed, done for the first time. */
async function doFirst(
  post: (typeof POSTS)[number],
): Promise<{ house: TestHouse; probe: Probe; first: Reply }> {
  const attempt = async (house: TestHouse) => {
    const probe = keyed(house, post)
    return { house, probe, first: await sendProbe(house, probe) }
  }
  const done = await attempt(lodging ?? (await move()))
  return done.first.status < 300 ? done : attempt(await move())
}

describe.each(POSTS)('POST $route', (post) => {
  test('answers a repeat with the first answer, and says nothing twice', async () => {
    const { house, probe, first } = await doFirst(post)
    expect(first.status, first.text).toBeLessThan(300)
    const before = await databaseDigest(house)
    const again = await sendProbe(house, probe)
    expect(again).toMatchObject({ status: first.status, text: first.text })
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect(again.headers['content-type']).toBe(first.headers['content-type'])
    expect(first.headers).not.toHaveProperty('idempotent-replayed')
    const other = await sendProbe(house, { ...probe, body: { ...probe.body, other: 1 } })
    expect(other.status, other.text).toBe(422)
    expect(await databaseDigest(house)).toBe(before)
    // And where the process died before it could answer, nothing is said twice.
    const messages = () => house.sql('select id from message order by id')
    const said = await messages()
    await house.sql(
      `update kept_answer set status = null, headers = null, sealed_body = null, leased_until = now() - interval '1 second'`,
    )
    const anew = await sendProbe(house, probe)
    expect(anew.headers).not.toHaveProperty('idempotent-replayed')
    expect(await messages()).toEqual(said)
  })
})

test('the documents list the header on each POST, and nowhere else', async () => {
  await using house = await open()
  const personal = new Set(
    house.composed.routes
      .filter(({ method, policy }) => method === 'POST' && isOfPeople(policy))
      .map(({ url }) => url),
  )
  for (const { name, document } of house.composed.contracts) {
    const { paths } = document() as { paths: Record<string, Record<string, { parameters?: unknown[] }>> }
    const told = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [] }]) => {
        const isListed = JSON.stringify(parameters).includes('"Idempotency-Key"')
        return { path, method, isListed }
      }),
    )
    const knows = name === 'linktor' || name === 'native'
    const wrong = told.filter(
      ({ path, method, isListed }) => isListed !== (knows && method === 'post' && !personal.has(path)),
    )
    expect(wrong, name).toEqual([])
  }
})
