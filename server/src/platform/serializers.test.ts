import fastify from 'fastify'
import { expect, test } from 'vitest'
import { shareSerializers } from './serializers.ts'

const Name = { type: 'object', properties: { name: { type: 'string' } } }
const Count = { type: 'object', properties: { count: { type: 'integer' } } }

test('each answer keeps to its own schema, whoever else has it', async () => {
  const given = { name: 'Ines', count: 3, secret: 'x' }
  for (let time = 0; time < 2; time += 1) {
    const app = fastify()
    await shareSerializers(app)
    app.get('/name', { schema: { response: { 200: Name, 404: Count } } }, async () => given)
    app.get('/again', { schema: { response: { 200: Name } } }, async () => given)
    app.get('/count', { schema: { response: { 200: Count } } }, async () => given)
    app.get('/none', { schema: { response: { 404: Count } } }, async (_request, reply) =>
      reply.code(404).send(given),
    )
    app.get(
      '/typed',
      { schema: { response: { 200: { content: { 'application/json': { schema: Name } } } } } },
      async () => given,
    )
    await app.ready()
    for (const [url, shown] of Object.entries({
      ...{ '/name': { name: 'Ines' }, '/again': { name: 'Ines' }, '/typed': { name: 'Ines' } },
      ...{ '/count': { count: 3 }, '/none': { count: 3 } },
    }))
      expect((await app.inject({ url })).json(), url).toEqual(shown)
    await app.close()
  }
})

test('a schema is made a serializer of once, however many answers have it', async () => {
  let looks = 0
  const schema = {
    type: 'object',
    get properties() {
      looks += 1
      return Name.properties
    },
  }
  const looksFor = async (routes: number) => {
    looks = 0
    const app = fastify()
    await shareSerializers(app)
    for (let route = 0; route < routes; route += 1)
      app.get(`/${route}`, { schema: { response: { 200: schema } } }, async () => ({ name: 'Ines' }))
    await app.ready()
    expect((await app.inject({ url: '/0' })).json()).toEqual({ name: 'Ines' })
    await app.close()
    return looks
  }
  const first = await looksFor(1)
  const [one, two] = [await looksFor(10), await looksFor(20)]
  // What the framework itself looks at for each route stays; what a serializer is made of is not looked at again.
  expect(two - one).toBe(one)
  expect(one).toBeLessThan(first * 10)
})
