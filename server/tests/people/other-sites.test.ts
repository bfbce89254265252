import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import chromium from '@sparticuz/chromium'
import { chromium as playwright, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, type TestHouse } from '../house.ts'
import { databaseDigest } from '../probing.ts'

/** Names of one site and of another; all of them lead to this machine. */
const OWN = 'chat.parley.test'
const SIBLING = 'evil.parley.test'
const FOREIGN = 'evil.other.test'

interface Seen {
  method: string
  origin: string | undefined
  hasCookie: boolean
  status: number
}

let house: TestHouse
let browser: Browser
let evil: { port: number; close(): void }
let origin: string
const seen: Seen[] = []

beforeAll(async () => {
  evil = await openEvilSite()
  const port = await freePort()
  origin = `http://${OWN}:${port}`
  house = await openHouse({ env: { PARLEY_PUBLIC_ORIGIN: origin } })
  house.composed.app.server.on('request', (request, response) => {
    response.on('finish', () =>
      seen.push({
        method: request.method ?? '',
        origin: request.headers.origin,
        hasCookie: /parley\.session_token=/.test(request.headers.cookie ?? ''),
        status: response.statusCode,
      }),
    )
  })
  await house.composed.app.listen({ host: '127.0.0.1', port })
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP *.test 127.0.0.1'],
  })
}, 60_000)
afterAll(async () => {
  await browser.close()
  evil.close()
  await house[Symbol.asyncDispose]()
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Serves whatever attack its address asks for; a page says `done` in its title, unless a form took it away. */
async function openEvilSite() {
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '/', 'http://evil.test').searchParams
    const script = SCRIPTS[asked.get('attack') ?? '']?.(asked.get('target') ?? '') ?? ''
    const page = `<!doctype html><title>waiting</title><body><script>${script}</script>`
    response.setHeader('content-type', 'text/html').end(page)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() }
}

const INVITATION = JSON.stringify({ email: 'intruder@evil.test', role: 'admin' })
const DONE = `.catch(() => 0).finally(() => { document.title = 'done' })`
const form = (type: string) => (target: string) => `
  const form = Object.assign(document.createElement('form'), { method: 'post', enctype: '${type}', action: '${target}' })
  const name = '{"email":"intruder@evil.test","role":"admin","x":"'
  form.append(Object.assign(document.createElement('input'), { name, value: '"}' }))
  document.body.append(form)
  form.submit()`
const fetching = (options: string) => (target: string) =>
  `fetch('${target}', { credentials: 'include', ${options} })${DONE}`

/** Everything a page can send without asking first, and a little more. */
const SCRIPTS: Record<string, (target: string) => string> = {
  'form urlencoded': form('application/x-www-form-urlencoded'),
  'form text': form('text/plain'),
  'form multipart': form('multipart/form-data'),
  'fetch text': fetching(
    `method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' }, body: '${INVITATION}'`,
  ),
  'fetch bare': fetching(`method: 'POST', mode: 'no-cors'`),
  'fetch JSON': fetching(
    `method: 'POST', headers: { 'content-type': 'application/json' }, body: '${INVITATION}'`,
  ),
  'fetch DELETE': fetching(`method: 'DELETE'`),
  beacon: (target) => `navigator.sendBeacon('${target}', '{}'); document.title = 'done'`,
  read: (target) =>
    `fetch('${target}', { credentials: 'include' }).then(
      (answer) => { document.title = 'read ' + answer.status }, () => { document.title = 'unreadable' })`,
  socket: (target) => `
    const socket = new WebSocket('${target}'.replace('http', 'ws'), 'parley.v1')
    socket.onopen = () => { document.title = 'opened' }
    socket.onerror = () => { document.title = 'refused' }`,
  frame: (target) => `
    const frame = document.createElement('iframe')
    frame.onload = () => { document.title = frame.contentDocument === null ? 'refused' : 'framed' }
    frame.src = '${target}'
    document.body.append(frame)`,
}

/** A page in which the owner has signed in, by the page that is there for it. */
async function signInThere(page: Page): Promise<void> {
  const { email, password } = house.fixture.owner
  await page.goto(`${origin}/sign-in`)
  await page.fill('[name=email]', email)
  await page.fill('[name=password]', password)
  await page.click('button[type=submit]')
  await page.waitForSelector('text=You are signed in')
}

/** Has a page of the evil site do something, and waits until it has. */
async function attack(
  page: Page,
  host: string,
  { name, target }: { name: string; target: string },
): Promise<void> {
  const address = new URL(`http://${host}:${evil.port}/`)
  address.searchParams.set('attack', name)
  address.searchParams.set('target', origin + target)
  await page.goto(address.href, { waitUntil: 'commit' })
  if (name.startsWith('form')) await page.waitForURL(`${origin}/**`, { waitUntil: 'commit' })
  else await page.waitForFunction(`document.title !== 'waiting'`)
}

const TARGETS = [
  '/parley/v1/invitations',
  '/parley/v1/auth/sign-out',
  '/parley/v1/me/sessions',
  '/parley/v1/tokens',
]

test('the page itself can do what it is for', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await signInThere(page)
  expect(await page.evaluate(`fetch('/parley/v1/invitations').then(({ status }) => status)`)).toBe(200)
  await context.close()
}, 30_000)

const CHANGING = Object.keys(SCRIPTS).filter((name) => !['read', 'frame', 'socket'].includes(name))

test.each([SIBLING, FOREIGN])(
  'pages of %s change nothing in the name of whoever is signed in',
  async (host) => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await signInThere(page)
    const before = await databaseDigest(house)
    seen.length = 0
    for (const target of TARGETS) for (const name of CHANGING) await attack(page, host, { name, target })
    expect(await databaseDigest(house)).toBe(before)
    const posted = seen.filter(({ method }) => method === 'POST' || method === 'DELETE')
    expect(posted.length).toBeGreaterThan(TARGETS.length * 4)
    expect(posted.filter(({ status }) => status < 400)).toEqual([])
    // A sibling's requests do carry the cookie: it is `Origin` that holds them off, and nothing else.
    if (host === SIBLING) {
      const carrying = posted.filter(({ hasCookie }) => hasCookie)
      expect(carrying.length).toBeGreaterThan(TARGETS.length * 4)
      // 405 where the path knows no such method, whoever asks.
      expect(carrying.filter(({ status }) => status !== 403 && status !== 405)).toEqual([])
      expect(carrying.filter(({ status }) => status === 403).length).toBeGreaterThan(TARGETS.length * 4)
    }
    await page.goto(`${origin}/sign-in`)
    await page.waitForSelector('text=You are signed in')
    await context.close()
  },
  120_000,
)

test.each([SIBLING, FOREIGN])(
  'pages of %s read nothing, and frame nothing',
  async (host) => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await signInThere(page)
    await attack(page, host, { name: 'read', target: '/parley/v1/me' })
    expect(await page.title()).toBe('unreadable')
    await attack(page, host, { name: 'frame', target: '/sign-in' })
    const framed = page.frames().find((frame) => frame !== page.mainFrame())
    expect(await framed?.locator('form').count()).toBe(0)
    await context.close()
  },
  30_000,
)

test('a page of ours opens the operators’ socket; pages of other sites do not, though the browser sends the cookie', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await signInThere(page)
  const opened = `new Promise((resolve) => {
    const socket = new WebSocket(location.origin.replace('http', 'ws') + '/parley/v1/socket', 'parley.v1')
    socket.onopen = () => resolve('opened')
    socket.onerror = () => resolve('refused')
  })`
  expect(await page.evaluate(opened)).toBe('opened')
  const asked: { origin: string | undefined; hasCookie: boolean }[] = []
  house.composed.app.server.on('upgrade', ({ headers: { origin: from, cookie } }) =>
    asked.push({ origin: from, hasCookie: /parley\.session_token=/.test(cookie ?? '') }),
  )
  for (const host of [SIBLING, FOREIGN]) {
    await attack(page, host, { name: 'socket', target: '/parley/v1/socket' })
    expect(await page.title(), host).toBe('refused')
  }
  // A sibling's request carries the cookie: it is `Origin` that holds it off, and nothing else.
  expect(asked[0]).toEqual({ origin: `http://${SIBLING}:${evil.port}`, hasCookie: true })
  expect(asked).toHaveLength(2)
  await context.close()
}, 60_000)
