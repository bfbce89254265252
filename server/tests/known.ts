import { inject } from 'vitest'
import type { DemoAccount } from '../src/main/demo.ts'
import type { TestHouse } from './house.ts'

/** Values known by name: the fixture's, by dotted path, and those bound by earlier replies. */
export type Known = Map<string, unknown>

export const PLACEHOLDER = /\{\{([^{}]+)\}\}/g
export const WHOLE = /^\{\{([^{}]+)\}\}$/
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** The header each dialect's token travels in. */
export const TOKENS: Record<string, (account: DemoAccount) => Record<string, string>> = {
  'blinger-app': ({ tokens }) => ({ authentication: tokens.blingerApp }),
  'blinger-widget': ({ tokens }) => ({ authorization: tokens.blingerWidget }),
  pact: ({ tokens }) => ({ 'x-private-api-token': tokens.pact }),
  linktor: ({ tokens }) => ({ authorization: `Bearer ${tokens.linktor}` }),
  native: ({ tokens }) => ({ authorization: `Bearer ${tokens.native}` }),
}

/** `account.number`, `channels.whatsapp.id`, `conversations.whatsapp.number`, `operators.1.id`, `tokens.pact`, `other.…`. */
export function knownFrom(house: Pick<TestHouse, 'fixture' | 'other' | 'besides'>): Known {
  const known: Known = new Map(house.besides)
  const walk = (path: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return void known.set(path, value)
    for (const [key, inner] of Object.entries(value)) walk(path ? `${path}.${key}` : key, inner)
  }
  for (const [prefix, account] of [
    ['', house.fixture],
    ['other.', house.other.account],
  ] as const) {
    const { id, number, name, owner, channels, conversations, contacts, ...lists } = account
    for (const [list, rows] of Object.entries(inject('extras')[prefix === '' ? 0 : 1] ?? {}))
      walk(`${prefix}${list}`, rows)
    walk(`${prefix}account`, { id, number, name })
    walk(`${prefix}owner`, { ...owner, ...lists.operators[0] })
    for (const [list, rows] of Object.entries(lists)) walk(`${prefix}${list}`, rows)
    for (const channel of channels) {
      walk(`${prefix}channels.${channel.kind}`, channel)
      walk(
        `${prefix}conversations.${channel.kind}`,
        conversations.find((row) => row.channelId === channel.id),
      )
      walk(
        `${prefix}contacts.${channel.kind}`,
        contacts.find((row) => row.channelId === channel.id),
      )
    }
  }
  for (const [path, value] of [...known])
    if (typeof value === 'string' && UUID.test(value)) known.set(`${path}:hex`, value.replaceAll('-', ''))
  return known
}

/** Puts known values in; a placeholder that is a whole string keeps its value's type. */
export function fill(template: unknown, known: Known): unknown {
  if (typeof template === 'string') {
    const whole = WHOLE.exec(template)?.[1]
    if (whole !== undefined && known.has(whole)) return known.get(whole)
    return template.replace(PLACEHOLDER, (text, name: string) =>
      known.has(name) ? String(known.get(name)) : text,
    )
  }
  if (Array.isArray(template)) return template.map((item) => fill(item, known))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fill(value, known)]))
}
