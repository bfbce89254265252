import { isAccountThere } from '../application/accounts/get-account.ts'
import type { Tools } from '../application/ports/house.ts'
import { systemActor } from '../domain/actor.ts'
import { DomainError } from '../domain/errors.ts'
import { EVERY_PERMISSION } from '../domain/permissions.ts'
import type { DemoAccount } from './demo.ts'
import type { Plan } from './furnish.ts'
import { furnish } from './furnish.ts'

/**
 * The demo's two accounts. Made once: as long as those known from before are in the database they are kept.
 * When only their secrets were lost, new ones are made beside them, under other addresses.
 */
export async function seedDemo(tools: Tools, known: DemoAccount[]): Promise<DemoAccount[]> {
  if (known.length > 0 && (await areThere(tools, known))) return known
  return [await furnishAnew(tools, harbour), await furnishAnew(tools, meadow)]
}

async function areThere(tools: Tools, accounts: DemoAccount[]): Promise<boolean> {
  for (const { id: accountId } of accounts) {
    if (!(await tools.ask(isAccountThere, systemActor(accountId, EVERY_PERMISSION), null))) return false
  }
  return true
}

async function furnishAnew(tools: Tools, plan: (mark: string) => Plan): Promise<DemoAccount> {
  try {
    return await furnish(tools, plan(''))
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'email_taken') throw error
    const mark = [...tools.ids.bytes(3)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    return furnish(tools, plan(`-${mark}`))
  }
}

/** Pages on this machine, wherever they are served: those of other sites are let in when somebody says so. */
const LOCAL = ['http://localhost:*', 'http://127.0.0.1:*']
const SHOP = {
  allowedOrigins: LOCAL,
  color: '#1f6f5c',
  replyTime: 'minutes' as const,
  texts: {
    title: 'Harbour Books',
    welcome: 'Hello. Ask us about a book, an order or a delivery.',
    offline: 'We are away right now. Write to us: the answer will be here.',
    byLanguage: {},
  },
}

/** One of every kind of channel, a conversation on each. */
export const harbour = (mark: string): Plan => ({
  name: 'Harbour Books',
  owner: { email: `owner${mark}@harbour.example`, name: 'Nora Lind' },
  operators: [
    { email: `anna${mark}@harbour.example`, name: 'Anna Berg' },
    { email: `boris${mark}@harbour.example`, name: 'Boris Vale' },
  ],
  groups: [
    { title: 'Sales', color: '#1f7a5c' },
    { title: 'Support', color: '#9a5b13' },
  ],
  channels: [
    { kind: 'webchat', name: 'Website chat', widget: SHOP },
    { kind: 'custom_app', name: 'Reader app', customAppId: 'harbour-reader-app' },
    { kind: 'whatsapp', name: 'WhatsApp (sandbox)' },
    { kind: 'telegram', name: 'Telegram bot (sandbox)' },
    { kind: 'telegram_personal', name: 'Telegram (sandbox)' },
  ],
  contacts: [
    { externalId: 'visitor-1', name: 'Ines Moreau', says: 'Hello, do you ship to Lisbon?' },
    { externalId: 'reader-77', name: 'Tomas Holt', says: 'My order has not arrived yet.' },
    { externalId: '4790000101', phone: '4790000101', name: 'Maja Strand', says: 'Is the atlas in stock?' },
    { externalId: '700100', name: 'Paul Renner', says: 'I would like to change my address.' },
    { externalId: '700200', name: 'Lea Koch', says: 'Thank you for the quick delivery.' },
  ],
})

/** A second tenant, so that one can see that neither sees the other. */
export const meadow = (mark: string): Plan => ({
  name: 'Meadow Garden',
  owner: { email: `owner${mark}@meadow.example`, name: 'Oskar Wren' },
  operators: [{ email: `petra${mark}@meadow.example`, name: 'Petra Hill' }],
  groups: [{ title: 'Greenhouse', color: '#3a7d2c' }],
  channels: [
    { kind: 'webchat', name: 'Garden chat', widget: { allowedOrigins: LOCAL, color: '#3a7d2c' } },
    { kind: 'whatsapp', name: 'WhatsApp (sandbox)' },
    { kind: 'custom_app', name: 'Garden app', customAppId: 'meadow-garden-app' },
  ],
  contacts: [
    { externalId: 'visitor-9', name: 'Ralf Stone', says: 'When do you open?' },
    { externalId: '4790000202', phone: '4790000202', name: 'Ida Falk', says: 'Do you sell tulip bulbs?' },
    { externalId: 'gardener-3', name: 'Sam Pine', says: 'The watering plan does not open.' },
  ],
})
