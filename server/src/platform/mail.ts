import { createTransport } from 'nodemailer'

export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  url: string
  from: string
}

interface Letter {
  to: string
  subject: string
  text: string
}

const PATIENCE_MS = 10_000

/** Sends over SMTP: by TLS where the server has it. Addresses are given as data, so that no header can be written into. */
export function createMail({ url, from }: MailSettings): { send(letter: Letter): Promise<void> } {
  const transport = createTransport({
    url,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async ({ to, subject, text }) => {
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text })
    },
  }
}
