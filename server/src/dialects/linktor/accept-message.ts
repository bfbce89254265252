import type { WriteMessage, Wording } from '../../application/messages/write-message.ts'
import type { JsonObject } from '../../domain/ref.ts'
import { asJson, metadataFaults } from './accept.ts'
import type { Fault } from './faults.ts'
import { faultsOf, InvalidRequest, isObject, readBody } from './faults.ts'
import { refOf } from './ids.ts'
import type { ContentType } from './schema/content.ts'
import * as wire from './schema/content.ts'
import { readTime } from './time.ts'
import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

/** A content type there is no word for; told apart from a mistake in a known one. */
export class UnsupportedContent extends Error {
  override readonly name = 'UnsupportedContent'
}

const Envelope = Type.Omit(wire.SendMessageBody, ['content'])

export function acceptMessage(raw: unknown): WriteMessage {
  const given = readBody(raw)
  const content = isObject(given.content) ? flatten(given.content) : given.content
  const faults = [
    ...faultsOf(Envelope, given),
    ...metadataFaults(given.metadata),
    ...recipientFaults(given),
    ...scheduleFaults(given.scheduledAt),
    ...contentFaults(content),
  ]
  if (faults.length > 0 || !Value.Check(Envelope, given)) throw new InvalidRequest(faults)
  const { channelId, conversationId, to = '', metadata, scheduledAt } = given
  return {
    channel: refOf('channel', channelId),
    to:
      conversationId === undefined
        ? { address: to.trim() }
        : { conversation: refOf('conversation', conversationId) },
    wording: wordingOf(content),
    metadata: asJson(metadata),
    scheduledAt: scheduledAt === undefined ? undefined : readTime(scheduledAt)?.at,
  }
}

function recipientFaults({ conversationId, to }: Record<string, unknown>): Fault[] {
  if (conversationId !== undefined) return []
  if (to === undefined) return [{ field: 'to', message: 'is required without conversationId' }]
  const isBlank = typeof to === 'string' && to !== '' && to.trim() === ''
  return isBlank ? [{ field: 'to', message: 'must not be blank' }] : []
}

function scheduleFaults(scheduledAt: unknown): Fault[] {
  if (typeof scheduledAt !== 'string' || readTime(scheduledAt)) return []
  return [{ field: 'scheduledAt', message: 'must be an ISO 8601 date or time' }]
}

/** The channel guides write `image: { url }` where the API page writes `url`; both are taken. */
function flatten(content: Record<string, unknown>): Record<string, unknown> {
  const { type } = content
  const nested = typeof type === 'string' && NESTABLE.has(type) ? content[type] : null
  return isObject(nested) ? { ...nested, ...content } : content
}

const NESTABLE = new Set<string>(['image', 'document', 'audio', 'video', 'location'] satisfies ContentType[])

function contentFaults(content: unknown): Fault[] {
  if (content === undefined) return [{ field: 'content', message: 'is required' }]
  if (!isObject(content)) return [{ field: 'content', message: 'must be object' }]
  if (content.type === undefined) return [{ field: 'content.type', message: 'is required' }]
  if (typeof content.type !== 'string') return [{ field: 'content.type', message: 'must be string' }]
  if (!wire.isContentType(content.type))
    throw new UnsupportedContent(`there is no content type ${JSON.stringify(content.type.slice(0, 60))}`)
  return [...faultsOf(wire.CONTENTS[content.type], content, 'content.'), ...buttonFaults(content)]
}

function buttonFaults({ type, buttons }: Record<string, unknown>): Fault[] {
  if (type !== 'buttons' || !Array.isArray(buttons)) return []
  return buttons.flatMap((button: unknown, index) => {
    if (!isObject(button)) return []
    const needed = button.type === 'reply' ? 'id' : 'url'
    const isKnown = button.type === 'reply' || button.type === 'url'
    if (!isKnown || button[needed] !== undefined) return []
    return [{ field: `content.buttons.${index}.${needed}`, message: 'is required' }]
  })
}

function wordingOf(content: unknown): Wording {
  if (Value.Check(wire.TextContent, content)) return textOf(content)
  if (Value.Check(wire.LocationContent, content))
    return { kind: 'location', text: '', details: locationOf(content) }
  if (Value.Check(wire.ButtonsContent, content))
    return { kind: 'buttons', text: content.text, details: { buttons: content.buttons.map(buttonOf) } }
  if (Value.Check(wire.TemplateContent, content))
    return { kind: 'template', text: '', details: { template: { ...asJson(content.template) } } }
  if (Value.Check(wire.DocumentContent, content))
    return { kind: 'file', text: content.caption ?? '', url: content.url, name: content.filename }
  if (Value.Check(wire.ImageContent, content) || Value.Check(wire.VideoContent, content))
    return { kind: 'file', text: content.caption ?? '', url: content.url }
  if (Value.Check(wire.AudioContent, content)) return { kind: 'file', text: '', url: content.url }
  throw new Error('Content without faults is of no known kind.')
}

function textOf({ text, quickReplies }: Static<typeof wire.TextContent>): Wording {
  if (!quickReplies || quickReplies.length === 0) return { kind: 'text', text }
  return {
    kind: 'text',
    text,
    details: { quickReplies: quickReplies.map(({ id, title }) => ({ id, title })) },
  }
}

function locationOf(content: Static<typeof wire.LocationContent>): JsonObject {
  const { latitude, longitude, name, address } = content
  return {
    latitude,
    longitude,
    ...(name !== undefined && { name }),
    ...(address !== undefined && { address }),
  }
}

function buttonOf({ type, id, title, url }: Static<typeof wire.Button>): JsonObject {
  return { type, title, ...(id !== undefined && { id }), ...(url !== undefined && { url }) }
}
