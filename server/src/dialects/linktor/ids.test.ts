import { assert, constantFrom, property, string, uuid } from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { IdKind } from './ids.ts'
import { NOBODY, readAssigneeId, readId, refOf, writeDoerId, writeId } from './ids.ts'

const KINDS: IdKind[] = ['conversation', 'message', 'channel', 'contact', 'user', 'bot', 'key']
const UUID = '01a1fc48-5a55-76f0-a7fa-7ebc2bc4eb53'

describe('ids', () => {
  test('are read back as they were written, by their own kind alone', () => {
    assert(
      property(uuid(), constantFrom(...KINDS), constantFrom(...KINDS), (uuid, kind, other) => {
        const written = writeId(kind, uuid)
        expect(written).toMatch(/^[a-z]+_[0-9a-f]{32}$/)
        expect(readId(other, written)).toBe(other === kind ? uuid : null)
      }),
    )
  })

  test('anything else names nobody', () => {
    const hex = UUID.replaceAll('-', '')
    for (const odd of [
      '',
      'conv_',
      hex,
      `conv_${UUID}`,
      `conv_${hex.toUpperCase()}`,
      ` conv_${hex}`,
      `conv_${hex}\n`,
    ])
      expect(refOf('conversation', odd)).toEqual({ id: NOBODY })
    assert(
      property(string(), (odd) => {
        expect(readId('bot', odd)).toBeNull()
      }),
    )
  })

  test('users and bots are told apart by their prefix', () => {
    expect(readAssigneeId(writeId('user', UUID))).toEqual({ kind: 'user', id: UUID })
    expect(readAssigneeId(writeId('bot', UUID))).toEqual({ kind: 'bot', id: UUID })
    expect(readAssigneeId(writeId('contact', UUID))).toBeNull()
  })

  test('who did it', () => {
    const written = (kind: 'operator' | 'bot' | 'contact' | 'token' | 'system') =>
      writeDoerId({ kind, id: kind === 'system' ? null : UUID, name: '' }).split('_')[0]
    expect([written('operator'), written('bot'), written('contact')]).toEqual(['user', 'bot', 'contact'])
    expect([written('token'), written('system')]).toEqual(['key', 'system'])
  })
})
