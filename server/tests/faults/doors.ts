// The doors through which messages are sent in fault tests: with a key of the client's own, and without.
import type { DemoAccount } from '../../src/main/demo.ts'
import type { Chance } from './chance.ts'

export type DoorName = 'contact' | 'agent' | 'customer' | 'keylessCustomer' | 'keylessOperator'

/** A message that is about to be sent. */
export interface Intent {
  index: number
  door: DoorName
  /** Which of the demo's accounts. */
  account: number
  /** A conversation's id or number, or a custom app's client; as the door names it. */
  to: string
  text: string
  /** The client's own id of it; null for a door that has none. */
  key: string | null
  /** The operator who signs it, where the door asks. */
  agent?: string
  /** Meant to be refused. */
  isWrong?: boolean
}

export interface WireRequest {
  path: string
  headers: Record<string, string>
  body: object
}

/** How the door says which message it acknowledges: by the UUID or by the integer of its row. */
export type IdName = 'id' | 'number'

interface Door {
  acknowledges: IdName
  draft(account: DemoAccount, chance: Chance): Pick<Intent, 'to' | 'key' | 'agent'>
  request(account: DemoAccount, intent: Intent): WireRequest
}

/** Customers of a custom app who write for the first time during the test, and again and again. */
const CUSTOMERS = 40

const widget: Omit<Door, 'draft'> = {
  acknowledges: 'id',
  request: ({ tokens }, { to, key, text, agent }) => ({
    path: `/api/external/v1/conversation/${to}/send-text-message`,
    headers: { authorization: tokens.blingerWidget },
    body: { uuid: key, text, agentId: agent },
  }),
}

const customApp: Omit<Door, 'draft'> = {
  acknowledges: 'number',
  request: ({ channels }, { to, key, text }) => {
    const channel = customAppOf(channels)
    return {
      path: '/api/custom-app/message',
      headers: { authorization: `Bearer ${channel.token}` },
      body: {
        custom_channel_id: channel.customAppId,
        ...{ client_id: to, type: 'text', data: text, message_id: key ?? undefined },
      },
    }
  },
}

const blingerApp: Omit<Door, 'draft'> = {
  acknowledges: 'number',
  request: ({ tokens }, { to, text }) => ({
    path: '/api/conversations/send-message',
    headers: { authentication: tokens.blingerApp },
    body: { conversation_id: Number(to), text },
  }),
}

export const DOORS: Record<DoorName, Door> = {
  contact: {
    ...widget,
    draft: (account, chance) => ({ to: chance.pick(account.conversations).id, key: chance.uuid() }),
  },
  agent: {
    ...widget,
    draft: (account, chance) => ({
      ...{ to: chance.pick(account.conversations).id, key: chance.uuid() },
      agent: chance.pick(account.operators).id,
    }),
  },
  customer: {
    ...customApp,
    draft: (_account, chance) => ({ to: `customer-${chance.below(CUSTOMERS)}`, key: chance.uuid() }),
  },
  keylessCustomer: {
    ...customApp,
    draft: (_account, chance) => ({ to: `customer-${chance.below(CUSTOMERS)}`, key: null }),
  },
  keylessOperator: {
    ...blingerApp,
    draft: (account, chance) => ({ to: String(chance.pick(account.conversations).number), key: null }),
  },
}

export function customAppOf(channels: DemoAccount['channels']) {
  const channel = channels.find(({ kind }) => kind === 'custom_app')
  if (!channel) throw new Error('The account has no custom app.')
  return channel
}
