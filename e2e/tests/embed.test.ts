import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { answer, chatOn, newestConversation } from './chat.ts'
import { openChromium, openPerson } from './chromium.ts'
import { sharedProgram, type Program } from './program.ts'
import { openSite, type Site } from './site.ts'

/** A page of somebody's own, given by its address: `/` and what stands before and after the tag. */
let site: Site
let program: Program
let browser: Browser
let before = ''
let tag = ''
beforeAll(async () => {
  program = sharedProgram()
  browser = await openChromium()
  tag = `<script src="${program.origin}/widget/${program.widgetKey}.js" async></script>`
  site = await openSite({
    page: () =>
      `<!doctype html><html lang="en"><title>A shop</title>${before}<body><h1>A shop</h1></body></html>`,
  })
})
afterAll(async () => {
  await browser.close()
  await site[Symbol.asyncDispose]()
})

async function visit(head: string, options: BrowserContextOptions = {}) {
  before = head
  const person = await openPerson(browser, options)
  await person.page.goto(`http://127.0.0.1:${site.port}/`)
  return { ...person, chat: chatOn(person.page) }
}

const QUEUE = `<script>window.Parley = function () { (Parley.q = Parley.q || []).push(arguments) }</script>`
const LISTENING = `<script>
  window.told = []
  for (const event of ['ready', 'open', 'close', 'message', 'unread'])
    Parley('on', event, (fact) => told.push([event, fact && fact.text || fact]))
  Parley('open')
</script>`

test('what a page said before the loader came is done in order, and it is told what happens', async () => {
  const { page, chat, complaints, context } = await visit(QUEUE + LISTENING + tag)
  await chat.composer.waitFor()
  await chat.send('Opened by the page')
  await page.evaluate('Parley("close")')
  await chat.panel.waitFor({ state: 'hidden' })
  expect(await page.evaluate('Blinger.launcherWidget.isOpen')).toBe(false)
  await answer(program, await newestConversation(program), 'Heard by the page')
  await expect
    .poll(() => page.evaluate('told'))
    .toEqual([
      ['open', undefined],
      ['ready', { isVerified: false, identityRefused: null }],
      ['close', undefined],
      ['message', 'Heard by the page'],
      ['unread', 1],
    ])
  await page.evaluate('Parley("toggle")')
  await chat.bubble('Heard by the page').waitFor()
  expect(await page.evaluate('Blinger.launcherWidget.isOpen')).toBe(true)
  expect(complaints).toEqual([])
  await context.close()
})

test('the tag twice, in the head, and a body that is replaced: one launcher, which stays', async () => {
  const { page, chat, complaints, context } = await visit(
    tag.replace(' async', '') + tag.replace('async', 'defer') + tag,
  )
  await chat.launcher.waitFor()
  expect(await chat.launcher.count()).toBe(1)
  await chat.open()
  await chat.send('Before the page turned')
  await page.evaluate(() => {
    const next = document.createElement('body')
    next.append('The next page')
    document.documentElement.replaceChild(next, document.body)
  })
  await chat.bubble('Before the page turned').waitFor()
  await chat.panel.getByRole('button', { name: 'Close chat' }).click()
  expect(await chat.launcher.count()).toBe(1)
  expect(complaints).toEqual([])
  await context.close()
})

test('pages that were written for Blinger go on working', async () => {
  const { page, chat, context } = await visit(`<script>
    var customBlingerConfig = {
      settings: { showPowered: false },
      customLivechatFields: { plan: 'gold', seats: 7, sign: 'ff127a29530759df7752f6ffab2a78fd' }
    }
    function blingerBeforeRender() { window.wasAsked = true }
  </script>${tag}`)
  const [session] = await Promise.all([
    page.waitForRequest((request) => request.url().endsWith('/sessions') && request.method() === 'POST'),
    chat.open(),
  ])
  expect(session.postDataJSON().identity).toEqual({
    fields: [
      { name: 'plan', value: 'gold' },
      { name: 'seats', value: 7 },
    ],
    sign: 'ff127a29530759df7752f6ffab2a78fd',
  })
  expect(await page.evaluate('window.wasAsked')).toBe(true)
  expect(await chat.panel.getByText('Powered by Parley').count()).toBe(0)
  await context.close()
})

test('logout forgets this browser', async () => {
  const { page, chat, context } = await visit(tag)
  await chat.open()
  await chat.send('Mine alone')
  await page.evaluate('Parley("logout")')
  await chat.bubble('Mine alone').waitFor({ state: 'detached' })
  await page.reload()
  await chat.open()
  await chat.panel.getByRole('region', { name: 'Messages' }).waitFor()
  expect(await chat.texts()).toEqual([])
  await context.close()
})

test('who has written here before hears of answers on the next page, without opening anything', async () => {
  const { page, chat, context } = await visit(tag)
  await chat.open()
  await chat.send('A question')
  const conversation = await newestConversation(program)
  await page.goto('about:blank')
  await answer(program, conversation, 'An answer')
  await page.goto(`http://127.0.0.1:${site.port}/`)
  await page.getByRole('button', { name: 'Open chat, 1 unread message' }).waitFor()
  await answer(program, conversation, 'And another')
  await page.getByRole('button', { name: 'Open chat, 2 unread messages' }).waitFor()
  await context.close()
})

test('our side sees which page is read, also when it changes without loading', async () => {
  const { page, chat, context } = await visit(tag)
  await chat.open()
  await chat.send('Where am I?')
  const frames: string[] = []
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => frames.push(String(payload))))
  await page.reload()
  await chat.open()
  await page.evaluate(() => {
    history.pushState(null, '', '/books/atlas')
    document.title = 'An Atlas'
  })
  const address = `http://127.0.0.1:${site.port}/books/atlas`
  await expect
    .poll(() => frames.filter((frame) => frame.includes('"page"')).map((frame) => JSON.parse(frame)), {
      timeout: 10_000,
    })
    .toContainEqual({ type: 'page', url: address, title: 'An Atlas' })
  await context.close()
})

test('history comes page by page, and the reader keeps their place', async () => {
  const { page, chat, context } = await visit(tag)
  await chat.open()
  await chat.send('Tell me everything')
  const conversation = await newestConversation(program)
  for (let n = 1; n <= 70; n++) await answer(program, conversation, `Story ${n}`)
  await page.reload()
  await chat.open()
  await chat.bubble('Story 70').waitFor()
  expect(await chat.texts()).not.toContain('Story 20')
  const region = chat.panel.getByRole('region', { name: 'Messages' })
  /** While the list is being drawn anew it has no place for a moment. */
  const top = (text: string) =>
    vi.waitFor(async () => {
      const box = await chat.bubble(text).boundingBox()
      if (!box) throw new Error(`${text} is not to be seen`)
      return Math.round(box.y)
    })
  await region.evaluate((box) => (box.scrollTop = 120))
  const first = (await chat.texts()).find((text) => text.startsWith('Story')) ?? ''
  const stood = await top(first)
  await chat.bubble(`Story ${Number(first.slice(6)) - 1}`).waitFor({ state: 'attached' })
  // Heights are fractions of pixels; a line that was lost would be twenty.
  expect(Math.abs((await top(first)) - stood)).toBeLessThanOrEqual(4)
  await answer(program, conversation, 'Story 71')
  await chat.panel.getByRole('button', { name: '1 new message' }).click()
  await expect.poll(async () => await chat.bubble('Story 71').isVisible()).toBe(true)
  await context.close()
})
