import { NOBODY, writeId } from './ids.ts'
import { named, type Told } from './present-told.ts'
import { writeTime } from './time.ts'

/** What a test in the name of an event tells: a resource of its kind that is nobody's, and of the ping the webhook itself. */
export function testData(event: string, webhookId: string, at: Date): Told {
  const [family = ''] = event.split('.')
  const of = FAMILIES.get(event === 'bot.handoff' ? 'conversation' : family)
  return of ? of(event, writeTime(at)) : { ...named('webhook', webhookId), attributes: {} }
}

const somebody = { id: writeId('contact', NOBODY), name: 'Test Contact' }
const channel = { id: writeId('channel', NOBODY), type: 'webchat', name: 'Test Channel' }
const text = { type: 'text', text: 'This is a test.' }

const SAMPLES: Record<string, (event: string, at: string) => Told> = {
  message: (event, createdAt) => {
    const isInbound = event === 'message.received'
    return {
      id: writeId('message', NOBODY),
      type: 'message',
      attributes: {
        ...{ conversationId: writeId('conversation', NOBODY), channelId: channel.id },
        direction: isInbound ? 'inbound' : 'outbound',
        from: isInbound ? somebody.id : channel.id,
        to: isInbound ? channel.id : somebody.id,
        content: text,
        status: isInbound ? 'delivered' : event.slice('message.'.length),
        ...{ metadata: {}, createdAt },
      },
    }
  },
  conversation: (event, createdAt) => ({
    id: writeId('conversation', NOBODY),
    type: 'conversation',
    attributes: {
      ...{ status: event === 'conversation.closed' ? 'closed' : 'open', channel, unreadCount: 0 },
      ...{ messageCount: 0, metadata: {}, createdAt, updatedAt: createdAt },
      ...{ contact: { ...somebody, metadata: {} }, tags: [] },
    },
  }),
  contact: (_, createdAt) => ({
    ...named('contact', NOBODY),
    attributes: { name: somebody.name, tags: [], metadata: {}, createdAt, updatedAt: createdAt },
  }),
  channel: (_, createdAt) => ({
    ...named('channel', NOBODY),
    attributes: {
      ...{ name: channel.name, channelType: channel.type, status: 'active', config: {} },
      ...{ createdAt, updatedAt: createdAt },
    },
  }),
  bot: (_, createdAt) => ({
    ...named('bot', NOBODY),
    attributes: { name: 'Test Bot', createdAt, updatedAt: createdAt },
  }),
}
const FAMILIES = new Map(Object.entries(SAMPLES))
