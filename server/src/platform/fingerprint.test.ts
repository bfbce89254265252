import { assert, jsonValue, property } from 'fast-check'
import { expect, test } from 'vitest'
import { fingerprintOf } from './fingerprint.ts'

const print = (value: unknown) => fingerprintOf(value).toString('hex')

test('two values have one fingerprint when they are the same JSON, whatever the order of keys', () => {
  assert(
    property(jsonValue(), jsonValue(), (one, other) => {
      expect(print(one)).toBe(print(shuffled(one)))
      expect(print(one) === print(other)).toBe(canonical(one) === canonical(other))
    }),
    { numRuns: 500 },
  )
})

/** The same value with every object's keys in the opposite order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, shuffled(inner)]),
  )
}

/** The plain way, by recursion. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(Object.is(value, -0) ? 0 : value)
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join()}}`
}

test('what looks alike and is not', () => {
  const values = [
    ...[
      undefined,
      null,
      'null',
      'undefined',
      0,
      '0',
      false,
      'false',
      '',
      [],
      {},
      [[]],
      [null],
      [''],
      '[]',
      '{}',
    ],
    ...[[1, 2], [12], ['1,2'], [1, [2]], [[1], 2], { a: 1 }, { 'a:1': 1 }, { a: { b: 1 } }, { a: 1, b: 1 }],
    ...[['a', 'b'], ['a,b'], ['a","b'], { a: undefined }, { a: null }, JSON.parse('{"__proto__":1}')],
    ...[JSON.parse('1e999'), JSON.parse('-1e999'), '\ud800', '\ud801', '\ufffd'],
  ]
  expect(new Set(values.map(print)).size).toBe(values.length)
})

test('depth and length are no trouble', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)
  const long: unknown = JSON.parse(`[${'1,'.repeat(400_000)}1]`)
  expect(print(deep)).not.toBe(print(long))
})
