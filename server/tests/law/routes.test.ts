import { expect, test } from 'vitest'
import { openHouse } from '../house.ts'

test('every route says what it is and what it answers', async () => {
  await using house = await openHouse()
  const told = house.composed.routes.filter(({ schema, url }) => !schema.hide && !url.startsWith('/docs'))
  expect(told.length).toBeGreaterThan(50)
  const mute = told.filter(({ method, schema }) => method !== 'HEAD' && !(schema.summary && schema.response))
  expect(mute.map(({ method, url }) => `${method} ${url}`)).toEqual([])
})

test('each dialect publishes just its own routes', async () => {
  await using house = await openHouse()
  const prefixes: Record<string, RegExp> = {
    'blinger-app': /^\/api\/(conversations|operators|users|custom-app)\//,
    'blinger-widget': /^\/api\/external\/v1\//,
    pact: /^\/p1\//,
    linktor: /^\/v1\//,
    native: /^\/parley\/v1\//,
    visitor: /^\/visitor\/v1\//,
  }
  for (const { name, document } of house.composed.contracts) {
    const { paths, openapi } = document() as { paths: Record<string, unknown>; openapi: string }
    expect(openapi).toBe('3.1.0')
    expect(Object.keys(paths).length, name).toBeGreaterThan(0)
    expect(Object.keys(paths).filter((path) => !prefixes[name]?.test(path))).toEqual([])
  }
})
