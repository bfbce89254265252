import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { nativeId } from '../dialects/native-desk.ts'
import { openHouse, type TestHouse } from '../house.ts'
import { knock, secretKeyOf, signedFields, userToken, visit, webchatOf } from './visitor-desk.ts'

let house: TestHouse
/** The key that the site signs with. */
let key: string
beforeAll(async () => {
  house = await openHouse()
})
beforeEach(async () => {
  key = await secretKeyOf(house, webchatOf(house).id)
})
afterAll(() => house[Symbol.asyncDispose]())

/** Somebody whom the site vouches for. */
const asUser = (claims: Record<string, unknown>) => ({ identity: { jwt: userToken(house, key, claims) } })

let users = 0
const newSub = () => `user-${(users += 1)}`

const setUp = async (widget: object) => {
  const saved = await house.native.patch(`/channels/${nativeId('ch', webchatOf(house).id)}`, { widget })
  expect(saved.status, saved.text).toBe(200)
}

const wordsOf = ({ session }: Awaited<ReturnType<typeof visit>>): string[] =>
  session.messages.map(({ text }: { text: string }) => text)

/** Everything that is kept of visitors, their contacts and sessions. */
const everybody = () =>
  house.sql(
    `select to_jsonb(i) - 'updated_at' as row from contact_identity i union all select to_jsonb(c) from contact c
     union all select to_jsonb(s) - 'seen_at' from visitor_session s order by 1`,
  )

const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const soon = () => Math.floor(house.clock.now().getTime() / 1000) + 600
/** A token whose signature fits, whatever it says. */
function signed(header: object, payload: object, secret = key): string {
  const content = `${b64(header)}.${b64(payload)}`
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`
}

const HS256 = { alg: 'HS256', typ: 'JWT' }

/** Tokens that must not be believed, made for the victim. */
const FORGED: [string, (sub: string) => string][] = [
  ['another key', (sub) => userToken(house, 'not the key', { sub })],
  ['an empty key', (sub) => signed(HS256, { sub, exp: soon() }, '')],
  ['the other account’s key', (sub) => signed(HS256, { sub, exp: soon() }, theirKey)],
  ['no algorithm', (sub) => `${b64({ alg: 'none' })}.${b64({ sub, exp: soon() })}.`],
  ['no algorithm, with a signature', (sub) => signed({ alg: 'none' }, { sub, exp: soon() })],
  ['an algorithm in capitals', (sub) => signed({ alg: 'hs256' }, { sub, exp: soon() })],
  ['another algorithm', (sub) => signed({ alg: 'HS512' }, { sub, exp: soon() })],
  [
    'a key of its own',
    (sub) => signed({ alg: 'HS256', jwk: { kty: 'oct', k: '' } }, { sub, exp: soon() }, ''),
  ],
  ['something critical', (sub) => signed({ ...HS256, crit: ['x'], x: 1 }, { sub, exp: soon() })],
  ['no end', (sub) => signed(HS256, { sub })],
  ['an end that is over', (sub) => userToken(house, key, { sub }, -1)],
  ['an end as a text', (sub) => signed(HS256, { sub, exp: String(soon()) })],
  ['an end beyond a day', (sub) => userToken(house, key, { sub }, 86_460)],
  ['a beginning to come', (sub) => userToken(house, key, { sub, nbf: soon() })],
  ['nobody', () => userToken(house, key, { name: 'Ines' })],
  ['a number for a name', () => userToken(house, key, { sub: 7 })],
  [
    'a changed payload',
    (sub) => userToken(house, key, { sub: 'x' }).replace(/\.[^.]+\./, `.${b64({ sub, exp: soon() })}.`),
  ],
  ['a padded signature', (sub) => `${userToken(house, key, { sub })}=`],
  ['a part too many', (sub) => `${userToken(house, key, { sub })}.x`],
  ['no signature', (sub) => userToken(house, key, { sub }).replace(/[^.]+$/, '')],
  ['a name with NUL', () => userToken(house, key, { sub: 'a\0b' })],
  ['fields that are none', (sub) => userToken(house, key, { sub, fields: { a: { b: 1 } } })],
  ['an address that is none', (sub) => userToken(house, key, { sub, email: 'nobody' })],
]
let theirKey = ''

describe('what nobody vouches for', () => {
  test('a claim that is not proven reveals nothing, joins nobody and is not kept', async () => {
    theirKey = await secretKeyOf(house, webchatOf(house.other).id)
    const sub = newSub()
    const victim = await visit(house, asUser({ sub, email: 'victim@example.com' }))
    await victim.says('My order is 4711')
    const before = await everybody()
    for (const [name, forge] of FORGED) {
      const intruder = await visit(house, { identity: { jwt: forge(sub) } })
      expect(intruder.session, name).toMatchObject({
        visitor: { name: null, email: null, isVerified: false },
        identityRefused: expect.any(String),
        state: { conversationId: null },
        messages: [],
      })
      expect(JSON.stringify(intruder.session), name).not.toContain(key)
      const [session] = await house.sql<{ facts: object; external_id: string }>(
        `select facts, external_id from visitor_session order by created_at desc limit 1`,
      )
      expect(session, name).toMatchObject({ facts: {}, external_id: expect.stringMatching(/^visitor:/) })
      expect((await intruder.ask('DELETE', '/session')).status).toBe(204)
    }
    expect(await everybody()).toEqual(before)
  })

  test('nor does it end or change a session that goes on', async () => {
    const visitor = await visit(house)
    await visitor.says('Hello')
    const before = await everybody()
    for (const [name, forge] of FORGED) {
      const again = await visit(house, { token: visitor.token, identity: { jwt: forge('somebody') } })
      expect([again.token === visitor.token, wordsOf(again)], name).toEqual([true, ['Hello']])
      expect(again.session.visitor.isVerified, name).toBe(false)
    }
    expect(await everybody()).toEqual(before)
  })

  test('fields with a wrong signature are not kept; with the right one they are, and name nobody', async () => {
    const visitor = await visit(house)
    await visitor.says('Hello')
    const fields = signedFields(key, { plan: 'gold', seats: 4 })
    const wrong = [
      { ...fields, sign: '0'.repeat(32) },
      { ...fields, sign: fields.sign.toUpperCase() },
      { ...fields, fields: fields.fields.toReversed() },
      { ...fields, fields: [...fields.fields, { name: 'admin', value: '' }, { name: 'plan', value: '' }] },
      signedFields('', { plan: 'gold', seats: 4 }),
    ]
    const before = await everybody()
    for (const identity of wrong) {
      const again = await visit(house, { token: visitor.token, identity })
      expect(again.session).toMatchObject({
        visitor: { isVerified: false },
        identityRefused: expect.any(String),
      })
    }
    expect(await everybody()).toEqual(before)
    const proven = await visit(house, { token: visitor.token, identity: fields })
    expect(proven.token).toBe(visitor.token)
    expect(proven.session).toMatchObject({ visitor: { isVerified: true }, identityRefused: null })
    const { body } = await house.native.get(
      `/conversations/${nativeId('conv', proven.session.state.conversationId)}`,
    )
    const contact = await house.native.get(`/contacts/${body.contact.id}`)
    expect(contact.body.extraFields).toEqual({ plan: 'gold', seats: 4 })
  })
})

describe('a user whom the site vouches for', () => {
  test('meets one history in every browser, and nobody else’s', async () => {
    const sub = newSub()
    const desk = await visit(house, asUser({ sub, name: 'Ines', email: 'Ines@Example.com' }))
    await desk.says('From the desk')
    const phone = await visit(house, asUser({ sub }))
    expect(phone.token).not.toBe(desk.token)
    expect(wordsOf(phone)).toEqual(['From the desk'])
    expect(phone.session.visitor).toMatchObject({ name: 'Ines', email: 'ines@example.com', isVerified: true })
    await phone.says('From the phone')
    const again = await visit(house, { token: desk.token })
    expect([again.token, wordsOf(again)]).toEqual([desk.token, ['From the desk', 'From the phone']])
    expect(again.session.visitor.isVerified).toBe(true)
    for (const other of [sub.toUpperCase(), `${sub} `, ` ${sub}`, `${sub}0`, `user:${sub}`])
      expect(wordsOf(await visit(house, asUser({ sub: other })))).toEqual([])
    // The same name and address is not the same user.
    const double = await visit(house, asUser({ sub: newSub(), name: 'Ines', email: 'ines@example.com' }))
    expect(wordsOf(double)).toEqual([])
    expect(wordsOf(await visit(house, {}, { tenant: house.other }))).toEqual([])
  })

  test('keeps what they said before in this browser, when they are new here', async () => {
    const before = await visit(house, { page: { url: 'https://shop.example/', title: null } })
    await before.says('Who am I?')
    const { conversationId } = (await visit(house, { token: before.token })).session.state
    const claims = { sub: newSub(), name: 'Mara', phone: '+47 900 00 120', fields: { plan: 'gold' } }
    const after = await visit(house, { token: before.token, ...asUser(claims) })
    expect(after.token).not.toBe(before.token)
    expect([wordsOf(after), after.session.state.conversationId]).toEqual([['Who am I?'], conversationId])
    expect((await before.ask('GET', '/messages')).status).toBe(401)
    const { body } = await house.native.get(`/conversations/${nativeId('conv', conversationId)}`)
    const contact = await house.native.get(`/contacts/${body.contact.id}`)
    expect(contact.body).toMatchObject({ name: 'Mara', phone: '4790000120', extraFields: { plan: 'gold' } })
  })

  test('has their own conversation when they are known; the anonymous one stays where it is', async () => {
    const sub = newSub()
    const known = await visit(house, asUser({ sub }))
    await known.says('I was here')
    const own = (await visit(house, { token: known.token })).session.state.conversationId
    const anonymous = await visit(house)
    await anonymous.says('Me again')
    const other = (await visit(house, { token: anonymous.token })).session.state.conversationId
    const after = await visit(house, { token: anonymous.token, ...asUser({ sub }) })
    expect([wordsOf(after), after.session.state.conversationId]).toEqual([['I was here'], own])
    expect((await anonymous.ask('GET', '/messages')).status).toBe(401)
    const { body } = await house.native.get(`/conversations/${nativeId('conv', other)}/messages`)
    expect(body.items.map(({ text }: { text: string }) => text)).toContain('Me again')
  })

  test('sees nothing of whoever used the browser before, and gets a token of their own', async () => {
    const first = await visit(house, asUser({ sub: newSub(), name: 'First' }))
    await first.says('The secret of the first')
    const second = await visit(house, { token: first.token, ...asUser({ sub: newSub() }) })
    expect(second.token).not.toBe(first.token)
    expect(JSON.stringify(second.session)).not.toMatch(/secret|First/)
    expect(second.session.state.conversationId).toBe(null)
    expect((await first.ask('GET', '/messages')).status).toBe(401)
    await second.says('Hello')
    expect((await second.ask('GET', '/messages')).text).not.toContain('secret')
  })

  test('is told apart from what a visitor says of itself', async () => {
    const visitor = await visit(house, asUser({ sub: newSub(), name: 'Vouched', email: 'v@example.com' }))
    await visitor.says('Hello')
    const card = await visitor.ask('PUT', '/card', {
      name: 'Somebody',
      email: 'x@example.com',
      phone: '+4790000121',
    })
    expect(card.body).toMatchObject({ name: 'Vouched', email: 'v@example.com', phone: '4790000121' })
  })

  test('is one, however many browsers say so at once, with words of their own or without', async () => {
    for (const hasWords of [false, true]) {
      const sub = newSub()
      const browsers = await Promise.all(Array.from({ length: 6 }, () => visit(house)))
      if (hasWords) await Promise.all(browsers.map((browser) => browser.says('Before')))
      const all = await Promise.all(browsers.map(({ token }) => visit(house, { token, ...asUser({ sub }) })))
      await Promise.all(all.map((browser) => browser.says('After')))
      const states = await Promise.all(all.map(({ token }) => visit(house, { token })))
      expect(new Set(states.map(({ session }) => session.state.conversationId)).size).toBe(1)
      expect(states.map((state) => wordsOf(state).filter((word) => word === 'After'))).toEqual(
        states.map(() => Array.from({ length: 6 }, () => 'After')),
      )
      const rows = await house.sql(`select 1 from contact_identity where external_id = $1`, [`user:${sub}`])
      expect(rows).toHaveLength(1)
    }
  })
})

test('where an identity is required, nobody is let in without one, nor stays', async () => {
  const anonymous = await visit(house)
  await anonymous.says('Hello')
  const user = await visit(house, asUser({ sub: newSub() }))
  await setUp({ isIdentityRequired: true })
  const before = await everybody()
  for (const body of [
    {},
    { token: anonymous.token },
    { identity: { jwt: 'a.b.c' } },
    { identity: signedFields(key, { plan: 'gold' }) },
  ]) {
    const refused = await knock(house, body)
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
  }
  expect((await anonymous.ask('GET', '/messages')).status).toBe(401)
  expect((await anonymous.ask('POST', '/messages', { id: 'x', text: 'x' })).status).toBe(401)
  expect(await everybody()).toEqual(before)
  expect((await user.ask('GET', '/messages')).status).toBe(200)
  const welcome = await visit(house, { token: anonymous.token, ...asUser({ sub: newSub() }) })
  expect(wordsOf(welcome)).toEqual(['Hello'])
  await setUp({ isIdentityRequired: false })
})

test('a new key ends what the old one vouched for, and the token of the socket', async () => {
  const path = `/channels/${nativeId('ch', webchatOf(house).id)}/rotate`
  const sub = newSub()
  const old = key
  const anonymous = await visit(house)
  const user = await visit(house, asUser({ sub }))
  await user.says('Hello')
  const proven = await visit(house, { identity: signedFields(key, { plan: 'gold' }) })
  const { conversationId } = (await visit(house, { token: user.token })).session.state
  const socketToken = async () => {
    const { body } = await house.blingerWidget.post(`/conversation/${conversationId}/request-review`, {})
    return String(body.data.review.endUser.websocketToken)
  }
  const before = await socketToken()
  expect(await socketToken()).toBe(before)
  const rotated = await house.native.post(path, { what: 'secretKey' })
  expect(rotated.body.secretKey).not.toBe(old)
  expect((await user.ask('GET', '/messages')).status).toBe(401)
  expect((await proven.ask('GET', '/messages')).status).toBe(401)
  expect((await anonymous.ask('GET', '/messages')).status).toBe(200)
  expect((await visit(house, asUser({ sub }))).session.identityRefused).toEqual(expect.any(String))
  expect(await socketToken()).not.toBe(before)
  key = rotated.body.secretKey
  expect(wordsOf(await visit(house, asUser({ sub })))).toContain('Hello')
})
