import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answer, chatOn, newestConversation } from './chat.ts'
import { look, openChromium, openPerson } from './chromium.ts'
import { openProgram, type OwnProgram } from './program.ts'
import { openProxy } from './proxy.ts'

let program: OwnProgram
let browser: Browser
beforeAll(async () => {
  program = await openProgram()
  browser = await openChromium()
})
afterAll(async () => {
  await browser.close()
  await program[Symbol.asyncDispose]()
})

/** What the database has of a conversation, in order. */
async function stored({ id }: { id: string }): Promise<string[]> {
  const { items } = await program.ask('GET', `/conversations/${id}/messages?limit=100`)
  return items.map(({ text }: { text: string }) => text)
}

test('the line is cut and restored: what was written meanwhile on both sides is there, once, in order', async () => {
  await using proxy = await openProxy(program.port)
  const { page, context } = await openPerson(browser)
  const chat = chatOn(page)
  await page.goto(`${proxy.origin}/demo`)
  await chat.open()
  await chat.send('Before the cut')
  const conversation = await newestConversation(program)

  proxy.cut()
  await chat.say('Written in a tunnel')
  await chat.say('And another')
  await chat.panel.getByText(/No connection/).waitFor()
  await chat.panel.getByRole('img', { name: 'Sending' }).first().waitFor()
  await look(page, 'line-cut')
  await answer(program, conversation, 'Are you there?')
  proxy.mend()
  await chat.bubble('Are you there?').waitFor()
  await expect.poll(() => chat.panel.getByRole('img', { name: 'Sending' }).count()).toBe(0)
  await chat.panel.getByText(/No connection/).waitFor({ state: 'hidden' })
  expect(await stored(conversation)).toEqual([
    'Before the cut',
    'Are you there?',
    'Written in a tunnel',
    'And another',
  ])
  await expect
    .poll(async () => (await chat.texts()).slice(-4))
    .toEqual(['Before the cut', 'Are you there?', 'Written in a tunnel', 'And another'])
  await context.close()
})

test('the server dies in the middle of a sentence: what was sent is there once, what was not goes when it is back', async () => {
  const { page, context } = await openPerson(browser)
  const chat = chatOn(page)
  await page.goto(`${program.origin}/demo`)
  await chat.open()
  await chat.send('One')
  const conversation = await newestConversation(program)
  for (const word of ['Two', 'Three', 'Four']) await chat.say(word)
  await program.stop('SIGKILL')
  for (const word of ['Five', 'Six']) await chat.say(word)
  await chat.composer.fill('A sentence that is not finished')
  await program.start()
  await expect.poll(() => stored(conversation), { timeout: 45_000 }).toHaveLength(6)
  expect(await stored(conversation)).toEqual(['One', 'Two', 'Three', 'Four', 'Five', 'Six'])
  expect(await chat.composer.inputValue()).toBe('A sentence that is not finished')
  await answer(program, conversation, 'Back again')
  await chat.bubble('Back again').waitFor()
  await expect.poll(() => chat.panel.getByRole('img', { name: 'Sending' }).count()).toBe(0)
  await context.close()
})

test('what waits to be sent outlives a reload', async () => {
  await using proxy = await openProxy(program.port)
  const { page, context } = await openPerson(browser)
  const chat = chatOn(page)
  await page.goto(`${proxy.origin}/demo`)
  await chat.open()
  await chat.send('Heard')
  const conversation = await newestConversation(program)
  proxy.cut()
  await chat.say('Kept in the browser')
  await chat.panel.getByRole('img', { name: 'Sending' }).waitFor()
  proxy.mend()
  proxy.cut()
  const reloaded = page.reload().catch(() => null)
  proxy.mend()
  await reloaded
  await page.goto(`${proxy.origin}/demo`)
  await chat.open()
  await expect.poll(() => stored(conversation)).toEqual(['Heard', 'Kept in the browser'])
  await context.close()
})

test('where sockets are blocked the chat goes on by asking', async () => {
  const { page, context } = await openPerson(browser)
  await page.addInitScript(() => {
    Object.defineProperty(window, 'WebSocket', {
      value: function blocked() {
        throw new DOMException('blocked', 'SecurityError')
      },
    })
  })
  const chat = chatOn(page)
  await page.goto(`${program.origin}/demo`)
  await chat.open()
  await chat.send('Over plain HTTP')
  await answer(program, await newestConversation(program), 'Heard')
  await chat.bubble('Heard').waitFor()
  await context.close()
})
