import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chatOn } from './chat.ts'
import { openChromium, openPerson } from './chromium.ts'
import { sharedProgram, type Program } from './program.ts'
import { openSite, pageWith, type Site } from './site.ts'

let program: Program
let browser: Browser
beforeAll(async () => {
  program = sharedProgram()
  browser = await openChromium()
})
afterAll(async () => {
  await browser.close()
})

test('before anybody reaches for it there is the loader, and nothing else: no request, no cookie, no storage, no shift', async () => {
  const { page, context, complaints } = await openPerson(browser)
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.addInitScript(() => {
    const seen = { shift: 0 }
    Object.assign(window, { seen })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto(`${program.origin}/demo`, { waitUntil: 'networkidle' })
  await chatOn(page).launcher.waitFor()
  expect(asked.filter((path) => !path.startsWith('/demo'))).toEqual([`/widget/${program.widgetKey}.js`])
  expect(await context.cookies()).toEqual([])
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0)
  expect(await page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen.shift)).toBe(0)
  await chatOn(page).launcher.hover()
  await expect.poll(() => asked.some((path) => path.startsWith('/widget/assets/panel'))).toBe(true)
  expect(asked.filter((path) => path.startsWith('/visitor'))).toEqual([])
  await chatOn(page).open()
  expect(await context.cookies()).toEqual([])
  expect(complaints).toEqual([])
  await context.close()
})

describe('pages of other sites', () => {
  let site: Site
  beforeAll(async () => {
    const script = `${program.origin}/widget/${program.widgetKey}.js`
    site = await openSite({ page: () => pageWith(script) })
  })
  afterAll(() => site[Symbol.asyncDispose]())

  test.each(['evil.other.test', 'evil.parley.test', 'localhost.evil.test'])(
    '%s may not use the chat',
    async (host) => {
      const { page, context } = await openPerson(browser)
      const sockets: string[] = []
      const frames: unknown[] = []
      page.on('websocket', (socket) => {
        sockets.push(socket.url())
        socket.on('framereceived', (frame) => frames.push(frame))
      })
      await page.goto(`http://${host}:${site.port}/`)
      await chatOn(page).launcher.click()
      await page.getByText('Chat is not available on this page.').waitFor()
      const opened = await page.evaluate(
        async ([origin, key]) =>
          new Promise((resolve) => {
            const socket = new WebSocket(
              `${origin?.replace('http', 'ws')}/visitor/v1/socket?widget=${key}`,
              'parley.visitor.v1',
            )
            socket.addEventListener('open', () => resolve('open'))
            socket.addEventListener('error', () => resolve('refused'))
          }),
        [program.origin, program.widgetKey],
      )
      expect(opened).toBe('refused')
      expect(frames).toEqual([])
      await context.close()
    },
  )

  test('an allowed one may, as soon as somebody says so', async () => {
    const channel = program.account.channels.find(({ widgetKey }) => widgetKey)
    const path = `/channels/ch_${channel?.id.replaceAll('-', '')}`
    const { widget } = await program.ask('GET', path)
    const allowedOrigins = [...widget.allowedOrigins, `http://shop.other.test:${site.port}`]
    await program.ask('PATCH', path, { widget: { allowedOrigins } })
    const { page, context } = await openPerson(browser)
    await page.goto(`http://shop.other.test:${site.port}/`)
    const chat = chatOn(page)
    await chat.open()
    await chat.send('From my own shop')
    await program.ask('PATCH', path, { widget: { allowedOrigins: widget.allowedOrigins } })
    await context.close()
  })

  test('a policy that names our server is enough', async () => {
    const from = program.origin
    const policy =
      `default-src 'none'; script-src ${from}; connect-src ${from} ${from.replace('http', 'ws')}; img-src ${from}; ` +
      `media-src ${from}; base-uri 'none'; form-action 'none'`
    await using strict = await openSite({
      policy,
      page: () => pageWith(`${from}/widget/${program.widgetKey}.js`),
    })
    const { page, context, complaints } = await openPerson(browser)
    await page.goto(`http://127.0.0.1:${strict.port}/`)
    const chat = chatOn(page)
    await chat.open()
    await chat.send('Under a strict policy')
    expect(complaints.filter((said) => !/favicon/.test(said))).toEqual([])
    await context.close()
  })
})
