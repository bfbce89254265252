import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { knownFrom } from '../known.ts'
import { databaseDigest, faultOfShape, probeOf, sendProbe } from '../probing.ts'
import type { Sample } from '../requests.ts'
import { anonymous, nobodys, withSlot } from '../slots.ts'
import { VISITING } from '../visitor-requests.ts'
import { openVisited } from '../visitor/visited.ts'
import { signedFields, secretKeyOf, userToken, visit, webchatOf } from '../visitor/visitor-desk.ts'
import type { TestVisitor } from '../visitor/visitor-desk.ts'

const PREFIX = '/visitor/v1/'
/** What asks for a visitor's token; beginning a session asks for nothing. */
const GUARDED = VISITING.filter(({ headers }) => 'authorization' in (headers ?? {}))

let house: TestHouse
let probes = 0
beforeAll(async () => {
  house = await openVisited()
})
afterAll(async () => {
  console.log(`visitors: ${probes} probes`)
  await house[Symbol.asyncDispose]()
})

function knock(sample: Sample, headers: Record<string, string>, known = knownFrom(house)): Promise<Reply> {
  probes += 1
  return sendProbe(house, { ...probeOf(house, sample, known), headers })
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** Every guarded request of somebody who must not be let in, with what is wrong about its answer. */
async function faultsOf(name: string, headers: Record<string, string>, expected: number): Promise<string[]> {
  const faults: string[] = []
  const before = await databaseDigest(house)
  for (const sample of GUARDED) {
    const reply = await knock(sample, headers)
    const fault = faultOfShape('visitor', reply)
    if (reply.status !== expected || fault)
      faults.push(`${sample.method} ${sample.route} to ${name}: ${reply.status} ${reply.text.slice(0, 120)}`)
  }
  if ((await databaseDigest(house)) !== before) faults.push(`${name}: something was written`)
  return faults
}

test('only this door lets visitors in, and every route behind it says so', () => {
  const { routes } = house.composed
  const isOurs = ({ url }: { url: string }) => url.startsWith(PREFIX)
  const elsewhere = routes.filter((route) => route.policy && 'visitor' in route.policy && !isOurs(route))
  expect(elsewhere.map(({ url }) => url)).toEqual([])
  const open = routes.filter((route) => isOurs(route) && !(route.policy && 'visitor' in route.policy))
  const shown = open.filter(({ method }) => method !== 'OPTIONS' && method !== 'HEAD')
  expect(shown.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `POST ${PREFIX}sessions`,
    `GET ${PREFIX}socket`,
  ])
})

describe('whom the door does not know', () => {
  test('strangers, whatever they show', async () => {
    const { tokens, channels } = house.fixture
    const { id, widgetKey } = webchatOf(house)
    const app = channels.find(({ token }) => token)?.token ?? ''
    const faults = await faultsOf('anonymous', {}, 401)
    for (const secret of [...Object.values(tokens), app, widgetKey, await secretKeyOf(house, id)])
      faults.push(...(await faultsOf('somebody of another door', bearer(secret), 401)))
    for (const secret of [
      '',
      'null',
      'undefined',
      '0',
      '[object Object]',
      '0e1',
      "' or true --",
      'x'.repeat(43),
    ])
      faults.push(...(await faultsOf(`with ${JSON.stringify(secret)}`, bearer(secret), 401)))
    expect(faults).toEqual([])
  })

  test('a token anywhere but in its header', async () => {
    const { token } = await visit(house)
    const faults: string[] = []
    for (const name of [
      'authentication',
      'x-private-api-token',
      'x-api-key',
      'cookie',
      'sec-websocket-protocol',
    ])
      faults.push(...(await faultsOf(name, { [name]: name === 'cookie' ? `token=${token}` : token }, 401)))
    for (const name of ['token', 'access_token', 'authorization']) {
      const { status } = await house.request({ method: 'GET', url: `${PREFIX}messages?${name}=${token}` })
      expect(status, name).toBe(401)
    }
    expect(faults).toEqual([])
  })

  test('visitors whose session has ended, each in its way', async () => {
    const left = await visit(house)
    await left.says('Goodbye')
    await left.ask('DELETE', '/session')
    const forgotten = await visit(house)
    await forgotten.says('Forget me')
    const { state } = (await visit(house, { token: forgotten.token })).session
    const { body } = await house.native.get(`/conversations/conv_${state.conversationId.replaceAll('-', '')}`)
    await house.native.delete(`/contacts/${body.contact.id}`)
    const became = await visit(house)
    const key = await secretKeyOf(house, webchatOf(house).id)
    await visit(house, { token: became.token, identity: { jwt: userToken(house, key, { sub: 'u-ended' }) } })
    const faults: string[] = []
    for (const [name, { token }] of Object.entries({ left, forgotten, became }))
      faults.push(...(await faultsOf(name, bearer(token), 401)))
    expect(faults).toEqual([])
  })

  test('an end user’s token for its socket opens nothing here', async () => {
    const conversationId = knownFrom(house).get('visitors.0.conversationId')
    const { body } = await house.blingerWidget.post(`/conversation/${conversationId}/request-review`, {})
    const { websocketToken } = body.data.review.endUser
    expect(websocketToken.split('.')).toHaveLength(3)
    expect(await faultsOf('an end user', bearer(websocketToken), 401)).toEqual([])
  })
})

/** Other spellings of `https://shop.example`, and what merely looks like it. */
const NEIGHBOURS = [
  ...['https://evil.example', 'http://shop.example', 'https://shop.example:444', 'https://a.shop.example'],
  ...['https://shop.example.evil.example', 'https://evilshop.example', 'https://shop.example/', 'null', ''],
  ...[
    'https://shop.examplе',
    'HTTPS://SHOP.EXAMPLE',
    'https://shop.example, https://evil.example',
    'shop.example',
  ],
  ...[
    'https://user@shop.example',
    'https://shop.example@evil.example',
    'https://shop.example\\@evil.example',
  ],
  ...['file://', 'data:', 'https://xn--shop-.example', 'https://127.0.0.1:3000', 'http://127.0.0.1:3001'],
]

test('pages of other origins are refused, whoever they speak for', async () => {
  const path = `/channels/ch_${webchatOf(house).id.replaceAll('-', '')}`
  const visitor = await visit(house)
  await house.native.patch(path, { widget: { allowedOrigins: ['https://shop.example'] } })
  const at = (origin: string) => ({
    ...bearer(visitor.token),
    origin: Buffer.from(origin).toString('latin1'),
  })
  const faults: string[] = []
  for (const origin of NEIGHBOURS) faults.push(...(await faultsOf(`a page of ${origin}`, at(origin), 403)))
  for (const origin of NEIGHBOURS)
    for (const sample of VISITING.filter(({ route }) => route.endsWith('/sessions')))
      if ((await knock(sample, { origin: Buffer.from(origin).toString('latin1') })).status !== 403)
        faults.push(`a session was begun by a page of ${origin}`)
  expect((await visitor.ask('GET', '/messages', undefined, at('https://shop.example'))).status).toBe(200)
  await house.native.patch(path, { widget: { allowedOrigins: [] } })
  expect(faults).toEqual([])
})

/** All that is kept of one visitor, and of its conversation. */
async function kept(conversationId: unknown): Promise<unknown> {
  const rows = await house.sql(
    `with talk as (select * from conversation where id = $1)
     select to_jsonb(t) as row from talk t
     union all select to_jsonb(m) from message m join talk t on m.conversation_id = t.id
     union all select to_jsonb(r) from review r join talk t on r.conversation_id = t.id
     union all select to_jsonb(c) from contact c join talk t on c.id = t.contact_id
     union all select to_jsonb(i) from contact_identity i join talk t on i.contact_id = t.contact_id
     union all select to_jsonb(s) from visitor_session s join contact_identity i
       on i.channel_id = s.channel_id and i.external_id = s.external_id join talk t on i.contact_id = t.contact_id
     union all select to_jsonb(e) from event e join talk t on e.data ->> 'conversationId' = t.id::text`,
    [conversationId],
  )
  return rows.map(({ row }) => JSON.stringify(row)).sort()
}

const CANARY = 'canary of the victim'

describe('what is another visitor’s', () => {
  let victim: TestVisitor
  let talk: string
  let messageId: string
  beforeAll(async () => {
    victim = await visit(house, { page: { url: 'https://shop.example/canary', title: CANARY } })
    messageId = randomUUID()
    await victim.says(`${CANARY} says hello`, messageId)
    await victim.ask('PUT', '/card', { name: CANARY, email: 'canary@example.com', phone: '+4790000199' })
    talk = (await visit(house, { token: victim.token })).session.state.conversationId
    const { body } = await house.blingerWidget.post(`/conversation/${talk}/request-review`, {})
    house.besides.set('victim.reviewId', body.data.review.id)
  })

  const intruders: [string, () => Promise<TestVisitor>][] = [
    ['a visitor of the same channel', () => visit(house)],
    ['one who has written', () => visit(house).then(async (made) => (await made.says('Hello'), made))],
    ['a visitor of the other account', () => visit(house, {}, { tenant: house.other })],
    [
      'one who leaves the victim’s card',
      async () => {
        const made = await visit(house)
        await made.ask('PUT', '/card', { name: CANARY, email: 'canary@example.com', phone: '+4790000199' })
        await made.says('Hello')
        return made
      },
    ],
    [
      'one who claims to be the victim without a proof',
      () => {
        const claims = { sub: 'victim', email: 'canary@example.com', phone: '+4790000199' }
        return visit(house, { identity: { jwt: userToken(house, 'not the key', claims) } })
      },
    ],
    [
      'one with signed fields of the victim',
      async () => {
        const key = await secretKeyOf(house, webchatOf(house).id)
        return visit(house, { identity: signedFields(key, { email: 'canary@example.com', id: talk }) })
      },
    ],
    [
      'one with the victim’s token at the other account',
      () => visit(house, { token: victim.token }, { tenant: house.other }),
    ],
  ]

  test.each(intruders)('is not shown to %s, and stays as it is', async (name, enter) => {
    const before = await kept(talk)
    const intruder = await enter()
    expect(intruder.token).not.toBe(victim.token)
    const isSelfTold = name.includes('card')
    const secrets = [messageId, talk, String(house.besides.get('victim.reviewId'))]
    if (!isSelfTold) secrets.push(CANARY, 'canary@example.com')
    const known = knownFrom(house)
    const slot = 'visitors.0.reviewId'
    for (const sample of GUARDED.filter(({ method }) => method !== 'DELETE')) {
      const theirs = await knock(
        sample,
        bearer(intruder.token),
        withSlot(known, slot, known.get('victim.reviewId')),
      )
      const none = await knock(sample, bearer(intruder.token), withSlot(known, slot, nobodys('x.id')))
      if (sample.path.includes(slot)) {
        expect(theirs.status).toBe(404)
        expect(anonymous(theirs.text, known.get('victim.reviewId'))).toBe(
          anonymous(none.text, nobodys('x.id')),
        )
      }
      for (const secret of secrets)
        expect(theirs.text.includes(secret), `${sample.route} told ${name} ${secret}`).toBe(false)
    }
    // Whoever knows the id of a message of the account learns that it is taken: not whose it is, nor what it says.
    const mine = await intruder.ask('POST', '/messages', { id: randomUUID(), text: 'Mine' })
    const reused = await intruder.ask('POST', '/messages', { id: mine.body.id, text: 'Mine, too' })
    const taken = await intruder.ask('POST', '/messages', { id: messageId, text: 'Mine' })
    expect([mine.status, reused.status]).toEqual([201, 409])
    if (taken.status !== 201) expect([taken.status, taken.text]).toEqual([409, reused.text])
    await intruder.ask('DELETE', '/session')
    expect(await kept(talk)).toEqual(before)
  })
})

test('nothing of the other account changed, and there were enough tries', async () => {
  const theirs = await databaseDigest(house, house.other.account.id)
  const visitor = await visit(house)
  for (const sample of VISITING) await knock(sample, bearer(visitor.token))
  const known = knownFrom(house)
  const foreign = withSlot(known, 'visitors.0.reviewId', known.get('other.visitors.0.reviewId'))
  for (const sample of GUARDED) await knock(sample, bearer(visitor.token), foreign)
  expect(await databaseDigest(house, house.other.account.id)).toBe(theirs)
  expect(probes).toBeGreaterThan(500)
})
