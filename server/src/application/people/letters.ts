import type { Letter } from '../ports/mail.ts'

/** Asks somebody to join. `link` opens once, for `days` days. */
export function invitationLetter(about: { to: string; account: string; link: string; days: number }): Letter {
  return {
    to: about.to,
    subject: 'You are invited to Parley',
    text: [
      `${oneLine(about.account)} asks you to answer its customers with Parley.`,
      `Follow this link within ${about.days} days to choose a password:`,
      about.link,
      'If you did not expect this, leave it alone: nothing happens then.',
    ].join('\n\n'),
  }
}

/** The way back in. `link` opens once, for an hour. */
export function resetLetter(about: { to: string; link: string }): Letter {
  return {
    to: about.to,
    subject: 'Choose a new password for Parley',
    text: [
      'Somebody, hopefully you, asked for a new password. Follow this link within an hour to choose it:',
      about.link,
      'If it was not you, leave it alone: your password stays as it is.',
    ].join('\n\n'),
  }
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim().slice(0, 100)
