import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chatOn, newestConversation } from './chat.ts'
import { look, openChromium, openPerson } from './chromium.ts'
import { sharedProgram, type Program } from './program.ts'

let program: Program
let browser: Browser
beforeAll(async () => {
  program = sharedProgram()
  browser = await openChromium()
})
afterAll(() => browser.close())

const channelPath = () => {
  const channel = program.account.channels.find(({ widgetKey }) => widgetKey)
  return `/channels/ch_${channel?.id.replaceAll('-', '')}`
}
const setUp = (widget: object) => program.ask('PATCH', channelPath(), { widget })

test('a card is asked for before the first word where the channel says so', async () => {
  await setUp({ card: { when: 'before', fields: ['name', 'email', 'phone'], required: ['name', 'email'] } })
  const { page, context } = await openPerson(browser)
  const chat = chatOn(page)
  await page.goto(`${program.origin}/demo`)
  await chat.launcher.click()
  const start = chat.panel.getByRole('button', { name: 'Start chat' })
  await start.click()
  await chat.panel.getByText('Enter a name').waitFor()
  await chat.panel.getByRole('textbox', { name: /^Name/ }).first().fill('Ines Moreau')
  await chat.panel
    .getByRole('textbox', { name: /^Email/ })
    .first()
    .fill('ines')
  await start.click()
  await chat.panel.getByText('Enter an email address like name@example.com').waitFor()
  await look(page, 'card-before')
  await chat.panel
    .getByRole('textbox', { name: /^Email/ })
    .first()
    .fill('ines@example.com')
  await start.click()
  await chat.composer.waitFor()
  await chat.send('Hello')
  const { contact } = await newestConversation(program)
  expect(await program.ask('GET', `/contacts/${contact.id}`)).toMatchObject({
    ...{ name: 'Ines Moreau', email: 'ines@example.com', phone: null },
  })
  await setUp({ card: { when: 'never', fields: ['name', 'email'], required: [] } })
  await context.close()
})

test('outside its hours the chat says when somebody is there again', async () => {
  const hours = { timeZone: 'UTC', days: [] as { day: number; from: string; to: string }[] }
  const tomorrow = ((new Date().getUTCDay() + 7) % 7) + 1
  hours.days.push({ day: tomorrow, from: '09:00', to: '17:00' })
  await setUp({ hours })
  const { page, context } = await openPerson(browser, { timezoneId: 'UTC' })
  const chat = chatOn(page)
  await page.goto(`${program.origin}/demo`)
  await chat.open()
  await chat.panel.getByText(/^Back tomorrow at 09:00$/).waitFor()
  await chat.panel.getByText(/We are away right now/).waitFor()
  await look(page, 'card-away')
  await chat.send('Left in the night')
  await setUp({ hours: null })
  await context.close()
})
