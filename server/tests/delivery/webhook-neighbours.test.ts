// Endpoints that hang, drip, never end or send us elsewhere: what they cost is theirs alone.
import { expect, test, vi } from 'vitest'
import { openWebhookDesk, wordsOf } from './webhook-desk.ts'
import type { Behave } from './webhook-sink.ts'

const SAID = { events: ['message.queued'] }

test('an endpoint that hangs holds up nobody else, and its own conversations one by one', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say } = desk
  const good = ['/good-1', '/good-2', '/good-3']
  for (const path of [...good, '/hangs']) await subscribe({ ...SAID, url: sink.url(path) })
  const of = (path: string) => sink.received.filter((one) => one.path === path)
  const waiting: (() => void)[] = []
  sink.behave(({ path }, response) => {
    const answer = () => void response.writeHead(200).end()
    if (path === '/hangs') waiting.push(answer)
    else answer()
  })
  for (const at of [0, 1]) for (const text of ['one', 'two', 'three']) await say(text, at)
  const settled = house.settle()
  // The others are told everything while it has answered nothing.
  await vi.waitFor(() => expect(good.map((path) => of(path).length)).toEqual([6, 6, 6]), { timeout: 30_000 })
  await vi.waitFor(() => expect(of('/hangs')).toHaveLength(2), { timeout: 30_000 })
  expect(wordsOf(of('/hangs'))).toEqual(['one', 'one'])
  for (let answered = 0; answered < 6; answered += 1) {
    await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0), { timeout: 30_000 })
    waiting.shift()?.()
  }
  await settled
  for (const path of [...good, '/hangs'])
    for (const at of [0, 1]) {
      const conversation = house.fixture.conversations[at]?.id.replaceAll('-', '')
      const told = of(path).filter(({ body }) => body.conversationId === `conv_${conversation}`)
      expect(wordsOf(told), path).toEqual(['one', 'two', 'three'])
    }
})

test('answers are read to a bound, in a bounded time, and redirects are not followed', async () => {
  await using desk = await openWebhookDesk()
  const { house, sink, subscribe, say, deliveries } = desk
  let written = 0
  const behaviours: Record<string, Behave> = {
    '/endless': (_received, response) => {
      response.writeHead(200)
      const chunk = Buffer.alloc(65_536, 'x')
      const more = () => {
        if (response.destroyed) return
        written += chunk.length
        if (response.write(chunk)) setImmediate(more)
        else response.once('drain', more)
      }
      more()
    },
    '/drips': (_received, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write('.'), 20)
      response.once('close', () => clearInterval(timer))
    },
    '/silent': () => undefined,
    '/elsewhere': (_received, response) =>
      void response.writeHead(302, { location: sink.url('/target') }).end(),
    '/binary': (_received, response) => void response.writeHead(200).end(Buffer.from([0, 255, 0, 200, 65])),
  }
  sink.behave((received, response) => behaviours[received.path]?.(received, response))
  const made: Record<string, string> = {}
  for (const path of Object.keys(behaviours)) {
    const timeoutSeconds = path === '/silent' ? 2 : 60
    made[path] = (await subscribe({ ...SAID, url: sink.url(path), timeoutSeconds, maxAttempts: 1 })).id
  }
  await say('hello')
  await house.settle()
  const became = async (path: string) => {
    const [delivery] = await deliveries(made[path] ?? '')
    const full = await house.native.get(`/webhooks/${made[path]}/deliveries/${delivery?.['id'] as string}`)
    const [attempt] = full.body.attempts
    return { status: delivery?.['status'], error: attempt.error, answer: attempt.response?.body as string }
  }
  expect(await became('/endless')).toMatchObject({ status: 'succeeded' })
  expect((await became('/endless')).answer).toHaveLength(2000)
  // What the sockets' buffers took on the way counts too.
  expect(written).toBeLessThan(16 * 1024 * 1024)
  expect(await became('/drips')).toMatchObject({ status: 'succeeded' })
  expect(await became('/silent')).toMatchObject({ status: 'failed', error: 'The server took too long' })
  expect(await became('/elsewhere')).toMatchObject({ status: 'failed', error: 'The endpoint answered 302' })
  expect(await became('/binary')).toMatchObject({ status: 'succeeded', answer: '\ufffd\ufffdA' })
  expect(sink.received.map(({ path }) => path)).not.toContain('/target')
})
