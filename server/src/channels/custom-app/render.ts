import type { Outbound } from '../../application/ports/channel-adapter.ts'
import type { Message } from '../../domain/message.ts'
import type { Json, JsonObject } from '../../domain/ref.ts'

/** What a custom app is sent; the vendor's three types and no other. */
export interface CustomAppBody {
  custom_channel_id: string
  client_id: string
  type: 'text' | 'image' | 'file'
  /** The words, or the URL of the file. */
  data: string
  /** Ours, only when a file has a caption: the vendor's body has no room for it. */
  caption?: string
}

/** A message as a custom app reads it: what is neither words nor a file is told in words. */
export function render({ channel, identity, message, fileUrl }: Omit<Outbound, 'token'>): CustomAppBody {
  const to = { custom_channel_id: channel.customAppId ?? channel.id, client_id: identity.externalId }
  if (fileUrl === null) return { ...to, type: 'text', data: words(message) }
  const type = message.kind === 'image' ? 'image' : 'file'
  return { ...to, type, data: fileUrl, ...(message.text !== '' && { caption: message.text }) }
}

function words(message: Message): string {
  const { kind, text } = message
  const details = message.details ?? {}
  if (kind === 'location') return lines([text, ...place(details)])
  if (kind === 'buttons') return lines([text, ...labels(details)])
  if (kind === 'template') return text === '' ? `[${templateName(details)}]` : text
  return text
}

function place({ name, address, latitude, longitude }: JsonObject): string[] {
  const point = `${plain(latitude)},${plain(longitude)}`
  return [plain(name), plain(address), point === ',' ? '' : `geo:${point}`]
}

function labels({ buttons }: JsonObject): string[] {
  if (!Array.isArray(buttons)) return []
  return buttons.map((button, index) => {
    const { title, text, url } = asObject(button)
    const label = plain(title) || plain(text) || (typeof button === 'string' ? button : '')
    return [`${index + 1}. ${label}`, plain(url)].filter(Boolean).join(' ')
  })
}

/** A template is kept as it was sent, or inside a `template` key. */
function templateName(details: JsonObject): string {
  const template = { ...details, ...asObject(details.template) }
  return plain(template.name) || plain(template.id) || 'template'
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function plain(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function lines(texts: string[]): string {
  return texts.filter((text) => text.trim() !== '').join('\n')
}
