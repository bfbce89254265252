import { findEndOfLog } from '../../application/live/look-at-log.ts'
import type { Payload, Telling } from '../../application/ports/webhook-dialect.ts'
import type { KeyedWebhook, Letter } from '../../application/ports/webhooks.ts'
import { readTellings } from '../../application/webhooks/read-tellings.ts'
import { lettersOf } from '../../delivery/webhooks/letters.ts'
import { createPost } from '../../delivery/webhooks/post.ts'
import { createSender } from '../../delivery/webhooks/sender.ts'
import type { Place } from '../../domain/event-log.ts'
import {
  EVERY_EVENT,
  hintOf,
  isFitSecret,
  newSecret,
  WEBHOOK_DIALECTS,
  type Webhook,
  type WebhookDialect,
} from '../../domain/webhook.ts'
import { idFrom } from '../../platform/ids.ts'
import { createKeptFetch } from '../../platform/safe-fetch/safe-fetch.ts'
import { ids } from '../secrets.ts'
import { SPEECHES } from '../webhook-speeches.ts'
import { wordIn } from './arguments.ts'
import { ACCOUNT, UsageError, type Command, type Desk, type Given } from './command.ts'

const MOST_AT_ONCE = 100
/** Nobody announces what an older transaction held back. */
const WAIT_MS = 5000

/** Prints what webhooks would be told, as it happens, and can hand it to a program on this machine. Nothing is stored. */
export const listen: Command = {
  summary: 'print what webhooks are told, as it happens, and hand it to a program here',
  options: [
    ACCOUNT,
    {
      name: 'dialect',
      value: 'NAME',
      help: `in whose words: ${WEBHOOK_DIALECTS.join(', ')}; native by default`,
    },
    { name: 'events', value: 'LIST', help: 'such as message.received,message.queued; all by default' },
    { name: 'forward', value: 'URL', help: 'POST each to this address, such as http://127.0.0.1:4000/hook' },
    { name: 'secret', value: 'SECRET', help: 'whsec_… to sign them with; a new one by default' },
  ],
  run: async (desk, given) => {
    const listener = createListener(desk, given)
    const { tools, actor } = await desk.account()
    let after: Place = await tools.ask(findEndOfLog, actor, null)
    listener.begin()
    while (!desk.until.aborted) {
      using watch = tools.liveFeed.watch(actor.accountId, { waitMs: WAIT_MS, signal: desk.until })
      const read = await tools.ask(readTellings, actor, {
        after,
        limit: MOST_AT_ONCE,
        origin: listener.origin,
      })
      for (const telling of read.tellings) await listener.tell(telling)
      after = read.place
      if (!read.hasMore) await watch.next(read.isHeldBack)
    }
    return { data: undefined, lines: [] }
  },
}

interface Listener {
  origin: string
  begin(): void
  tell(telling: Telling): Promise<void>
}

function createListener(desk: Desk, given: Given): Listener {
  const dialect = wordIn(given, 'dialect', WEBHOOK_DIALECTS) ?? 'native'
  const forward = forwardIn(given)
  const secret = secretIn(given)
  const webhook = imagine({ dialect, url: forward ?? '', events: eventsIn(given, dialect), secret })
  const attempt = forward === null ? null : createForwarding(forward, { webhook, secrets: [secret] })
  const isForPrograms = given.isOn('json')
  const show = (data: object, line: string) => desk.say(isForPrograms ? JSON.stringify(data) : line)
  return {
    origin: `http://127.0.0.1:${process.env.PORT ?? 3000}`,
    begin: () => {
      const from = forward === null ? '' : `, handed to ${forward} and signed with ${secret}`
      show({ dialect, forward, secret }, `Listening in ${dialect}${from}. Ctrl-C stops it.`)
    },
    tell: async (telling) => {
      const speech = SPEECHES[dialect]
      for (const letter of lettersOf(telling, { webhook, speech, deliveryId: (_id, key) => idFrom(key) })) {
        const answered = await attempt?.(letter)
        const came = answered && (answered.error ?? `${answered.status}`)
        const data = {
          id: letter.eventKey,
          event: letter.event,
          body: JSON.parse(letter.body) as Payload['body'],
        }
        const head = `${telling.recorded.occurredAt.toISOString()}  ${letter.eventKey}  ${letter.event}`
        show(
          { ...data, ...(answered && { status: answered.status, error: answered.error }) },
          `${head}${came ? `  → ${came} in ${answered.latencyMs} ms` : ''}\n  ${letter.body}`,
        )
      }
    },
  }
}

function forwardIn(given: Given): string | null {
  const text = given.text('forward')
  if (text === undefined) return null
  const url = URL.parse(text)
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.href
  throw new UsageError('--forward must be an address such as http://127.0.0.1:4000/hook')
}

function secretIn(given: Given): string {
  const text = given.text('secret')
  if (text === undefined) return newSecret(ids)
  if (isFitSecret(text)) return text
  throw new UsageError('--secret must be whsec_ and 24 to 64 bytes in base64')
}

function eventsIn(given: Given, dialect: WebhookDialect): string[] {
  const known = SPEECHES[dialect].events
  const wanted = given
    .text('events')
    ?.split(',')
    .map((word) => word.trim()) ?? [EVERY_EVENT]
  const unknown = wanted.filter((word) => word !== EVERY_EVENT && !known.includes(word))
  if (unknown.length > 0)
    throw new UsageError(`--events: there is no ${unknown.join(', ')}, only ${known.join(', ')}`)
  return wanted
}

/** A webhook that is nowhere stored. */
function imagine(wish: Pick<Webhook, 'dialect' | 'url' | 'events'> & { secret: string }): Webhook {
  const { secret, ...given } = wish
  const [now, id] = [new Date(), ids.next()]
  return {
    ...{ ...given, id, number: 0, accountId: '', description: null, headers: {} },
    signature: SPEECHES[wish.dialect].signatures.find((name) => name !== 'none') ?? 'none',
    ...{ timeoutMs: null, maxAttempts: 1, secretHint: hintOf(secret), isActive: true, pause: null },
    ...{ failingSince: null, createdAt: now, updatedAt: now },
  }
}

/** Whoever sits at the command line says where to: that place is open, and no other. */
function createForwarding(forward: string, keyed: KeyedWebhook) {
  const { hostname, port, protocol } = new URL(forward)
  const place = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`
  const { fetch } = createKeptFetch({ allow: [place] })
  const attempt = createSender({ speeches: SPEECHES, post: createPost(fetch), clock: () => new Date() })
  return (letter: Letter) => attempt(keyed, letter)
}
