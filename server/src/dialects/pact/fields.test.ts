import { describe, expect, test } from 'vitest'
import { flagOf, integerOf, itemsOf, nameOf, objectOf, phoneOf, textOf, wordsOf } from './fields.ts'

const NONSENSE = [
  {},
  [],
  ['1'],
  { $gt: 0 },
  1.5,
  Number.NaN,
  2 ** 53,
  '1e3',
  '0x10',
  '9007199254740993',
  'x',
  ' ',
]

describe('integerOf', () => {
  test.each([
    [7, 7],
    ['7', 7],
    [' 7 ', 7],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%j is %j', (value, expected) => expect(integerOf({ n: value }, 'n')).toBe(expected))

  test.each([...NONSENSE, true])('refuses %j', (value) =>
    expect(() => integerOf({ n: value }, 'n')).toThrow('integer'),
  )
})

describe('flagOf', () => {
  test.each(['true', 'TRUE', '1', 1, true, 't', 'on', 'Yes'])('%j is true', (value) =>
    expect(flagOf({ f: value }, 'f')).toBe(true),
  )
  test.each(['false', '0', 0, false, 'f', 'off', 'NO'])('%j is false', (value) =>
    expect(flagOf({ f: value }, 'f')).toBe(false),
  )
  test.each([...NONSENSE, 2, 'maybe'])('refuses %j', (value) =>
    expect(() => flagOf({ f: value }, 'f')).toThrow('boolean'),
  )
})

describe('phoneOf', () => {
  test.each([
    ['79250000001', '79250000001'],
    ['+47 (9000) 01-01', '4790000101'],
    ['89250000001', '79250000001'],
    [79250000001, '79250000001'],
    ['', undefined],
  ])('%j is %j', (value, expected) => expect(phoneOf({ phone: value }, 'phone')).toBe(expected))

  test.each([...NONSENSE, '123456789', '1234567890123456', '++4790000101'])('refuses %j', (value) =>
    expect(() => phoneOf({ phone: value }, 'phone')).toThrow(),
  )
})

test('texts, words, names, items and objects', () => {
  expect(textOf({ t: ' a ' }, 't')).toBe(' a ')
  expect(() => textOf({ t: 5 }, 't')).toThrow('string')
  expect(wordsOf({ t: '  ' }, 't')).toBeUndefined()
  expect(nameOf({ t: ' kim ' }, 't')).toBe('kim')
  expect(() => nameOf({ t: 'x'.repeat(256) }, 't')).toThrow('255')
  expect(itemsOf({ i: 5 }, 'i', 9)).toEqual([5])
  expect(itemsOf({ i: { 0: 'a', 7: 'b' } }, 'i', 9)).toEqual(['a', 'b'])
  expect(() => itemsOf({ i: [1, 2] }, 'i', 1)).toThrow('more than 1')
  expect(() => objectOf({ o: [] }, 'o')).toThrow('object')
})
