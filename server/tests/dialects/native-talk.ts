import type { Reply, TestHouse } from '../house.ts'

export interface Guest {
  conversationId: string
  contactId: string
  messageId: string
}

export interface NativeDesk {
  channel(kind: string): string
  /** The UUID of a public id, and back. */
  uuid(id: string): string
  publicId(prefix: string, uuid: string): string
  /** Somebody new writes on Telegram. */
  guest(name: string, text?: string): Promise<Guest>
  deed(
    talk: { conversationId: string },
    verb: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Reply>
}

/** What tests of the native API do again and again. */
export function nativeDesk(house: TestHouse): NativeDesk {
  const channel = (kind: string) => house.fixture.channels.find((one) => one.kind === kind)?.id ?? ''
  return {
    channel,
    uuid: (id) => id.replace(/^[a-z]+_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    publicId: (prefix, uuid) => `${prefix}_${uuid.replaceAll('-', '')}`,
    guest: async (from, text = 'Hello') => {
      const said = { channelId: channel('telegram'), from, name: `Guest ${from}`, text }
      const { body } = await house.native.post('/sandbox/messages', said)
      return { conversationId: body.conversationId, contactId: body.contactId, messageId: body.id }
    },
    deed: ({ conversationId }, verb, body, headers) =>
      house.native.post(`/conversations/${conversationId}/${verb}`, body, headers),
  }
}

/** Has an operator, and so the token that acts for it, see only some conversations. */
export async function limitReach(house: TestHouse, operatorId: string, scope: 'own' | 'groups' | null) {
  await house.sql(`update operator set scope = $2 where id = $1`, [operatorId, scope])
}
