import { assert, integer, property, string, uint8Array } from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { standardHeaders, standardNames } from './standard-webhooks.ts'

const secretOf = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`
const secrets = uint8Array({ minLength: 24, maxLength: 64 }).map(secretOf)
const now = () => Math.floor(Date.now() / 1000)

test('the reference library accepts whatever is signed, with either of two secrets', () => {
  assert(
    property(
      secrets,
      secrets,
      string({ unit: 'binary' }),
      integer({ min: 1 }),
      (one, other, text, number) => {
        const body = JSON.stringify({ text })
        const headers = standardHeaders({ id: `evt_${number}`, timestamp: now(), body }, [one, other])
        for (const secret of [one, other])
          expect(new Webhook(secret).verify(body, headers)).toEqual({ text: JSON.parse(body).text })
      },
    ),
    { numRuns: 50 },
  )
})

test('the example of the specification', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const delivery = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' }
  expect(standardHeaders(delivery, [secret])).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('nothing is signed without a secret, nor with one that could be guessed', () => {
  const delivery = { id: 'evt_1', timestamp: now(), body: '{}' }
  const unfit = [
    [],
    [''],
    ['whsec_'],
    [' '],
    [secretOf(new Uint8Array(23))],
    [Buffer.alloc(32).toString('base64')],
  ]
  for (const secrets of unfit) expect(() => standardHeaders(delivery, secrets)).toThrow(/not signed/)
  expect(() => standardHeaders(delivery, [secretOf(new Uint8Array(32)), ''])).toThrow(/not signed/)
})

test('an unsigned delivery has its id and time', () => {
  expect(standardNames({ id: 'evt_1', timestamp: 12 })).toEqual({
    'webhook-id': 'evt_1',
    'webhook-timestamp': '12',
  })
})
