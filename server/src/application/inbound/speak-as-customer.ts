import type { Actor } from '../../domain/actor.ts'
import type { Channel, ChannelKind } from '../../domain/channel.ts'
import { phoneDigits } from '../../domain/contact.ts'
import { refuse } from '../../domain/errors.ts'
import { normalizeEmail } from '../../domain/operator.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { ContactFacts } from '../contacts/resolve-contact.ts'
import type { Appended } from '../messages/append.ts'
import type { Tools } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import { receive } from './receive.ts'

/** What a made-up customer says. `from` is what the provider would call them: a phone on WhatsApp. */
export interface SpeakAsCustomer {
  channel: Ref
  from: string
  name?: string
  text: string
  /** The provider's id of the message, as it were: the same one comes only once. */
  providerMessageId?: string
  clientId?: string
}

/** Plays the provider of a sandbox channel, or a visitor of a web chat. Refuses `conflict` for a channel that a real transport moves. */
export async function speakAsCustomer(tools: Tools, actor: Actor, input: SpeakAsCustomer): Promise<Appended> {
  allow(actor, 'channel.speak')
  const channel = await tools.ask(findSandbox, actor, input.channel)
  return receive(tools, actor, {
    channel: { id: channel.id },
    from: { ...factsOf(channel.kind, input.from), name: input.name },
    content: { kind: 'text', text: input.text },
    providerMessageId: input.providerMessageId,
    clientId: input.clientId,
  })
}

async function findSandbox(reader: Reader, _actor: Actor, ref: Ref): Promise<Channel> {
  const channel = (await reader.channels.find(ref)) ?? refuse('not_found', { what: 'channel' })
  if (channel.transport === 'sandbox' || channel.transport === 'webchat') return channel
  return refuse('conflict', { what: 'channel', reason: 'The channel is not a sandbox.' })
}

/** The one form in which a customer is known on the channel, however it is spelt. */
function factsOf(kind: ChannelKind, from: string): ContactFacts {
  if (kind === 'whatsapp') {
    const phone = phoneDigits(from)
    return { externalId: phone, phone }
  }
  if (kind !== 'email' || !from.includes('@')) return { externalId: from }
  const email = normalizeEmail(from)
  return { externalId: email, email }
}
