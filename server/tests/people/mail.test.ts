import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { expect, test } from 'vitest'
import { openBrowser, signedIn } from '../browser.ts'
import { openHouse } from '../house.ts'

interface Taken {
  to: string[]
  text: string
}

const textOf = (chunks: Buffer[]) =>
  Buffer.concat(chunks).toString().replaceAll('=\r\n', '').replaceAll('=3D', '=')

/** A server that takes every letter; `next()` waits for one. */
async function openPostOffice() {
  const taken: Taken[] = []
  const waiting: ((letter: Taken) => void)[] = []
  const take = (letter: Taken) => {
    const next = waiting.shift()
    if (next) next(letter)
    else taken.push(letter)
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        take({ to, text: textOf(chunks) })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as AddressInfo
  return {
    env: { PARLEY_SMTP_URL: `smtp://127.0.0.1:${port}`, PARLEY_MAIL_FROM: 'parley@example.com' },
    taken,
    next: async () =>
      taken.shift() ?? new Promise<Taken>((resolve) => waiting.push((letter) => resolve(letter))),
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

const linkIn = ({ text }: Taken, page: string) =>
  new RegExp(`http://127\\.0\\.0\\.1:3000/${page}#([\\w-]+)`).exec(text)?.[1] ?? ''

test('an invitation goes out by mail, and its link is shown to nobody else', async () => {
  await using office = await openPostOffice()
  await using house = await openHouse({ env: office.env })
  const owner = await signedIn(house, house.fixture.owner)
  const made = await owner.post('/invitations', { email: 'guest@x.example', role: 'operator' })
  expect(made.body).toMatchObject({ email: 'guest@x.example', link: null })
  const letter = await office.next()
  expect(letter.to).toEqual(['guest@x.example'])
  const token = linkIn(letter, 'invitation')
  const accept = { token, password: 'my own password' }
  expect((await openBrowser(house).post('/invitations/accept', accept)).status).toBe(204)
})

test('a forgotten password: the link goes to its owner alone, once', async () => {
  await using office = await openPostOffice()
  await using house = await openHouse({ env: office.env })
  const { email } = house.fixture.owner
  const unknown = await openBrowser(house).post('/auth/password-reset', { email: 'nobody@x.example' })
  const known = await openBrowser(house).post('/auth/password-reset', { email: email.toUpperCase() })
  expect([unknown.status, unknown.text]).toEqual([known.status, known.text])
  const letter = await office.next()
  expect(letter.to).toEqual([email])
  expect(office.taken).toEqual([])
  const token = linkIn(letter, 'password')
  const answer = await openBrowser(house).post('/auth/password-reset/confirm', {
    token,
    password: 'the new password',
  })
  expect(answer.status, answer.text).toBe(204)
  await signedIn(house, { email, password: 'the new password' })
})

test('what people call themselves writes no header and no other letter', async () => {
  await using office = await openPostOffice()
  await using house = await openHouse({ env: office.env })
  await house.sql(`update account set name = $1 where id = $2`, [
    'Books\r\nBcc: all@x.example\r\n\r\nhello',
    house.fixture.id,
  ])
  const owner = await signedIn(house, house.fixture.owner)
  await owner.post('/invitations', {
    email: 'guest@x.example',
    role: 'viewer',
    name: 'x\r\nBcc: y@x.example',
  })
  const letter = await office.next()
  expect(letter.to).toEqual(['guest@x.example'])
  const [head = ''] = letter.text.split('\r\n\r\n')
  expect(head.toLowerCase()).not.toContain('bcc')
  for (const email of [
    'a@x.example\r\nBcc: b@x.example',
    'a@x.example, b@x.example',
    '"a@evil.test x"@x.example',
    '<a@x.example>',
  ])
    expect((await owner.post('/invitations', { email, role: 'viewer' })).status, email).toBe(400)
})

test('a mail server that does not answer loses nothing: the link is shown instead', async () => {
  await using house = await openHouse({
    env: { PARLEY_SMTP_URL: 'smtp://127.0.0.1:1', PARLEY_MAIL_FROM: 'parley@example.com' },
  })
  const owner = await signedIn(house, house.fixture.owner)
  const made = await owner.post('/invitations', { email: 'guest@x.example', role: 'viewer' })
  expect(made.status).toBe(201)
  expect(made.body.link).toMatch(/\/invitation#/)
})
