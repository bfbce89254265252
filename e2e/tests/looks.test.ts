import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answer, chatOn, newestConversation } from './chat.ts'
import { DESKTOP, look, openChromium, openPerson, PHONE } from './chromium.ts'
import { sharedProgram, type Program } from './program.ts'

let program: Program
let browser: Browser
let axe: string
beforeAll(async () => {
  program = sharedProgram()
  browser = await openChromium()
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
})
afterAll(async () => {
  await browser.close()
})

interface Violation {
  id: string
  nodes: { target: unknown; failureSummary?: string }[]
}

/** What stands in the way of people who do not see, hear or point as most do. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const { axe: checker } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
    return (await checker.run()).violations
  })
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary ?? ''}`),
  )
}

describe.each([
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const)('on a %s', (device, viewport) => {
  test.each(['light', 'dark'] as const)(
    '%s: a whole conversation is readable by everybody',
    async (colorScheme) => {
      const isPhone = device === 'phone'
      const { page, context } = await openPerson(browser, {
        ...{
          viewport,
          colorScheme,
          bypassCSP: true,
          hasTouch: isPhone,
          isMobile: isPhone,
          reducedMotion: 'reduce',
        },
      })
      await page.goto(`${program.origin}/demo`)
      expect(await violations(page)).toEqual([])
      const chat = chatOn(page)
      await chat.open()
      expect(await violations(page)).toEqual([])
      await look(page, `looks-${device}-${colorScheme}-empty`)
      await chat.send('Good morning, is “An Atlas of Slow Roads” in stock?')
      const conversation = await newestConversation(program)
      await answer(
        program,
        conversation,
        'Good morning. We have three: shall I put one aside? https://shop.example/atlas',
      )
      await answer(program, conversation, 'It would be ready on Thursday.')
      await chat.say('Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverkäuferinnenverband')
      await chat.say('مرحبا، هل لديكم هذا الكتاب؟')
      await program.ask('POST', `/conversations/${conversation.id}/review`)
      await chat.panel.getByRole('group', { name: 'How was this conversation?' }).waitFor()
      expect(await violations(page)).toEqual([])
      await look(page, `looks-${device}-${colorScheme}-full`)
      const box = await chat.panel.boundingBox()
      if (isPhone) expect(box).toMatchObject({ x: 0, y: 0, width: viewport.width, height: viewport.height })
      else expect(box?.width).toBe(380)
      const isWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      expect(isWide).toBe(false)
      await context.close()
    },
  )
})

test('everything is done by keyboard', async () => {
  const { page, context } = await openPerson(browser)
  const chat = chatOn(page)
  await page.goto(`${program.origin}/demo`)
  await chat.launcher.focus()
  await page.keyboard.press('Enter')
  await chat.composer.waitFor()
  await page.keyboard.type('By keyboard')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('in two lines')
  await page.keyboard.press('Enter')
  await chat.panel.getByRole('img', { name: 'Sent' }).waitFor()
  expect((await newestConversation(program)).lastMessage.text).toBe('By keyboard\nin two lines')
  await page.keyboard.press('Escape')
  await chat.panel.waitFor({ state: 'hidden' })
  await expect
    .poll(() =>
      chat.launcher.evaluate((button) => (button.getRootNode() as ShadowRoot).activeElement === button),
    )
    .toBe(true)
  await context.close()
})

test.each([
  ['ru', 'Открыть чат'],
  ['pt-BR', 'Abrir chat'],
  ['es', 'Abrir chat'],
])('speaks the page’s language: %s', async (language, word) => {
  const { page, context } = await openPerson(browser)
  await page.route('**/demo', async (route) => {
    const response = await route.fetch()
    await route.fulfill({
      response,
      body: (await response.text()).replace(/<html lang="\w+"/, `<html lang="${language}"`),
    })
  })
  await page.goto(`${program.origin}/demo`)
  await page.getByRole('button', { name: new RegExp(`^${word}`, 'i') }).click()
  await page.getByRole('dialog').getByRole('textbox').waitFor()
  await look(page, `language-${language}`)
  await context.close()
})
