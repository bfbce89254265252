import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { expectRefusal, idsOf } from './linktor-desk.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house[Symbol.asyncDispose]())

const token = () => ({ authorization: `Bearer ${house.fixture.tokens.linktor}` })

test('the same API at both prefixes', async () => {
  for (const prefix of ['/v1', '/api/v1']) {
    const reply = await house.request({ method: 'GET', url: `${prefix}/conversations`, headers: token() })
    expect(reply.body.data).toHaveLength(5)
    expectRefusal(await house.request({ method: 'GET', url: `${prefix}/nothing` }), 404, 'RESOURCE_NOT_FOUND')
    const wrong = await house.request({ method: 'DELETE', url: `${prefix}/conversations` })
    expectRefusal(wrong, 405, 'METHOD_NOT_ALLOWED')
  }
})

describe('credentials', () => {
  const get = (authorization?: string) =>
    house.request({
      method: 'GET',
      url: '/v1/conversations',
      headers: authorization ? { authorization } : {},
    })

  test('none, or of another kind', async () => {
    for (const header of [undefined, 'Bearer', 'Bearer ', 'Basic bm9ib2R5', house.fixture.tokens.linktor])
      expectRefusal(await get(header), 401, 'AUTHENTICATION_REQUIRED')
  })

  test('wrong, or for another door', async () => {
    const { pact, native, linktor } = house.fixture.tokens
    for (const secret of ['nobody', pact, native, `${linktor}x`, 'x'.repeat(5000)])
      expectRefusal(await get(`Bearer ${secret}`), 401, 'INVALID_API_KEY')
    expect((await get(`bearer  ${linktor}`)).status).toBe(200)
  })

  test('asked before anything is read', async () => {
    const reply = await house.request({ method: 'POST', url: '/v1/conversations', payload: '{"broken' })
    expectRefusal(reply, 401, 'AUTHENTICATION_REQUIRED')
  })
})

describe('the request id', () => {
  const get = (id?: string) =>
    house.linktor.get('/conversations', {}, id === undefined ? {} : { 'x-request-id': id })

  test('is echoed when it is sane, else made', async () => {
    expect((await get('3f0c-trace.1:a_b')).headers['x-request-id']).toBe('3f0c-trace.1:a_b')
    for (const odd of [undefined, '', 'a b', '<script>', 'x'.repeat(129)])
      expect((await get(odd)).headers['x-request-id']).toMatch(/^req_[0-9a-f]{32}$/)
  })

  test('is in the body of refusals', async () => {
    const reply = await house.linktor.get('/nothing', {}, { 'x-request-id': 'trace-7' })
    expect(reply.body.meta).toEqual({ requestId: 'trace-7' })
  })
})

describe('paths and methods', () => {
  test('a known path refuses other methods and names its own', async () => {
    const id = idsOf(house).conversation('whatsapp')
    const cases = [
      ['PUT', '/v1/conversations', 'GET, HEAD, POST'],
      ['DELETE', `/v1/conversations/${id}`, 'GET, HEAD, PATCH, PUT'],
      ['GET', `/v1/conversations/${id}/close`, 'POST'],
      ['HEAD', '/v1/messages', 'POST'],
      ['PATCH', '/v1/messages', 'POST'],
      ['POST', '/v1/channels', 'GET, HEAD'],
      ['OPTIONS', '/v1/channels', 'GET, HEAD'],
    ] as const
    for (const [method, url, allow] of cases) {
      const reply = await house.request({ method, url, headers: token() })
      expect([method, url, reply.status, reply.headers.allow]).toEqual([method, url, 405, allow])
    }
    const head = await house.request({ method: 'HEAD', url: '/v1/conversations', headers: token() })
    expect([head.status, head.text]).toEqual([200, ''])
  })

  test('families that are not here are not found', async () => {
    for (const path of ['/bots', '/flows', '/contacts', '/messages/msg_1', '/', ''])
      expectRefusal(await house.linktor.post(path, {}), 404, 'RESOURCE_NOT_FOUND')
  })
})

describe('bodies', () => {
  const path = () => `/conversations/${idsOf(house).conversation('telegram')}`
  const patch = (body: string | Buffer | undefined, type?: string) =>
    house.linktor.patch(path(), body, type ? { 'content-type': type } : {})

  test('JSON, whatever it is called; nothing counts as an empty object', async () => {
    for (const type of ['application/json', 'application/json; charset=utf-8', 'application/vnd.api+json'])
      expect((await patch('{"priority":"low"}', type)).body.data.attributes.priority).toBe('low')
    for (const body of ['', '  ']) expect((await patch(body, 'application/json')).status).toBe(200)
    expect((await patch(undefined)).status).toBe(200)
  })

  test('no JSON', async () => {
    for (const body of ['{', '{"a":1,}', 'nonsense', '{"a":\u00001}', "{'a':1}"]) {
      const error = expectRefusal(await patch(body, 'application/json'), 400, 'VALIDATION_ERROR')
      expect(error).toEqual({ code: 'VALIDATION_ERROR', message: 'Invalid JSON' })
    }
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonx',
    ])
      expectRefusal(await patch('{"priority":"low"}', type), 415, 'VALIDATION_ERROR')
  })

  test('no object', async () => {
    for (const body of ['[]', '7', '"text"', 'true'])
      expectRefusal(await patch(body, 'application/json'), 400, 'VALIDATION_ERROR', ['body'])
  })

  test('too long, too deep, or with numbers that are none', async () => {
    const long = JSON.stringify({ metadata: { a: 'x'.repeat(2_000_000) } })
    expectRefusal(await patch(long, 'application/json'), 413, 'VALIDATION_ERROR')
    const deep = (levels: number) => `{"metadata":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`
    expectRefusal(await patch(deep(60), 'application/json'), 400, 'VALIDATION_ERROR', ['metadata'])
    const deepest = expectRefusal(await patch(deep(50_000), 'application/json'), 400, 'VALIDATION_ERROR', [])
    expect(deepest.message).toBe('The JSON is nested deeper than 64 levels')
    expectRefusal(await patch('{"metadata":{"a":1e999}}', 'application/json'), 400, 'VALIDATION_ERROR', [
      'metadata.a',
    ])
  })
})
