import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answer, chatOn, newestConversation, type Chat } from './chat.ts'
import { look, openChromium, openPerson, type Person } from './chromium.ts'
import { sharedProgram, type Program } from './program.ts'

let program: Program
let browser: Browser
beforeAll(async () => {
  program = sharedProgram()
  browser = await openChromium()
})
afterAll(async () => {
  await browser.close()
})

async function visit(options?: Parameters<typeof openPerson>[1]): Promise<Person & { chat: Chat }> {
  const person = await openPerson(browser, options)
  await person.page.goto(`${program.origin}/demo`)
  return { ...person, chat: chatOn(person.page) }
}

const shown = (chat: Chat, text: string) => chat.bubble(text).waitFor()
const told = (chat: Chat) => expect.poll(() => chat.texts())

test('a visitor asks, our side answers, and each sees that the other has read', async () => {
  const { page, chat, complaints, context } = await visit()
  await chat.open()
  await look(page, 'chat-empty')
  await chat.send('Do you ship to Lisbon?')
  const conversation = await newestConversation(program)
  expect(conversation.lastMessage).toMatchObject({ text: 'Do you ship to Lisbon?' })
  await program.ask('POST', `/conversations/${conversation.id}/read`)
  await chat.panel.getByRole('img', { name: 'Read' }).waitFor()

  const { id } = await answer(program, conversation, 'We do: two days, for 6 €.')
  await shown(chat, 'We do: two days, for 6 €.')
  await chat.panel.getByText('Nora Lind').first().waitFor()
  await expect.poll(async () => (await program.ask('GET', `/messages/${id}`)).status).toBe('read')
  await look(page, 'chat-both')

  await page.keyboard.press('Escape')
  await chat.panel.waitFor({ state: 'hidden' })
  const whileAway = await answer(program, conversation, 'Anything else?')
  await page.getByRole('button', { name: 'Open chat, 1 unread message' }).waitFor()
  expect((await program.ask('GET', `/messages/${whileAway.id}`)).status).not.toBe('read')
  await look(page, 'chat-unread')
  await chat.open()
  await expect.poll(async () => (await program.ask('GET', `/messages/${whileAway.id}`)).status).toBe('read')
  expect(complaints).toEqual([])
  await context.close()
})

test('typing is seen while it lasts', async () => {
  const { chat, context } = await visit()
  await chat.open()
  await chat.send('Hello')
  const conversation = await newestConversation(program)
  await program.ask('POST', `/conversations/${conversation.id}/typing`, { isTyping: true })
  await chat.panel.getByRole('img', { name: /is typing/ }).waitFor()
  await program.ask('POST', `/conversations/${conversation.id}/typing`, { isTyping: false })
  await chat.panel.getByRole('img', { name: /is typing/ }).waitFor({ state: 'hidden' })
  await context.close()
})

test('a second tab, and a reload, show the same conversation', async () => {
  const { page, chat, context } = await visit()
  await chat.open()
  await chat.send('In the first tab')
  const second = await context.newPage()
  await second.goto(`${program.origin}/demo`)
  const other = chatOn(second)
  await other.open()
  await told(other).toEqual(expect.arrayContaining(['In the first tab']))
  await other.send('In the second')
  await shown(chat, 'In the second')
  const conversation = await newestConversation(program)
  await answer(program, conversation, 'To both')
  await shown(chat, 'To both')
  await shown(other, 'To both')
  const all = await chat.texts()
  expect(await other.texts()).toEqual(all)
  await page.reload()
  await chat.open()
  await told(chat).toEqual(all)
  await context.close()
})

test('pictures and files are chosen, sent, seen and opened', async () => {
  const { page, chat, context, complaints } = await visit()
  await chat.open()
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    chat.panel.getByRole('button', { name: 'Attach a file' }).click(),
  ])
  await chooser.setFiles([
    { name: 'cover.png', mimeType: 'image/png', buffer: await picture(page) },
    { name: 'order 7.txt', mimeType: 'text/plain', buffer: Buffer.from('one atlas') },
  ])
  const conversationOf = async () => (await newestConversation(program)).id
  await chat.panel.getByRole('button', { name: /Open picture/ }).waitFor()
  // A file on its way has its name already; it is a link once it is there.
  await chat.panel.getByRole('link', { name: /order 7.txt/ }).waitFor()
  const { items } = await program.ask('GET', `/conversations/${await conversationOf()}/messages`)
  expect(items.map(({ kind }: { kind: string }) => kind)).toEqual(['image', 'file'])
  await look(page, 'chat-files')
  await chat.panel.getByRole('button', { name: /Open picture/ }).click()
  await page.getByRole('button', { name: 'Close picture' }).waitFor()
  await look(page, 'chat-viewer')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Close picture' }).waitFor({ state: 'hidden' })
  expect(complaints).toEqual([])
  await context.close()
})

test('a review is answered once, and is final in every tab', async () => {
  const { chat, context, page } = await visit()
  await chat.open()
  await chat.send('Thank you')
  const conversation = await newestConversation(program)
  await program.ask('POST', `/conversations/${conversation.id}/review`)
  const card = chat.panel.getByRole('group', { name: 'How was this conversation?' })
  await card.getByRole('button', { name: '4 stars of 5' }).click()
  await look(page, 'chat-review')
  await card.getByRole('button', { name: 'Send rating' }).click()
  await chat.panel.getByRole('img', { name: '4 stars of 5' }).waitFor()
  const second = await context.newPage()
  await second.goto(`${program.origin}/demo`)
  const other = chatOn(second)
  await other.open()
  await other.panel.getByRole('img', { name: '4 stars of 5' }).waitFor()
  await context.close()
})

/** A picture of the page itself: large enough to be fitted into its box. */
const picture = (page: Person['page']) => page.screenshot({ clip: { x: 0, y: 0, width: 640, height: 480 } })
