import { describe, expect, test } from 'vitest'
import { DomainError } from '../../domain/errors.ts'
import { presentError } from './errors.ts'
import {
  filterRef,
  flagParam,
  integerParam,
  neededRef,
  neededText,
  objectParam,
  textParam,
  textsParam,
} from './params.ts'

/** What the client is told when the reading is refused. */
function said(read: () => unknown): unknown {
  try {
    return { read: read() }
  } catch (error) {
    if (error instanceof DomainError) return presentError(error).error
    throw error
  }
}

describe('integers', () => {
  test.each([
    [2, 2],
    ['2', 2],
    [' 2 ', 2],
    ['+7', 7],
    [-3, -3],
    [undefined, undefined],
    [null, undefined],
    ['', undefined],
  ])('%j is %j', (written, read) => {
    expect(integerParam({ id: written }, 'id')).toBe(read)
  })

  test.each([
    [[3]],
    [{ $gt: 0 }],
    [1.5],
    ['1.5'],
    [1e300],
    ['9'.repeat(40)],
    ['0x10'],
    ['1e3'],
    [true],
    ['\0'],
  ])('%j is refused', (written) => {
    expect(said(() => neededRef({ conversation_id: written }, 'conversation_id'))).toBe(
      'conversation_id is invalid',
    )
  })

  test('a list’s filter never refuses: what names nobody fits nothing', () => {
    expect(filterRef({ group_id: 'x' }, 'group_id')).toEqual({ number: 0 })
    expect(filterRef({ group_id: '4' }, 'group_id')).toEqual({ number: 4 })
    expect(filterRef({ group_id: '' }, 'group_id')).toBeNull()
  })
})

describe('texts', () => {
  test('a number without quotes is its digits', () => {
    expect(textParam({ client_id: 77 }, 'client_id')).toBe('77')
    expect(said(() => textParam({ client_id: 1e21 }, 'client_id'))).toBe('client_id is invalid')
  })

  test.each([['a\0b'], ['\ud800'], [['a']], [{ a: 1 }], [true]])('%j is refused', (written) => {
    expect(said(() => textParam({ text: written }, 'text'))).toBe('text is invalid')
  })

  test.each([[''], ['  \n'], [null], [undefined]])('%j is empty', (written) => {
    expect(said(() => neededText({ text: written }, 'text'))).toBe('text is empty')
  })

  test('what is longer than its column is refused', () => {
    expect(said(() => textParam({ name: 'x'.repeat(256) }, 'name', 255))).toBe('name is invalid')
  })

  test('tags come as an array or with commas', () => {
    expect(textsParam({ tags: ['a', ' b '] }, 'tags', 10)).toEqual(['a', 'b'])
    expect(textsParam({ tags: 'a, b,' }, 'tags', 10)).toEqual(['a', 'b'])
    expect(said(() => textsParam({ tags: [['a']] }, 'tags', 10))).toBe('tags is invalid')
  })
})

test.each([
  [1, true],
  ['1', true],
  [true, true],
  ['true', true],
  [0, false],
  ['0', false],
  [false, false],
  ['false', false],
  [undefined, false],
])('the flag %j is %j', (written, read) => {
  expect(flagParam({ disable_webhook: written }, 'disable_webhook')).toBe(read)
})

test('a flag is nothing else', () => {
  expect(said(() => flagParam({ disable_webhook: 2 }, 'disable_webhook'))).toBe('disable_webhook is invalid')
})

describe('facts', () => {
  test('an object, or its JSON text', () => {
    expect(objectParam({ info: { city: 'Oslo' } }, 'info')).toEqual({ city: 'Oslo' })
    expect(objectParam({ info: '{"city":"Oslo"}' }, 'info')).toEqual({ city: 'Oslo' })
  })

  const deep = (levels: number): unknown => (levels === 0 ? {} : { a: deep(levels - 1) })
  test.each([['x'], ['[1]'], [[1]], [3], [{ a: 'b\0' }], [{ 'b\0': 1 }], [deep(100)]])(
    '%j is refused',
    (written) => {
      expect(said(() => objectParam({ info: written }, 'info'))).toBe('info is invalid')
    },
  )
})
