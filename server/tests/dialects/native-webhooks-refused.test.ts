import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { databaseDigest } from '../probing.ts'
import { expectProblem } from './native-desk.ts'
import { AWAY, openNativeWebhooks, OWN_SECRET, type NativeWebhooks } from './native-webhook-desk.ts'

let desk: NativeWebhooks
let house: TestHouse

beforeAll(async () => {
  desk = await openNativeWebhooks()
  house = desk.house
})
afterAll(() => desk[Symbol.asyncDispose]())

const make = (more?: object) => desk.make(more)

describe('what is refused, by the name of the field', () => {
  const BAD: Record<string, unknown[]> = {
    url: [
      ...['', ' ', 'x', 'ftp://hooks.example/', 'http://93.184.216.34/', 'http://hooks.invalid/', 'https://'],
      ...[
        'https://127.0.0.1/',
        'https://[::1]/',
        'https://10.1.2.3/',
        'https://169.254.169.254/latest',
        'https://2130706433/',
      ],
      ...['https://93.184.216.34:22/', 'https://a:b@93.184.216.34/', 'javascript:alert(1)'],
      ...[`https://93.184.216.34/${'x'.repeat(8200)}`, null, 1, ['https://93.184.216.34/']],
    ],
    dialect: ['klingon', '', null, 'NATIVE'],
    events: [
      [],
      ['message.shouted'],
      ['webhook.test'],
      ['message.received', 'x'],
      [''],
      ['**'],
      [null],
      '*',
      null,
    ],
    headers: [
      ...[
        { Host: 'x' },
        { 'content-type': 'x' },
        { 'Content-Length': '1' },
        { 'transfer-encoding': 'chunked' },
      ],
      ...[
        { 'Webhook-Id': 'x' },
        { 'webhook-signature': 'v1,x' },
        { 'X-Linktor-Signature': 'x' },
        { Connection: 'x' },
      ],
      ...[{ 'user-agent': 'x' }, { 'a b': 'x' }, { '': 'x' }, { 'x\r\ny': 'x' }, { 'x:': 'y' }, { ä: 'x' }],
      ...[{ x: 'a\r\nb: c' }, { x: 'a\nb' }, { x: '\0' }, { x: '…' }, { x: '\u20ac' }, { x: 1 }, { x: null }],
      ...[
        { x: 'y'.repeat(4001) },
        { [`x${'y'.repeat(100)}`]: 'z' },
        { 'X-Key': 'a', 'x-key': 'b' },
        [],
        'x: y',
        null,
      ],
      Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`x-${index}`, 'y'])),
    ],
    signature: ['none', 'timestamped', 'body', 'sha256', '', null],
    timeoutSeconds: [0, 61, -1, 1.5, '10', 1e300],
    maxAttempts: [0, 11, -1, 1.5, '5', 2 ** 53],
    description: ['x'.repeat(2001), 1, 'a\0b', '\ud800'],
    isActive: ['true', 1, null],
    secret: [
      ...[
        '',
        'whsec_',
        'short',
        `whsec_${Buffer.alloc(23).toString('base64')}`,
        Buffer.alloc(32).toString('base64'),
      ],
      ...[
        `whsec_${Buffer.alloc(65).toString('base64')}`,
        `whsec_${'a'.repeat(33)}`,
        `whsec_${'-'.repeat(32)}`,
      ],
      ...[` ${OWN_SECRET}`, `${OWN_SECRET}\n`, OWN_SECRET.toUpperCase(), null, 1, 'x'.repeat(300)],
    ],
    id: ['wh_1'],
    accountId: ['x'],
    pause: [null],
    __proto__x: [1],
  }
  const cases = Object.entries(BAD).flatMap(([field, values]) => values.map((value) => ({ field, value })))

  test('at making, and nothing is written', async () => {
    const before = await databaseDigest(house)
    for (const { field, value } of cases) {
      const reply = await house.native.post('/webhooks', { url: AWAY, isActive: false, [field]: value })
      expectRefused(reply, field, value)
    }
    expect((await house.native.post('/webhooks', { isActive: false })).body.detail).toMatch(/url/)
    expect(await databaseDigest(house)).toBe(before)
    expect(cases.length).toBeGreaterThan(90)
  })

  test('at changing, and nothing is written', async () => {
    const { id } = await make()
    const before = await databaseDigest(house)
    for (const { field, value } of cases)
      expectRefused(await house.native.patch(`/webhooks/${id}`, { [field]: value }), field, value)
    // What it is stays.
    expectRefused(await house.native.patch(`/webhooks/${id}`, { dialect: 'pact' }), 'dialect', 'pact')
    expectRefused(await house.native.patch(`/webhooks/${id}`, { secret: OWN_SECRET }), 'secret', OWN_SECRET)
    expect(await databaseDigest(house)).toBe(before)
  })

  function expectRefused(reply: Reply, field: string, value: unknown): void {
    expect(reply.status, `${field} ${JSON.stringify(value)}: ${reply.text}`).toBe(400)
    expect(['invalid', 'missing']).toContain(reply.body.code)
    expect(reply.body.detail, JSON.stringify(value)).toContain(field)
  }

  test('an address without https is one that the owner of this server opened', async () => {
    const made = await make({ url: desk.sink.url() })
    expect(made.url).toBe(desk.sink.url())
    expectProblem(
      await house.native.post('/webhooks', { url: 'http://127.0.0.1:1/' }),
      400,
      'invalid',
      /^url/,
    )
  })
})
