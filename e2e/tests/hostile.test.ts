import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answer, chatOn, newestConversation, type Chat } from './chat.ts'
import { listen, look, openChromium, openPerson } from './chromium.ts'
import { ACTIVE_FILES, HOSTILE_NAMES, hostileTexts } from './hostile.ts'
import { sharedProgram, type Program } from './program.ts'
import { openSite, pageWith, type Site } from './site.ts'

let program: Program
let browser: Browser
let far: Site
beforeAll(async () => {
  program = sharedProgram()
  browser = await openChromium()
  far = await openSite({ page: () => 'far away' })
})
afterAll(async () => {
  await browser.close()
  await far[Symbol.asyncDispose]()
})

const farAway = () => `http://127.0.0.1:${far.port}`

/** A page that notices whatever runs. */
async function watch(page: Page): Promise<{ hits(): Promise<number> }> {
  await page.addInitScript(() => {
    let hits = 0
    Object.assign(window, { hit: () => (hits += 1), countHits: () => hits })
  })
  return { hits: () => page.evaluate(() => (window as unknown as { countHits(): number }).countHits()) }
}

/** Where whatever can be pressed in the conversation leads; always to a page of its own, that knows nothing of this one. */
async function linksOf(chat: Chat): Promise<string[]> {
  const hrefs: string[] = []
  for (const link of await chat.panel.locator('a').all()) {
    const href = (await link.getAttribute('href')) ?? ''
    hrefs.push(href)
    expect(await link.getAttribute('target')).toBe('_blank')
    expect(await link.getAttribute('rel')).toMatch(/noopener/)
  }
  return hrefs
}

describe.each([
  ['with the page’s policy', "default-src 'self' http: ws: 'unsafe-inline' 'unsafe-eval' data:"],
  ['and with none', undefined],
])('nothing runs, %s', (_name, policy) => {
  let site: Site
  beforeAll(async () => {
    const script = `${program.origin}/widget/${program.widgetKey}.js`
    site = await openSite({ ...(policy && { policy }), page: () => pageWith(script) })
  })
  afterAll(() => site[Symbol.asyncDispose]())

  test('of what is said, by either side, or of names', async () => {
    const { page, context, complaints } = await openPerson(browser)
    const { hits } = await watch(page)
    const chat = chatOn(page)
    await page.goto(`http://127.0.0.1:${site.port}/`)
    await chat.open()
    const texts = hostileTexts(farAway())
    for (const text of texts) await chat.say(text)
    await expect
      .poll(async () => (await chat.texts()).length, { timeout: 30_000 })
      .toBeGreaterThan(texts.length - 1)
    const conversation = await newestConversation(program)
    for (const text of texts) await answer(program, conversation, text)
    const operator = program.account.operators[0]
    await program.ask('PATCH', `/operators/op_${operator?.id.replaceAll('-', '')}`, { name: texts[1] })
    await answer(program, conversation, 'The last word')
    await chat.bubble('The last word').waitFor()
    for (const text of texts)
      expect(await chat.panel.getByText(text, { exact: true }).count(), text).toBeGreaterThan(0)
    const hrefs = await linksOf(chat)
    expect(hrefs.filter((href) => !/^(https?:|mailto:|tel:)/.test(href))).toEqual([])
    expect(await hits()).toBe(0)
    expect(far.asked).toEqual([])
    expect(complaints.filter((said) => /dialog|hit/.test(said))).toEqual([])
    await look(page, `hostile-${policy ? 'policy' : 'bare'}`)
    await program.ask('PATCH', `/operators/op_${operator?.id.replaceAll('-', '')}`, { name: 'Nora Lind' })
    await context.close()
  })

  test('of files, their names, or when they are opened', async () => {
    const { page, context } = await openPerson(browser)
    const { hits } = await watch(page)
    const chat = chatOn(page)
    await page.goto(`http://127.0.0.1:${site.port}/`)
    await chat.open()
    const input = chat.panel.locator('input[type=file]')
    for (const { name, mimeType, text } of ACTIVE_FILES)
      await input.setInputFiles({ name, mimeType, buffer: Buffer.from(text) })
    for (const name of HOSTILE_NAMES)
      await input.setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(`of ${name}`) })
    const wanted = ACTIVE_FILES.length + HOSTILE_NAMES.length
    const filesOf = async () => {
      const conversation = await newestConversation(program)
      const { items } = await program.ask('GET', `/conversations/${conversation.id}/messages?limit=100`)
      return items.flatMap(({ file }: { file: { url: string } | null }) => (file ? [file.url] : []))
    }
    await expect.poll(async () => (await filesOf()).length, { timeout: 30_000 }).toBe(wanted)
    for (const url of await filesOf()) {
      const opened = await context.newPage()
      const complaints = listen(opened)
      const seen = await watch(opened)
      // What is served as a download never becomes a page.
      await opened.goto(url).catch(() => null)
      expect(await seen.hits().catch(() => 0), url).toBe(0)
      expect(complaints.filter((said) => /dialog/.test(said))).toEqual([])
      await opened.close()
    }
    expect(await hits()).toBe(0)
    await context.close()
  })
})
