import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { SECRET } from '../compose.ts'
import { done, inside, parley } from './program.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'parley-commands-'))
let house: TestHouse
/** The database of the house that runs, as `DATABASE_URL` names it. */
let env: Record<string, string>
beforeAll(async () => {
  house = await openHouse()
  env = { DATABASE_URL: house.databaseUrl, PARLEY_SECRET: SECRET, PARLEY_DATA_DIR: dataDir }
})
afterAll(async () => {
  await house[Symbol.asyncDispose]()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Another process has changed something; the house looks again within a second, or now. */
const later = () => house.composed.forget()
const ours = () => ['--account', String(house.account.number)]
/** Done by a process of its own, as at a terminal. */
const run = (words: string, ...more: string[]) => done([...words.split(' '), ...more, '--json'], env)
/** Done without one: what the words mean is the same. */
const act = async (words: string, ...more: string[]) => {
  const ran = await inside([...words.split(' '), ...more, '--json'], env)
  expect(ran, ran.stderr).toMatchObject({ code: 0 })
  return ran
}

describe('accounts', () => {
  test('one made at the command line is one like any other, and its secrets are shown once', async () => {
    const { json, stdout } = await run(
      'account create',
      '--name',
      'Corner',
      '--owner-email',
      'Kim@Corner.example',
    )
    expect(json).toMatchObject({
      ...{ name: 'Corner', id: expect.any(String), number: expect.any(Number) },
      owner: { email: 'kim@corner.example', name: 'Kim', password: expect.stringMatching(/^[\w-]{20}$/) },
    })
    const account = ['--account', json.id]
    const token = (await run('token create', ...account, '--kind', 'native', '--name', 'first')).json
    const read = await house.request({
      method: 'GET',
      url: '/parley/v1/account',
      headers: { authorization: `Bearer ${token.secret}` },
    })
    expect(read.body).toMatchObject({ name: 'Corner', number: json.number })
    for (const words of ['account list', 'token list']) {
      const told = await act(words, ...(words === 'account list' ? [] : account))
      for (const secret of [json.owner.password, token.secret]) expect(told.stdout).not.toContain(secret)
    }
    expect(stdout).not.toContain('\n\n')
  })

  test('a password from the input is used, and not shown again', async () => {
    const words = [
      'account',
      'create',
      '--name',
      'Quay',
      '--owner-email',
      'lea@quay.example',
      '--owner-name',
      'Lea',
    ]
    const ran = await done([...words, '--owner-password-stdin', '--json'], env, 'a good password\nmore\n')
    expect(ran.json.owner).toEqual({
      ...{ id: expect.any(String), number: expect.any(Number), email: 'lea@quay.example', name: 'Lea' },
    })
    expect(ran.stdout).not.toContain('a good password')
    const signedIn = await house.request({
      method: 'POST',
      url: '/parley/v1/auth/sign-in',
      payload: { email: 'lea@quay.example', password: 'a good password' },
    })
    expect(signedIn.status, signedIn.text).toBe(200)
    const short = await parley([...words, '--owner-password-stdin'], env, 'short\n')
    expect(short).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('Password is shorter'),
    })
    const again = await parley([...words, '--owner-password-stdin'], env, 'a good password\n')
    expect(again).toMatchObject({ code: 1, stdout: '' })
    expect(again.stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  test('listed and shown, to people too', async () => {
    const { json } = await act('account list')
    expect(json).toContainEqual(
      expect.objectContaining({ number: house.account.number, name: 'Harbour Books' }),
    )
    const { stdout } = await done(['account', 'list'], env)
    expect(stdout).toMatch(/^number +name +id\n/)
    expect((await act('account show', ...ours())).json).toMatchObject({ id: house.account.id })
    expect((await inside(['account', 'show', ...ours()], env)).stdout).toMatch(/^name +Harbour Books$/m)
  })
})

describe('operators', () => {
  test('made, listed, disabled and let in again', async () => {
    const words = ['--email', 'vera@harbour.example', '--name', 'Vera', '--role', 'admin']
    const made = (await act('operator create', ...ours(), ...words)).json
    expect(made).toMatchObject({ name: 'Vera', role: 'admin', password: expect.any(String) })
    expect((await act('operator list', ...ours())).json).toContainEqual(
      expect.objectContaining({ id: made.id, isActive: true }),
    )
    const token = await act(
      'token create',
      ...ours(),
      '--kind',
      'native',
      '--name',
      'v',
      '--operator',
      made.id,
    )
    const headers = { authorization: `Bearer ${token.json.secret}` }
    const knock = async () =>
      (await house.request({ method: 'GET', url: '/parley/v1/account', headers })).status
    expect(await knock()).toBe(200)
    await act('operator disable', ...ours(), '--operator', String(made.number))
    later()
    expect(await knock()).toBe(401)
    await act('operator enable', ...ours(), '--operator', made.id)
    later()
    expect(await knock()).toBe(200)
    const owner = await inside(
      ['operator', 'disable', ...ours(), '--operator', house.account.operators[0]?.id ?? ''],
      env,
    )
    expect(owner).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('owner') })
  })
})

describe('tokens', () => {
  test('made with what is asked for, listed, revoked', async () => {
    const made = (
      await act(
        ...(['token create', ...ours(), '--kind', 'linktor', '--name', 'CRM', '--rate-limit', '60'] as const),
        ...['--permissions', 'channel.read, message.write', '--expires', '2036-01-31T00:00:00Z'],
      )
    ).json
    expect(made).toMatchObject({
      ...{ kind: 'linktor', name: 'CRM', permissions: ['channel.read', 'message.write'], rateLimit: 60 },
      ...{ expiresAt: '2036-01-31T00:00:00.000Z', secret: expect.stringMatching(/^[\w-]{64}$/) },
    })
    const headers = { authorization: `Bearer ${made.secret}` }
    const knock = async () => (await house.request({ method: 'GET', url: '/v1/channels', headers })).status
    expect(await knock()).toBe(200)
    expect((await act('token list', ...ours(), '--kind', 'linktor')).json).toContainEqual(
      expect.objectContaining({ id: made.id }),
    )
    await act('token revoke', ...ours(), '--token', made.id)
    later()
    expect(await knock()).toBe(401)
    const again = await inside(['token', 'revoke', ...ours(), '--token', made.id], env)
    expect(again).toMatchObject({ code: 1, stdout: '' })
  })
})

describe('channels', () => {
  test('connected, listed, rotated and switched off', async () => {
    const words = ['--kind', 'custom_app', '--name', 'Shop', '--app-id', 'shop']
    const made = (await act('channel create', ...ours(), ...words)).json
    expect(made).toMatchObject({ kind: 'custom_app', customAppId: 'shop', status: 'active', secretKey: null })
    const speak = async (token: string) =>
      (
        await house.request({
          ...{
            method: 'POST',
            url: '/api/custom-app/message',
            headers: { authorization: `Bearer ${token}` },
          },
          payload: { custom_channel_id: 'shop', client_id: 'a', client_name: 'A', type: 'text', data: 'Hi' },
        })
      ).status
    expect(await speak(made.token)).toBe(200)
    const rotated = (await act('channel rotate', ...ours(), '--channel', String(made.number))).json
    later()
    expect(await speak(made.token)).toBe(401)
    expect(await speak(rotated.token)).toBe(200)
    expect((await act('channel deactivate', ...ours(), '--channel', made.id)).json.status).toBe('inactive')
    later()
    expect(await speak(rotated.token)).toBe(400)
    expect((await act('channel activate', ...ours(), '--channel', made.id)).json.status).toBe('active')
    expect((await act('channel list', ...ours())).json).toContainEqual(
      expect.objectContaining({ id: made.id, name: 'Shop' }),
    )
    const refused = await inside(
      [
        'channel',
        'create',
        ...ours(),
        '--kind',
        'custom_app',
        '--name',
        'x',
        '--app-id',
        'y',
        '--webhook',
        'http://10.0.0.1/',
      ],
      env,
    )
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('webhookUrl') })
  })
})

describe('what cannot be meant', () => {
  const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing', PARLEY_DATA_DIR: dataDir }
  const needsDatabase = (words: string) => words === 'operator list' || words.includes('987654')

  test.each([
    ['account', 'account '],
    ['account frob', 'account frob'],
    ['account create', '--name, --owner-email must be given'],
    ['account create --name x', '--owner-email must be given'],
    ['account list --frob', '--frob'],
    ['account list extra', 'extra'],
    ['operator list', 'several accounts'],
    ['operator list --account', '--account'],
    ['operator list --account x', '--account must be'],
    ['operator list --account 987654', 'no such account'],
    ['operator create --account 1 --email a@b.example --role king', '--role must be one of'],
    ['operator disable --account 1 --operator x', '--operator must be'],
    ['token create --account 1 --kind fax --name x', '--kind must be one of'],
    ['token create --account 1 --kind pact --name x --permissions all', 'there is no all'],
    ['token create --account 1 --kind pact --name x --expires soon', '--expires must be'],
    ['token create --account 1 --kind pact --name x --rate-limit 0', '--rate-limit must be'],
    ['token revoke --account 1 --token 7', '--token must be an id'],
    ['channel create --account 1 --kind fax --name x', '--kind must be one of'],
  ])('parley %s', async (words, told) => {
    const ran = await inside(words.split(' '), needsDatabase(words) ? env : nowhere)
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toContain(told)
    expect(ran.stderr).toMatch(/^parley: .+\n$/)
  })

  test('a process of its own ends in the same way', async () => {
    for (const words of [
      ['operator', 'list'],
      ['account', 'create', '--name', 'x'],
    ])
      expect(await parley(words, env)).toEqual(await inside(words, env))
    const refused = ['token', 'revoke', ...ours(), '--token', house.account.id]
    expect(await parley(refused, env)).toEqual(await inside(refused, env))
  })

  test('help needs no database', async () => {
    for (const words of ['--help', 'help', 'account --help', 'token create --help']) {
      const isThing = !words.startsWith('-') && words !== 'help'
      const ran = await (isThing ? inside : done)(words.split(' '), nowhere)
      expect(ran.stdout).toContain(words.startsWith('token') ? '--permissions LIST' : 'account create')
    }
    const ran = await parley(['account', 'list'], nowhere)
    expect(ran).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^parley: .*cannot be reached.*\n$/),
    })
  })
})
