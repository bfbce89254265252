import type { WireRequest } from './load.ts'
import type { DemoAccount } from './running-server.ts'

/** A conversation by both of its names. */
export interface Named {
  number: number
  id: string
}

export const TEXT = 'Good morning, your parcel left our house today and should be with you on Thursday.'

export type Door = 'blinger' | 'widget' | 'pact' | 'linktor'

/** How a message is sent through each door: the same words into the conversation given. */
export function createDoors(
  account: DemoAccount,
  channelId: string,
): Record<Door, (to: Named) => WireRequest> {
  const { tokens } = account
  const bare = (id: string) => id.replaceAll('-', '')
  return {
    blinger: ({ number }) =>
      post(
        '/api/conversations/send-message',
        { authentication: tokens.blingerApp },
        {
          conversation_id: number,
          text: TEXT,
        },
      ),
    widget: ({ id }) =>
      post(
        `/api/external/v1/conversation/${id}/send-text-message`,
        { authorization: tokens.blingerWidget },
        { text: TEXT, agentId: account.operators[0]?.id },
      ),
    pact: ({ number }) =>
      post(
        `/p1/companies/${account.number}/conversations/${number}/messages`,
        { 'x-private-api-token': tokens.pact },
        { message: TEXT },
      ),
    linktor: ({ id }) =>
      post(
        '/v1/messages',
        { authorization: `Bearer ${tokens.linktor}` },
        {
          conversationId: `conv_${bare(id)}`,
          channelId: `ch_${bare(channelId)}`,
          content: { type: 'text', text: TEXT },
        },
      ),
  }
}

function post(path: string, headers: Record<string, string>, body: object): WireRequest {
  const json = { 'content-type': 'application/json', ...headers }
  return { method: 'POST', path, headers: json, body: JSON.stringify(body) }
}
