import type { ContactFacts } from '../../application/contacts/resolve-contact.ts'
import type { ReceiveFile } from '../../application/inbound/receive-file.ts'
import type { ReceiveMessage } from '../../application/inbound/receive-message.ts'
import type { Channel } from '../../domain/channel.ts'
import { phoneDigits } from '../../domain/contact.ts'
import { DomainError, refuse } from '../../domain/errors.ts'
import { VARCHAR } from './accept.ts'
import type { Params } from './params.ts'
import { flagParam, neededText, objectParam, textParam } from './params.ts'

export type Received = { text: ReceiveMessage } | { file: ReceiveFile }

/** A custom app's message. The app names its channel besides showing the channel's token; the two must agree. */
export function acceptReceived(params: Params, channel: Channel): Received {
  const appId = neededText(params, 'custom_channel_id', VARCHAR)
  const from = acceptClient(params)
  const type = neededText(params, 'type', VARCHAR)
  const data = neededText(params, 'data')
  if (appId !== channel.customAppId) refuse('not_found', { what: 'channel' })
  const received = {
    channel: { id: channel.id },
    from,
    providerMessageId: textParam(params, 'message_id', VARCHAR),
    echo: acceptEcho(params),
    isSilent: flagParam(params, 'disable_webhook'),
  }
  if (type === 'text') return { text: { ...received, content: { kind: 'text', text: data } } }
  if (type === 'image' || type === 'file') return { file: { ...received, url: data.trim() } }
  return refuse('invalid', { field: 'type' })
}

function acceptClient(params: Params): ContactFacts {
  return {
    externalId: neededText(params, 'client_id', VARCHAR),
    name: textParam(params, 'client_name', VARCHAR),
    phone: acceptPhone(textParam(params, 'client_phone', VARCHAR)),
    extraFields: objectParam(params, 'info'),
  }
}

/** What was typed into a phone field somewhere else is no reason to lose a message: it is left out when it is no phone. */
function acceptPhone(text: string | undefined): string | undefined {
  try {
    return text && phoneDigits(text)
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}

/** `echo_outgoing` alone says both. */
function acceptEcho(params: Params): ReceiveMessage['echo'] {
  const isOutgoing = flagParam(params, 'echo_outgoing')
  const isEcho = flagParam(params, 'echo')
  return isEcho || isOutgoing ? { isOutgoing } : undefined
}
