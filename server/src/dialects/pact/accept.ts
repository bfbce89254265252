import type { CreateConversation } from '../../application/conversations/create-conversation.ts'
import type { Append, Content } from '../../application/messages/append.ts'
import type { Keyset, MessageQuery, Order } from '../../application/ports/reader.ts'
import type { ChannelKind } from '../../domain/channel.ts'
import type { JsonObject, Ref } from '../../domain/ref.ts'
import type { Cursors } from './cursor.ts'
import type { Params } from './fields.ts'
import { flagOf, integerOf, invalid, itemsOf, nameOf, objectOf, phoneOf, textOf, wordsOf } from './fields.ts'

const MOST_ATTACHMENTS = 100
const MOST_BUTTONS = 20

/** One row more than the page shows is asked for, so that the last page is known as such. */
export interface PageRequest {
  keyset: Keyset
  /** The same by the exclusive bounds of a message list. */
  bounds: Pick<MessageQuery, 'afterSeq' | 'beforeSeq' | 'order'> & { limit: number }
  per: number
}

/** An unreadable token, and one of the other direction, begin anew; without a direction the token's holds. */
export function acceptPage(params: Params, cursors: Cursors, list: string): PageRequest {
  const token = textOf(params, params['from'] === undefined ? 'from_' : 'from') ?? ''
  if (token.length > 255) invalid('from', 'must not be more than 255 symbols')
  const per = integerOf(params, 'per') ?? 50
  if (per < 1 || per > 100) invalid('per', 'must be between 1 and 100')
  const asked = acceptDirection(params)
  const place = cursors.read(list, token)
  const isUsable = place !== null && (asked === undefined || asked === place.order)
  const order = asked ?? place?.order ?? 'asc'
  const after = isUsable ? place.after : null
  const bound = after === null ? {} : order === 'asc' ? { afterSeq: after } : { beforeSeq: after }
  const limit = per + 1
  return { keyset: { after, order, limit }, bounds: { ...bound, order, limit }, per }
}

function acceptDirection(params: Params): Order | undefined {
  const field = params['sort_direction'] === undefined ? 'sort' : 'sort_direction'
  const word = textOf(params, field)?.toLowerCase()
  if (!word) return undefined
  return word === 'asc' || word === 'desc' ? word : invalid(field, 'must be asc or desc')
}

/** `text` is documented as required for whatsapp and sent by no client; the switch takes the documents at their word. */
export function acceptNewConversation(params: Params, isTextRequired: boolean): CreateConversation {
  const provider = acceptProvider(params)
  const text = wordsOf(params, 'text')
  if (text === undefined && (isTextRequired || provider === 'telegram_personal'))
    invalid('text', 'is required')
  return {
    channel: { firstOf: provider },
    with: acceptCorrespondent(params, provider),
    whenActive: 'accept',
    first: text === undefined ? undefined : { kind: 'text', text },
    sendToCrm: flagOf(params, 'send_to_crm') ?? true,
  }
}

function acceptProvider(params: Params): 'whatsapp' | 'telegram_personal' {
  const provider = textOf(params, 'provider')
  if (!provider) invalid('provider', 'is required')
  if (provider === 'whatsapp' || provider === 'telegram_personal') return provider
  if (provider === 'whatsapp_business')
    invalid('provider', 'write first to whatsapp_business with a template, through the channel')
  return invalid('provider', 'must be whatsapp or telegram_personal')
}

function acceptCorrespondent(params: Params, provider: ChannelKind): CreateConversation['with'] {
  const phone = phoneOf(params, 'phone')
  if (provider === 'whatsapp') return { phone: phone ?? invalid('phone', 'is required') }
  const username = nameOf(params, 'username')?.replace(/^@/, '')
  if (phone !== undefined && username) invalid('username', 'must not be used together with phone')
  if (phone !== undefined) return { phone }
  return username ? { username } : invalid('phone', 'phone or username is required')
}

/** The first message to a phone through a given channel; `message` in the tables and the SDKs, `text` in the examples. */
export function acceptWriteFirst(params: Params, channel: Ref): CreateConversation {
  if (objectOf(params, 'template'))
    invalid('template', 'is for whatsapp_business channels, and this server has none')
  const text = wordsOf(params, 'message') ?? wordsOf(params, 'text')
  return {
    channel,
    kinds: ['whatsapp', 'telegram_personal'],
    with: { phone: phoneOf(params, 'phone') ?? invalid('phone', 'is required') },
    whenActive: 'accept',
    first: { kind: 'text', text: text ?? invalid('message', 'is required') },
    sendToCrm: flagOf(params, 'send_to_crm') ?? true,
  }
}

/** The empty string clears the note. */
export function acceptNote(params: Params): string {
  return textOf(params, 'note') ?? invalid('note', 'is required')
}

/** The messages one request makes: messengers carry one file each, so several files are several messages, in order. */
export function acceptMessages(params: Params, conversation: Ref): Append[] {
  const sendToCrm = flagOf(params, 'send_to_crm') ?? true
  const contents = acceptContents(params)
  if (contents.length === 0) invalid('message', 'message, attachments_ids or interactive is required')
  return contents.map((content) => ({ conversation, speaker: { operator: 'actor' }, content, sendToCrm }))
}

/** The words are the caption of the first file; with buttons they belong to the buttons, which come last. */
function acceptContents(params: Params): Content[] {
  const text = wordsOf(params, 'message')
  const buttons = acceptButtons(params)
  const caption = buttons ? '' : (text ?? '')
  const files = acceptAttachments(params).map((number, index): Content => ({
    kind: 'file',
    text: index === 0 ? caption : '',
    file: { attachment: { number } },
  }))
  if (buttons) {
    const words = text ?? invalid('message', 'is required with interactive')
    return [...files, { kind: 'buttons', text: words, details: buttons }]
  }
  return files.length > 0 || text === undefined ? files : [{ kind: 'text', text }]
}

function acceptAttachments(params: Params): number[] {
  return itemsOf(params, 'attachments_ids', MOST_ATTACHMENTS).map((item) => {
    const number = integerOf({ attachments_ids: item }, 'attachments_ids')
    return number ?? invalid('attachments_ids', 'must be an array of integers')
  })
}

/** Pact's buttons are bare titles. */
function acceptButtons(params: Params): JsonObject | undefined {
  const interactive = objectOf(params, 'interactive')
  if (!interactive) return undefined
  if (interactive['type'] !== 'button') invalid('interactive', 'type must be button')
  const titles = itemsOf(interactive, 'buttons', MOST_BUTTONS)
  if (titles.length === 0) invalid('interactive', 'buttons must not be empty')
  const buttons = titles.map((title) => ({
    type: 'reply',
    title: nameOf({ interactive: title }, 'interactive') ?? invalid('interactive', 'a button has no title'),
  }))
  return { buttons }
}
