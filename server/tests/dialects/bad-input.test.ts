import { expect, test } from 'vitest'
import { openHouse } from '../house.ts'
import { PERSONAL, PUBLIC } from '../people-requests.ts'
import { SAMPLES } from '../requests.ts'
import { VISITING } from '../visitor-requests.ts'
import { tryBadInput } from './bad-input.ts'

tryBadInput(SAMPLES.filter(({ dialect }) => dialect !== 'native'))

test('every route has a sample to bend', async () => {
  await using house = await openHouse()
  const known = new Set(
    [...SAMPLES, ...PUBLIC, ...PERSONAL, ...VISITING].map(({ method, route }) => `${method} ${route}`),
  )
  const routes = house.composed.routes
    .filter(({ method, url, schema }) => method !== 'HEAD' && !schema.hide && !url.startsWith('/docs'))
    .map(({ method, url }) => `${method} ${url.replace(/^\/api\/v1\//, '/v1/')}`)
    .filter((route) => !/\[0-9a-f\]|\/avatars\//.test(route))
  expect(routes.filter((route) => !known.has(route))).toEqual([])
})
