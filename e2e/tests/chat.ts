import type { Locator, Page } from 'playwright-core'
import type { Answer, Program } from './program.ts'

/** The widget on a page, as a visitor uses it. */
export interface Chat {
  launcher: Locator
  panel: Locator
  composer: Locator
  open(): Promise<void>
  say(text: string): Promise<void>
  /** Says it and waits until our side has it. */
  send(text: string): Promise<void>
  /** The bubble with these words. */
  bubble(text: string): Locator
  /** All that was said, in the order on the screen. */
  texts(): Promise<string[]>
}

export function chatOn(page: Page): Chat {
  const panel = page.getByRole('dialog')
  const composer = panel.getByRole('textbox', { name: 'Write a message' })
  const say = async (text: string) => {
    await composer.fill(text)
    await composer.press('Enter')
  }
  return {
    launcher: page.getByRole('button', { name: /^Open chat/ }),
    panel,
    composer,
    open: async () => {
      await page.getByRole('button', { name: /^Open chat/ }).click()
      await composer.waitFor()
    },
    say,
    send: async (text) => {
      await say(text)
      const own = panel.locator('.run.own').filter({ hasText: text }).last()
      await own.getByRole('img', { name: /^(Sent|Read)$/ }).waitFor()
    },
    bubble: (text) => panel.getByText(text, { exact: true }),
    texts: () => panel.locator('.entry .bubble').allInnerTexts(),
  }
}

/** The conversation that was written in last, as our side finds it. */
export async function newestConversation(program: Program): Promise<Answer> {
  const { items } = await program.ask('GET', '/conversations?limit=1')
  return items[0]
}

export function answer(program: Program, conversation: Answer, text: string): Promise<Answer> {
  return program.ask('POST', `/conversations/${conversation.id}/messages`, { text })
}
