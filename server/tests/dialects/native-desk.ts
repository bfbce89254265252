import { expect } from 'vitest'
import { createToken } from '../../src/application/tokens/create-token.ts'
import { systemActor } from '../../src/domain/actor.ts'
import { EVERY_PERMISSION, type Permission } from '../../src/domain/permissions.ts'
import type { Client, Reply, Tenant, TestHouse } from '../house.ts'

/** An id as the native API writes it. */
export const nativeId = (prefix: string, uuid: string | undefined) =>
  `${prefix}_${(uuid ?? '').replaceAll('-', '')}`

/** Nobody's id, with a prefix. */
export const nobodys = (prefix: string) => nativeId(prefix, '0198c0de-0000-7000-8000-000000000000')

/** Ids of an account's furniture. Operators: 0 is the owner. */
export function idsOf({ account }: Pick<Tenant, 'account'>) {
  return {
    channel: (kind: string) => nativeId('ch', account.channels.find((row) => row.kind === kind)?.id),
    operator: (index: number) => nativeId('op', account.operators[index]?.id),
    group: (index: number) => nativeId('group', account.groups[index]?.id),
    bot: (index: number) => nativeId('bot', account.bots[index]?.id),
  }
}

/** A refusal as RFC 9457 has it. */
export function expectProblem(reply: Reply, status: number, code: string, detail?: RegExp): void {
  expect(reply.status, reply.text).toBe(status)
  expect(reply.body).toMatchObject({ status, code, type: `urn:parley:problem:${code}` })
  expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/)
  if (detail) expect(reply.body.detail).toMatch(detail)
}

/** The same API with another token. */
export function withToken(client: Client, secret: string): Client {
  const authorization = `Bearer ${secret}`
  return {
    get: (path, query, headers) => client.get(path, query, { authorization, ...headers }),
    post: (path, body, headers) => client.post(path, body, { authorization, ...headers }),
    put: (path, body, headers) => client.put(path, body, { authorization, ...headers }),
    patch: (path, body, headers) => client.patch(path, body, { authorization, ...headers }),
    delete: (path, body, headers) => client.delete(path, body, { authorization, ...headers }),
  }
}

/** A client that speaks for an operator, with all that the operator may do or less. */
export async function actingAs(
  house: TestHouse,
  operator: string | undefined,
  permissions?: Permission[],
): Promise<Client> {
  const actor = systemActor(house.account.id, EVERY_PERMISSION)
  const input = { kind: 'native' as const, name: 'a test', permissions, operator: { id: operator ?? '' } }
  return withToken(house.native, (await house.composed.tools.act(createToken, actor, input)).secret)
}

/** Everything of a list, page by page. */
export async function readAll(client: Client, path: string, limit: number): Promise<{ id: string }[]> {
  const items = []
  for (let cursor: string | undefined, pages = 0; pages < 100; pages += 1) {
    const { status, body, text } = await client.get(path, cursor ? { limit, cursor } : { limit })
    expect(status, text).toBe(200)
    expect(Object.keys(body)).toEqual(['items', 'nextCursor'])
    items.push(...body.items)
    expect(body.items.length).toBeLessThanOrEqual(limit)
    if (body.nextCursor === null) return items
    cursor = body.nextCursor
  }
  throw new Error('The list does not end.')
}
