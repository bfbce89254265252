import { expect, test } from 'vitest'
import { JsonRefused, readJson } from './json.ts'

const nested = (levels: number) => `${'{"a":['.repeat(levels / 2)}1${']}'.repeat(levels / 2)}`

test.each(['{}', '[]', 'null', '"x"', '1.5', ' {"a" : [1, {"b": "c"}]} ', '"\\""', '{"a":"}}]]::\\"{"}'])(
  '%s is read as ever',
  (text) => {
    expect(readJson(text)).toEqual(JSON.parse(text))
  },
)

test.each(['', '{', '{"a":', '"open', '{"a":1}}', 'undefined', "{'a':1}", '\ufeff{}'])(
  '%j is refused',
  (text) => {
    expect(() => readJson(text)).toThrow(new JsonRefused('The body is not JSON'))
  },
)

test('64 levels are read, one more is not, and what stands in strings is no level', () => {
  expect(readJson(nested(64))).toBeDefined()
  expect(() => readJson(`[${nested(64)}]`)).toThrow('nested deeper than 64 levels')
  expect(readJson(JSON.stringify({ a: '[{"'.repeat(1000) }))).toBeDefined()
  expect(readJson(`[${'[],{},'.repeat(1000)}1]`)).toHaveLength(2001)
})

test('20,000 keys are read, one more is not', () => {
  const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"${index}":":"`).join()}}`
  expect(Object.keys(readJson(keys(20_000)) as object)).toHaveLength(20_000)
  expect(() => readJson(keys(20_001))).toThrow('more than 20000 keys')
})

test.each([
  '{"__proto__":{"polluted":true}}',
  '{"\\u005f_proto__":{"polluted":true}}',
  '{"\\u005F\\u005fPROTO__":1,"a":[{"__prot\\u006f__":1}]}',
  '{"a":{"b":[{"constructor":{"prototype":{"polluted":true}}}]}}',
  '{"a":{"c\\u006fnstructor":{"prototype":null}}}',
])('%s is refused', (text) => {
  expect(() => readJson(text)).toThrow('forbidden key')
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test.each(['{"constructor":"Ferrari"}', '{"prototype":{}}', '{"a":"__proto__"}', '{"protocol":"\\u00e5"}'])(
  '%s is an honest body',
  (text) => {
    expect(readJson(text)).toEqual(JSON.parse(text))
  },
)
