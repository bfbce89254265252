import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { watchRoutes } from './wrong-method.ts'

test('knows which methods a path answers, also with parameters, queries and odd characters', async () => {
  const app = fastify()
  let allowedAt = watchRoutes(app)
  await app.register(
    async (scope) => {
      allowedAt = watchRoutes(scope)
      scope.get('/things/:id', async () => 'one')
      scope.put('/things/:id', async () => 'changed')
      scope.post('/things/all.json', async () => 'all')
    },
    { prefix: '/v1' },
  )
  await app.ready()
  expect(allowedAt('/v1/things/7?x=1')).toEqual(['GET', 'HEAD', 'PUT'])
  expect(allowedAt('/v1/things/all.json/')).toEqual(['GET', 'HEAD', 'POST', 'PUT'])
  expect(allowedAt('/v1/things/allxjson')).toEqual(['GET', 'HEAD', 'PUT'])
  expect(allowedAt('/v1/things/7/parts')).toEqual([])
  expect(allowedAt('/things/7')).toEqual([])
})
