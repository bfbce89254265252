import { describe, expect, test } from 'vitest'
import type { Attachment, AttachmentKind } from '../../domain/attachment.ts'
import type { Message, MessageKind } from '../../domain/message.ts'
import type { JsonObject } from '../../domain/ref.ts'
import { presentContent } from './present-content.ts'

const present = (
  kind: MessageKind,
  text: string,
  more: { details?: JsonObject; attachment?: Attachment } = {},
) =>
  presentContent(
    { kind, text, details: more.details ?? null, attachment: more.attachment ?? null } as Message,
    'https://x',
  )

const file = (kind: AttachmentKind, originalName: string | null = null) =>
  ({ kind, path: '/aa/bb/cc/name.bin', originalName }) as Attachment

describe('content', () => {
  test('of files', () => {
    const url = 'https://x/aa/bb/cc/name.bin'
    expect(present('image', '', { attachment: file('image', 'a.png') })).toEqual({ type: 'image', url })
    expect(present('video', 'Look', { attachment: file('video') })).toEqual({
      type: 'video',
      url,
      caption: 'Look',
    })
    expect(present('audio', '', { attachment: file('audio') })).toEqual({ type: 'audio', url })
    expect(present('file', '', { attachment: file('file') })).toEqual({ type: 'document', url })
    expect(present('file', 'Read', { attachment: file('file', 'a.pdf') })).toEqual({
      type: 'document',
      url,
      filename: 'a.pdf',
      caption: 'Read',
    })
  })

  test('of words', () => {
    expect(present('text', 'Hello')).toEqual({ type: 'text', text: 'Hello' })
    expect(present('review', 'How was it?')).toEqual({ type: 'text', text: 'How was it?' })
    const quickReplies = [{ id: 'a', title: 'A' }]
    expect(present('text', 'Which?', { details: { quickReplies, other: 1 } })).toEqual({
      type: 'text',
      text: 'Which?',
      quickReplies,
    })
  })

  test('of what is more than words; what others stored otherwise still has its shape', () => {
    const place = { latitude: 0, longitude: -10.5, name: 'Quay' }
    expect(present('location', '', { details: place })).toEqual({ type: 'location', ...place })
    const buttons = [{ type: 'reply', id: 'y', title: 'Yes' }]
    expect(present('buttons', 'Sure?', { details: { buttons } })).toEqual({
      type: 'buttons',
      text: 'Sure?',
      buttons,
    })
    expect(present('buttons', 'Sure?')).toEqual({ type: 'buttons', text: 'Sure?', buttons: [] })
    const template = { name: 'ready', language: { code: 'en' } }
    expect(present('template', '', { details: { template } })).toEqual({ type: 'template', template })
    expect(present('template', '')).toEqual({ type: 'template', template: {} })
  })
})
