import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { readSignedFields, readUserToken } from './visitor-claims.ts'

const SECRET = 'Rdr9ucDi19nixmpevci5EiOvlFVyXbCT'
const documented = [
  { name: 'your_custom_param_1', value: 123 },
  { name: 'your_custom_param_2', value: 'my value' },
  { name: 'your_custom_param_n', value: 999 },
]
const SIGN = 'ff127a29530759df7752f6ffab2a78fd'

test('the documented signature is believed, and no other', () => {
  expect(readSignedFields(documented, SIGN, SECRET)).toEqual({
    fields: { your_custom_param_1: 123, your_custom_param_2: 'my value', your_custom_param_n: 999 },
  })
  const others: Parameters<typeof readSignedFields>[] = [
    [documented.toReversed(), SIGN, SECRET],
    [documented.slice(1), SIGN, SECRET],
    [documented, SIGN.toUpperCase(), SECRET],
    [documented, SIGN.slice(1), SECRET],
    [documented, '', SECRET],
    [documented, SIGN, `${SECRET} `],
    [[...documented, { name: 'more', value: { nested: 1 } }], SIGN, SECRET],
    [[...documented, { name: 'your_custom_param_1', value: '' }], SIGN, SECRET],
    [[], 'd41d8cd98f00b204e9800998ecf8427e', ''],
  ]
  for (const given of others) expect(readSignedFields(...given)).toHaveProperty('refused')
})

test('truths and nulls are signed as the vendor writes them', () => {
  const given = [
    { name: 'a', value: true },
    { name: 'b', value: false },
    { name: 'c', value: null },
    { name: 'd', value: 1.5 },
  ]
  // md5('11.5key')
  expect(readSignedFields(given, '50d1111de565e35f76d6449f0e5175ac', 'key')).toEqual({
    fields: { a: true, b: false, c: null, d: 1.5 },
  })
})

const now = new Date('2026-11-21T12:00:00Z')
const inS = (seconds: number) => now.getTime() / 1000 + seconds
const b64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
function signed(
  payload: unknown,
  header: object = { alg: 'HS256', typ: 'JWT' },
  key = SECRET,
  hash = 'sha256',
) {
  const content = `${b64(header)}.${b64(payload)}`
  return `${content}.${createHmac(hash, key).update(content).digest('base64url')}`
}
const good = {
  sub: 'u-1',
  exp: inS(600),
  name: 'Ines',
  email: 'ines@example.com',
  fields: { plan: 'pro', seats: 3 },
}

test('a token of the site is believed', async () => {
  const { exp: _exp, ...user } = good
  expect(await readUserToken(signed(good), SECRET, now)).toEqual(user)
})

test.each([
  ['no signature', `${b64({ alg: 'none' })}.${b64(good)}.`],
  ['None with something', `${b64({ alg: 'None' })}.${b64(good)}.x`],
  ['another key', signed(good, undefined, 'another')],
  ['an empty key', signed(good, undefined, '')],
  ['another hash', signed(good, { alg: 'HS512' }, SECRET, 'sha512')],
  ['a header that lies', signed(good, { alg: 'HS512' })],
  ['a key of its own', signed(good, { alg: 'HS256', jwk: { kty: 'oct', k: b64('x') } }, 'x')],
  ['words that must be understood', signed(good, { alg: 'HS256', crit: ['b64'], b64: false })],
  ['no end', signed({ sub: 'u-1' })],
  ['an end in the past', signed({ ...good, exp: inS(-1) })],
  ['an end too far off', signed({ ...good, exp: inS(86_401) })],
  ['an end that is a text', signed({ ...good, exp: '9999999999' })],
  ['a beginning to come', signed({ ...good, nbf: inS(60) })],
  ['nobody', signed({ exp: inS(60) })],
  ['a blank name of a user', signed({ ...good, sub: ' ' })],
  ['a number for a user', signed({ ...good, sub: 7 })],
  ['a list for a user', signed({ ...good, sub: ['u-1'] })],
  ['what cannot be stored', signed({ ...good, sub: 'u\u0000' })],
  ['nested fields', signed({ ...good, fields: { a: { b: 1 } } })],
  ['a list of fields', signed({ ...good, fields: [1] })],
  ['an e-mail that is no text', signed({ ...good, email: { a: 1 } })],
  ['no JSON', signed('{')],
  ['two dots more', `${signed(good)}.x.y`],
  ['padding', `${signed(good)}=`],
  ['a space', ` ${signed(good)}`],
  ['nothing', ''],
])('a token with %s is not', async (_name, token) => {
  expect(await readUserToken(token, SECRET, now)).toHaveProperty('refused')
})
