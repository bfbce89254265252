import { describe, expect, test } from 'vitest'
import { isStorable, unstorablePath } from './text.ts'

describe('unstorablePath', () => {
  test.each([
    ['plain words', { text: 'Grüße 👋', list: ['a', { b: null }] }, null],
    ['nothing', undefined, null],
    ['a NUL', { text: 'a\0b' }, 'text'],
    ['half a surrogate pair', { info: { names: ['ok', '\ud83d'] } }, 'info.names.1'],
    ['a bad key', { info: { 'a\0': 1 } }, 'info'],
    ['a text alone', '\0', ''],
  ])('%s', (_title, value, path) => {
    expect(unstorablePath(value)).toBe(path)
  })

  test('nesting deeper than any stack', () => {
    const deep: unknown = JSON.parse('['.repeat(300_000) + '"\\u0000"' + ']'.repeat(300_000))
    expect(unstorablePath(deep)).not.toBeNull()
  })
})

test('isStorable', () => {
  expect(isStorable('👋')).toBe(true)
  expect(isStorable('\udc4b')).toBe(false)
})
