import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { beforeAll, expect, test } from 'vitest'
import { nativeSpeech } from '../../src/dialects/native/webhook-speech.ts'
import type { Payload } from '../../src/application/ports/webhook-dialect.ts'
import { openHouse } from '../house.ts'
import { doEverything } from './everything.ts'
import { tellingsOf } from './tellings.ts'

const [SECRET, PREVIOUS] = [7, 8].map(
  (seed) => `whsec_${Buffer.alloc(32, `secret ${seed}`).toString('base64')}`,
) as [string, string]

/** What arrives. */
interface Arrived {
  headers: Record<string, string>
  body: string
}

const now = () => Math.floor(Date.now() / 1000)

function deliver(
  { event, body }: Payload,
  {
    secrets = [SECRET],
    timestamp = now(),
    eventKey = 'evt_42',
  }: {
    secrets?: string[]
    timestamp?: number
    eventKey?: string
  } = {},
): Arrived {
  const text = JSON.stringify(body)
  const signing = { signature: 'standard' as const, secrets, timestamp, deliveryId: 'x', eventKey, event }
  return { body: text, headers: nativeSpeech.sign({ ...signing, body: text }) }
}

const accepts = ({ headers, body }: Arrived, secret = SECRET) => {
  try {
    new Webhook(secret).verify(body, headers)
    return true
  } catch (error) {
    // Refused for what it is, not because the library stumbled over it.
    if (!(error instanceof WebhookVerificationError)) throw error
    return false
  }
}

let payloads: Payload[]
beforeAll(async () => {
  await using house = await openHouse()
  await doEverything(house)
  payloads = (await tellingsOf(house)).flatMap((telling) => nativeSpeech.render(telling))
})

test('the reference library accepts every delivery, and reads what was told', () => {
  expect(payloads.length).toBeGreaterThan(80)
  for (const [index, payload] of payloads.entries()) {
    const one = deliver(payload, { eventKey: `evt_${index + 1}` })
    expect(new Webhook(SECRET).verify(one.body, one.headers)).toEqual(JSON.parse(one.body))
    expect(Object.keys(one.headers)).toEqual(['webhook-id', 'webhook-timestamp', 'webhook-signature'])
    const two = deliver(payload, { secrets: [SECRET, PREVIOUS] })
    expect([SECRET, PREVIOUS].map((secret) => accepts(two, secret))).toEqual([true, true])
    expect(accepts(deliver(payload, { secrets: [PREVIOUS] }))).toBe(false)
  }
})

/** A text with one character of it replaced, at `count` places all over it. */
function replaced(text: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const at = Math.floor((index * text.length) / count)
    const other = text[at] === 'x' ? 'y' : 'x'
    return text.slice(0, at) + other + text.slice(at + 1)
  })
}

/** The same with the first letter of the other case, from some place on. */
function recased(text: string, from: number): string {
  const at = from + text.slice(from).search(/[a-z]/i)
  const letter = text[at] ?? ''
  const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
  return text.slice(0, at) + other + text.slice(at + 1)
}

function* bodies({ body }: Arrived): Generator<string> {
  yield* replaced(body, 16)
  for (const part of [0.1, 0.5, 0.9]) yield recased(body, Math.floor(body.length * part))
  yield* [`${body} `, ` ${body}`, `${body}\n`, `\ufeff${body}`, body.slice(0, -1), body.slice(1), '{}', '']
  yield* [JSON.stringify(JSON.parse(body), null, 2), body.replace(':', ': '), body.replace(',', ', ')]
  const { id, ...rest } = JSON.parse(body)
  yield* [JSON.stringify({ ...rest, id }), JSON.stringify({ id, ...rest, more: 1 })]
}

function* headers(arrived: Arrived): Generator<Record<string, string>> {
  const {
    'webhook-id': id = '',
    'webhook-timestamp': time = '',
    'webhook-signature': signature = '',
  } = arrived.headers
  const { body } = arrived
  const ids = [
    ...replaced(id, 4),
    recased(id, 0),
    `${id} `,
    ` ${id}`,
    `${id}_1`,
    id.slice(0, -1),
    `${id}.${time}`,
    '',
  ]
  for (const other of ids) yield { ...arrived.headers, 'webhook-id': other }
  const seconds = Number(time)
  const times = [
    seconds + 1,
    seconds - 1,
    seconds + 301,
    seconds - 301,
    seconds * 1000,
    -seconds,
    0,
    'NaN',
    'now',
    '',
  ]
  for (const other of times) yield { ...arrived.headers, 'webhook-timestamp': String(other) }
  // Each signature alike: with two secrets the other one would do.
  const alter = (how: (bare: string) => string) =>
    signature
      .split(' ')
      .map((one) => how(one.slice('v1,'.length)))
      .join(' ')
  for (const how of forgeries(`${id}.${time}.${body}`))
    yield { ...arrived.headers, 'webhook-signature': alter(how) }
  for (const name of Object.keys(arrived.headers)) {
    const { [name]: value = '', ...rest } = arrived.headers
    yield rest
    yield { ...rest, [name.replace('webhook', 'x-webhook')]: value }
  }
}

/** What may come in place of a signature, `v1,` and its base64. */
function forgeries(signed: string): ((bare: string) => string)[] {
  return [
    ...Array.from({ length: 8 }, (_, index) => (bare: string) => `v1,${replaced(bare, 8)[index]}`),
    ...[0, 10, 20].map((from) => (bare: string) => `v1,${recased(bare, from)}`),
    ...[
      (bare: string) => `v1,${bare.slice(0, -1)}`,
      (bare: string) => `v1,${bare}=`,
      (bare: string) => `v1,x${bare}`,
    ],
    ...[' ', ', ', '=', ',,', ':', ';'].map((between) => (bare: string) => `v1${between}${bare}`),
    ...['V1,', 'v2,', 'v1a,', ' v1 ,', '"v1,', ''].map((before) => (bare: string) => before + bare),
    ...[() => 'v1,', () => '', () => `v1,${Buffer.from(signed).toString('base64')}`],
    ...(['hex', 'latin1'] as const).map((form) => (bare: string) => {
      return `v1,${Buffer.from(bare, 'base64').toString(form)}`
    }),
  ]
}

/** Secrets that are nearly the right one. The last character of all has bits that mean nothing. */
function* secrets(alive: string[]): Generator<string> {
  const bare = SECRET.slice('whsec_'.length)
  for (const other of replaced(bare.slice(0, -3), 6)) yield `whsec_${other}${bare.slice(-3)}`
  if (!alive.includes(PREVIOUS)) yield PREVIOUS
  yield* [`whsec_${recased(bare, 0)}`, `whsec_${bare.slice(0, -4)}`, `whsec_AAAA${bare}`]
}

test('it refuses whatever is not just as it was sent: single mutations of body, headers and secret', () => {
  const types = ['message.received', 'conversation.assigned', 'contact.updated', 'webhook.created']
  for (const type of types) {
    const payload = payloads.find(({ event }) => event === type)
    if (!payload) throw new Error(`Nothing told ${type}.`)
    for (const alive of [[SECRET], [SECRET, PREVIOUS]]) {
      const arrived = deliver(payload, { secrets: alive })
      expect(accepts(arrived), 'as it was sent').toBe(true)
      const mutants: [what: string, isAccepted: boolean][] = [
        ...[...bodies(arrived)].map((body): [string, boolean] => [
          `body ${body}`,
          accepts({ ...arrived, body }),
        ]),
        ...[...headers(arrived)].map((other): [string, boolean] => [
          JSON.stringify(other),
          accepts({ ...arrived, headers: other }),
        ]),
        ...[...secrets(alive)].map((secret): [string, boolean] => [
          `secret ${secret}`,
          accepts(arrived, secret),
        ]),
      ]
      expect(new Set(mutants.map(([what]) => what)).size).toBe(mutants.length)
      expect(mutants.length).toBeGreaterThanOrEqual(60)
      expect(mutants.filter(([, isAccepted]) => isAccepted).map(([what]) => what)).toEqual([])
    }
  }
})

test('it refuses what is too old or from times to come, however well it is signed', () => {
  const [payload] = payloads
  if (!payload) throw new Error('Nothing was told.')
  for (const seconds of [-301, -3600, 302, 3600])
    expect(accepts(deliver(payload, { timestamp: now() + seconds }))).toBe(false)
})
