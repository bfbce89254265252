import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { faultsOf, InvalidRequest, readBody } from './faults.ts'

const faultOfBody = (body: unknown) => {
  try {
    readBody(body)
    return null
  } catch (error) {
    if (error instanceof InvalidRequest) return error.faults[0]?.field
    throw error
  }
}

describe('bodies', () => {
  test('nothing is an empty object, and only objects are bodies', () => {
    expect(readBody(undefined)).toEqual({})
    expect(readBody(null)).toEqual({})
    for (const odd of [[], 'a', 7, true]) expect(faultOfBody(odd)).toBe('body')
  })

  test('what the database cannot keep, or nobody can read', () => {
    const nest = (levels: number): unknown => (levels === 0 ? 1 : [nest(levels - 1)])
    expect(faultOfBody({ a: nest(20) })).toBeNull()
    expect(faultOfBody({ a: nest(21) })).toBe('a')
    expect(faultOfBody({ a: [{ b: 'x\u0000' }] })).toBe('a.0.b')
    expect(faultOfBody({ a: { 'x\udfff': 1 } })).toBe('a')
    expect(faultOfBody({ 'x\u0000': { y: Infinity } })).toBe('body')
    expect(faultOfBody({ a: [Infinity] })).toBe('a.0')
    expect(faultOfBody(JSON.parse('{"a":{"__proto__":1}}'))).toBe('a.__proto__')
    expect(faultOfBody({ a: { constructor: { prototype: 1 } }, emoji: '🧭' })).toBeNull()
  })
})

test('every field is told, however many are wrong', () => {
  const names = Array.from({ length: 30 }, (_, index) => `field${index}`)
  const schema = Type.Object(Object.fromEntries(names.map((name) => [name, Type.String()])))
  const wrong = Object.fromEntries(names.map((name, index) => [name, index]))
  expect(faultsOf(schema, wrong).map(({ field }) => field)).toEqual(names)
  expect(faultsOf(schema, {}).map(({ message }) => message)).toEqual(names.map(() => 'is required'))
  const deep = Type.Object({ a: Type.Object({ b: Type.Array(Type.Object({ c: Type.String() })) }) })
  expect(faultsOf(deep, { a: { b: [{}, { c: 1 }] } }, 'in.')).toEqual([
    { field: 'in.a.b.0.c', message: 'is required' },
    { field: 'in.a.b.1.c', message: 'must be string' },
  ])
})
