import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { SECRET } from '../compose.ts'
import {
  answerWith,
  openWebhookDesk,
  wordsOf,
  type Made,
  type WebhookDesk,
} from '../delivery/webhook-desk.ts'
import { nativeId } from '../dialects/native-desk.ts'
import { done, inside, launch, parley } from './program.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'parley-commands-'))
let desk: WebhookDesk
/** The database of the house that runs, as `DATABASE_URL` names it. */
let env: Record<string, string>
beforeAll(async () => {
  desk = await openWebhookDesk()
  const { databaseUrl } = desk.house
  env = { DATABASE_URL: databaseUrl, PARLEY_SECRET: SECRET, PARLEY_DATA_DIR: dataDir }
})
afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  rmSync(dataDir, { recursive: true, force: true })
})

const ours = () => ['--account', String(desk.house.account.number)]
const act = async (words: string, ...more: string[]) => {
  const ran = await inside([...words.split(' '), ...ours(), ...more, '--json'], env)
  expect(ran, ran.stderr).toMatchObject({ code: 0 })
  return ran
}
/** Its own id, as the command line has it. */
const idOf = ({ id }: Made) => id.replace(/^wh_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
const SAID = { events: ['message.queued'] }

describe('what is told', () => {
  test('is listed with its lag, its rate and what stopped it; told again; and resumed', async () => {
    const { house, sink, subscribe, say } = desk
    const hook = await subscribe({ ...SAID, url: sink.url('/hook?key=of-theirs'), maxAttempts: 1 })
    const gone = await subscribe({ ...SAID, url: sink.url('/gone') })
    const pact = await subscribe({ dialect: 'pact', isActive: false })
    sink.behave(({ path, body }, response) => {
      const status = path === '/gone' ? 410 : body.message.text === 'bad' ? 500 : 200
      void response.writeHead(status).end()
    })
    for (const text of ['good', 'bad', 'fine']) await say(text)
    await house.settle()
    await say('not told yet')

    const { json } = await act('webhooks list')
    expect((await act('webhooks')).json).toHaveLength(json.length)
    // The house has some of its own, made before.
    const [first, second, third] = json.slice(-3)
    expect([first, second, third].map(({ id }) => id)).toEqual([hook, gone, pact].map(idOf))
    expect(first).toMatchObject({
      ...{ dialect: 'native', isActive: true, pause: null, failed: 1, succeeded: 2, pending: 0 },
      successRate: 2 / 3,
    })
    expect(first.lagSeconds).toBeGreaterThanOrEqual(0)
    expect(second).toMatchObject({ isActive: false, pause: 'gone', failed: 1, successRate: 0, lagSeconds: 0 })
    expect(third).toMatchObject({ dialect: 'pact', isActive: false, pause: null, successRate: null })
    const shown = (await inside(['webhooks', 'list', ...ours()], env)).stdout.trimEnd().split('\n')
    expect(shown[0]).toMatch(/^id +dialect +url +state +lag +to repeat +failed +succeeded$/)
    const [one, two, three] = shown.slice(-3)
    expect(one).toMatch(new RegExp(`^${idOf(hook)} +native +\\S+ +active +[\\d.]+ s +0 +1 +66.7 %$`))
    expect(two).toMatch(/ paused: it answered 410 +0.0 s +0 +1 +0.0 %$/)
    expect(three).toMatch(/ off +0.0 s +0 +0\b/)
    for (const { secret } of [hook, gone, pact]) expect(shown.join()).not.toContain(secret)

    const again = async (...words: string[]) => {
      const { json: said } = await act('webhooks replay', '--webhook', idOf(hook), ...words)
      expect(said).toEqual({ id: idOf(hook), count: expect.any(Number) })
      return said.count as number
    }
    await house.settle()
    // The command line has the machine's clock, and the house its own.
    house.clock.advance(Date.now() - house.clock.now().getTime())
    const settle = async () => {
      house.clock.advance(60_000)
      await house.settle()
    }
    sink.behave(answerWith(200))
    const before = sink.received.length
    expect(await again('--failed')).toBe(1)
    await settle()
    expect(wordsOf(sink.received.slice(before))).toEqual(['bad'])
    expect(await again('--failed')).toBe(0)
    expect(await again('--from', '2001-01-01', '--until', '2001-01-02T00:00:00Z')).toBe(0)
    expect(await again('--from', '2001-01-01', '--until', '2099-01-01')).toBe(4)
    await settle()
    expect(wordsOf(sink.received.slice(before + 1)).toSorted()).toEqual(
      ['bad', 'fine', 'good', 'not told yet'].toSorted(),
    )

    const resumed = await act('webhooks resume', '--webhook', idOf(gone))
    expect(resumed.json).toEqual({ id: idOf(gone), isActive: true })
    const { body } = await house.native.get(`/webhooks/${gone.id}`)
    expect(body).toMatchObject({ isActive: true, pause: null })
    for (const { id } of [hook, gone, pact]) await house.native.delete(`/webhooks/${id}`)
    expect((await act('webhooks list')).json).toHaveLength(json.length - 3)
  })

  test.each([
    ['frob', 'webhooks frob: try list, replay, resume, listen'],
    ['list --all', '--all'],
    ['replay', '--webhook must be given'],
    ['replay --webhook 7 --failed', '--webhook must be an id'],
    ['replay --webhook ID', 'say --failed, or --from and --until'],
    ['replay --webhook ID --from 2030-01-31', 'say --failed, or --from and --until'],
    ['replay --webhook ID --from soon --until 2030-01-31', '--from must be a time'],
    ['replay --webhook ID --failed --until 31.01.2030', '--until must be a time'],
    ['resume', '--webhook must be given'],
    ['resume --webhook x', '--webhook must be'],
    ['listen --dialect klingon', '--dialect must be one of native, blinger, pact, linktor'],
    ['listen --events message.received,message.frob', 'there is no message.frob, only '],
    ['listen --dialect pact --events message.received', 'there is no message.received, only '],
    ['listen --forward ftp://127.0.0.1/', '--forward must be an address'],
    ['listen --forward nowhere', '--forward must be an address'],
    ['listen --secret guess', '--secret must be whsec_'],
  ])('webhooks %s cannot be meant', async (words, told) => {
    const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing', PARLEY_DATA_DIR: dataDir }
    const said = words.replace('ID', '01234567-0123-7123-8123-0123456789ab')
    const ran = await inside(['webhooks', ...said.split(' ')], nowhere)
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toContain(told)
    expect(ran.stderr).toMatch(/^parley: .+\n$/)
  })

  test('one that is nowhere is not told again', async () => {
    const nobody = ['--webhook', '01234567-0123-7123-8123-0123456789ab']
    for (const words of [
      ['replay', ...nobody, '--failed'],
      ['resume', ...nobody],
    ])
      expect(await inside(['webhooks', ...words, ...ours()], env)).toMatchObject({ code: 1, stdout: '' })
    const ran = await parley(['webhooks', 'replay', ...ours(), ...nobody], env)
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--failed') })
    expect((await done(['webhooks', ...ours()], env)).stdout).toMatch(/^id +dialect/)
  })
})

describe('listening', () => {
  test('prints what is asked for as it happens, and hands it over signed', async () => {
    const { house, sink, say } = desk
    const stored = async () =>
      house.sql('select (select count(*) from webhook), (select count(*) from webhook_delivery)')
    const kept = await stored()
    sink.behave(
      ({ body }, response) => void response.writeHead(body.message.text === 'bad' ? 500 : 204).end(),
    )
    const before = sink.received.length
    await say('too early')
    const words = ['--events', 'message.queued', '--forward', sink.url('/here'), '--json']
    await using listening = launch(['webhooks', 'listen', ...ours(), ...words], env)
    const begun = JSON.parse(await listening.line(0)) as { secret: string }
    expect(begun).toEqual({
      ...{ dialect: 'native', forward: sink.url('/here') },
      secret: expect.stringMatching(/^whsec_/),
    })
    for (const text of ['one', 'bad']) await say(text)
    const told = [await listening.line(1), await listening.line(2)].map((line) => JSON.parse(line))
    expect(told).toMatchObject([
      { id: expect.stringMatching(/^evt_\d+$/), event: 'message.queued', status: 204, error: null },
      { event: 'message.queued', status: 500, error: 'The endpoint answered 500' },
    ])
    const received = sink.received.slice(before)
    expect(received.map(({ path }) => path)).toEqual(['/here', '/here'])
    expect(received.map(({ body }) => body)).toEqual(told.map(({ body }) => body))
    expect(wordsOf(received)).toEqual(['one', 'bad'])
    const verifier = new StandardWebhook(begun.secret)
    for (const { text, headers } of received)
      expect(verifier.verify(text, headers as Record<string, string>)).toMatchObject({
        type: 'message.queued',
      })
    expect(await listening.interrupt()).toEqual({ code: 0, stderr: '' })
    expect(listening.lines()).toHaveLength(3)
    expect(await stored()).toEqual(kept)
  })

  test('speaks to people, in the words of another dialect', async () => {
    const { say } = desk
    await using listening = launch(
      ['webhooks', 'listen', ...ours(), '--dialect', 'blinger', '--events', 'on_outgoing_message'],
      env,
    )
    expect(await listening.line(0)).toBe('Listening in blinger. Ctrl-C stops it.')
    await say('to whom it may concern')
    expect(await listening.line(1)).toMatch(/^\d{4}-\S+Z {2}evt_\d+ {2}on_outgoing_message$/)
    const body = JSON.parse(await listening.line(2)) as Record<string, unknown>
    expect(body).toMatchObject({ webhook: 'on_outgoing_message' })
    expect(JSON.stringify(body)).toContain('to whom it may concern')
    expect(await listening.interrupt()).toEqual({ code: 0, stderr: '' })
  })

  test('a secret of one’s own signs, in the dialect’s way', async () => {
    const { house, sink } = desk
    sink.behave(answerWith(200))
    const before = sink.received.length
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    const words = ['--dialect', 'pact', '--forward', sink.url('/own'), '--secret', secret]
    await using listening = launch(['webhooks', 'listen', ...ours(), ...words], env)
    expect(await listening.line(0)).toContain(secret)
    const channel = house.fixture.channels.find(({ kind }) => kind === 'whatsapp')
    const said = { channelId: nativeId('ch', channel?.id), from: '4790011122', text: 'Hello' }
    expect((await house.native.post('/sandbox/messages', said)).status).toBe(201)
    await vi.waitFor(() => expect(sink.received.length).toBeGreaterThan(before), 20_000)
    const { text, headers } = sink.received[before]!
    expect(new StandardWebhook(secret).verify(text, headers as Record<string, string>)).toBeTypeOf('object')
    expect(await listening.line(1)).toMatch(/ {2}→ 200 in \d+ ms$/)
    expect(await listening.interrupt()).toEqual({ code: 0, stderr: '' })
  })
})
