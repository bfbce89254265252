import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import { actingAs, expectProblem, idsOf, nobodys, readAll } from './native-desk.ts'

interface Entry {
  id: string
  action: string
  actor: { kind: string; id: string | null; operatorId: string | null; name: string | null }
  target: { kind: string; id: string } | null
  address: string | null
  facts: Record<string, unknown>
  createdAt: string
}

let house: TestHouse
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house[Symbol.asyncDispose]())

const read = async (query: Record<string, unknown> = {}): Promise<Entry[]> => {
  const reply = await house.native.get('/audit', { limit: 100, ...query })
  expect(reply.status, reply.text).toBe(200)
  return reply.body.items
}
const anna = () => idsOf(house).operator(1)

/** Some deeds, the last first. */
async function busy() {
  const role = await house.native.post('/roles', { name: 'Own', scope: 'own', permissions: [] })
  await house.native.patch(`/operators/${anna()}`, { role: 'custom', roleId: role.body.id })
  const token = await house.native.post('/tokens', { kind: 'pact', name: 'P' })
  await house.native.delete(`/tokens/${token.body.id}`)
  return { roleId: role.body.id, tokenId: token.body.id }
}

describe('the log', () => {
  test('says who did what to what, from where and when, newest first', async () => {
    const { tokenId } = await busy()
    const entries = await read()
    expect(entries.slice(0, 4).map(({ action }) => action)).toEqual([
      ...['token.revoked', 'token.created', 'operator.updated', 'role.created'],
    ])
    expect(entries[0]).toEqual({
      id: expect.stringMatching(/^audit_\d+$/),
      action: 'token.revoked',
      actor: {
        kind: 'token',
        id: expect.stringMatching(/^token_[0-9a-f]{32}$/),
        operatorId: idsOf(house).operator(0),
        name: 'demo',
      },
      target: { kind: 'token', id: tokenId },
      address: '127.0.0.1',
      facts: { tokenId },
      createdAt: expect.stringMatching(/^2026-03-02T/),
    })
  })

  test('names things as the rest of the API does, whatever an event calls them', async () => {
    const conversation = house.account.conversations[2]
    const [group, channel] = [idsOf(house).group(1), idsOf(house).channel('whatsapp')]
    await house.blingerApp.post('/conversations/assign-group', {
      ...{ conversation_id: conversation?.number, group_id: house.account.groups[1]?.number },
    })
    await house.blingerApp.post('/conversations/assign-operator', {
      ...{ conversation_id: conversation?.number, operator_id: house.account.operators[1]?.number },
    })
    await house.native.patch(`/channels/${channel}`, { name: 'W' })
    const [changed, assigned, grouped] = await read()
    expect(changed?.facts).toEqual({ channelId: channel, changed: ['name'] })
    expect(assigned?.facts).toMatchObject({
      ...{ assignee: { kind: 'operator', id: anna(), name: 'Anna Berg' }, previous: null },
      conversationId: expect.stringMatching(/^conv_[0-9a-f]{32}$/),
    })
    expect(grouped?.facts).toMatchObject({
      ...{ groupId: group, previousGroupId: idsOf(house).group(0) },
    })
  })

  test('by pages, and by every filter', async () => {
    const { roleId, tokenId } = await busy()
    const all = await read()
    expect(await readAll(house.native, '/audit', 2)).toEqual(all)
    const actions = async (query: Record<string, unknown>) => (await read(query)).map(({ action }) => action)
    expect(await actions({ action: 'token' })).toEqual(
      all.map(({ action }) => action).filter((action) => action.startsWith('token.')),
    )
    expect(await actions({ action: 'token.revoked' })).toEqual(['token.revoked'])
    expect(await actions({ action: 'tok' })).toEqual([])
    expect(await actions({ targetKind: 'token', targetId: tokenId })).toEqual([
      'token.revoked',
      'token.created',
    ])
    expect(await actions({ targetKind: 'role', targetId: roleId })).toEqual(['role.created'])
    expect(await actions({ targetKind: 'operator' })).toContain('operator.updated')
    expect(await actions({ targetKind: 'role', targetId: 'no id' })).toEqual([])
    expect(await read({ operatorId: idsOf(house).operator(0) })).toHaveLength(
      all.filter(({ actor }) => actor.operatorId === idsOf(house).operator(0)).length,
    )
    expect(await actions({ operatorId: anna() })).toEqual([])
    const [, second] = all
    expect((await read({ from: second?.createdAt })).map(({ id }) => id)).toEqual(
      all.filter(({ createdAt }) => createdAt >= (second?.createdAt ?? '')).map(({ id }) => id),
    )
    expect((await read({ before: second?.createdAt })).map(({ id }) => id)).toEqual(
      all.filter(({ createdAt }) => createdAt < (second?.createdAt ?? '')).map(({ id }) => id),
    )
  })

  test('is refused', async () => {
    for (const query of [
      ...[{ from: 'yesterday' }, { before: '2026-02-30' }, { targetId: 'x' }, { limit: 0 }, { cursor: 'x' }],
      ...[{ unknown: 1 }, { action: ' ' }, { action: 'a\0b' }],
    ] as Record<string, unknown>[])
      expect((await house.native.get('/audit', query)).status, JSON.stringify(query)).toBe(400)
    expectProblem(await house.native.get('/audit', { operatorId: 'nobody' }), 404, 'not_found')
    expect(await read({ operatorId: nobodys('op') })).toEqual([])
    const reader = await actingAs(house, house.account.operators[1]?.id)
    expectProblem(await reader.get('/audit'), 403, 'forbidden')
    expectProblem(await reader.get('/audit/export?format=csv'), 403, 'forbidden')
  })

  test('is each account’s own', async () => {
    await busy()
    const theirs = (await house.other.native.get('/audit', { limit: 100 })).body.items
    const ours = new Set((await read()).map(({ id }) => id))
    expect(theirs.filter(({ id }: Entry) => ours.has(id))).toEqual([])
    const crossed = { operatorId: idsOf(house).operator(0) }
    expect((await house.other.native.get('/audit', crossed)).body.items).toEqual([])
  })

  test('is only ever added to', async () => {
    await busy()
    const before = await read()
    for (const statement of [
      `update audit_entry set address = null`,
      `delete from audit_entry`,
      `truncate audit_entry`,
      `delete from audit_entry where account_id = '${house.account.id}'`,
    ])
      await expect(house.sql(statement)).rejects.toThrow('the audit log is only ever added to')
    expect(await read()).toEqual(before)
  })
})

describe('the export', () => {
  test('as lines of JSON, and is itself in the log', async () => {
    await busy()
    const before = await read()
    const reply = await house.native.get('/audit/export', { format: 'jsonl', action: 'token' })
    expect(reply.headers['content-type']).toBe('application/jsonl; charset=utf-8')
    expect(reply.headers['content-disposition']).toBe('attachment; filename="audit.jsonl"')
    const lines = reply.text.split('\n')
    expect(lines.pop()).toBe('')
    expect(lines.map((line) => JSON.parse(line) as Entry)).toEqual(
      before.filter(({ action }) => action.startsWith('token.')),
    )
    const [own, ...rest] = await read()
    expect(own).toMatchObject({
      action: 'audit.exported',
      facts: { format: 'jsonl', by: ['action'] },
      target: null,
    })
    expect(own?.actor.operatorId).toBe(idsOf(house).operator(0))
    expect(rest).toEqual(before)
  })

  test('as CSV, in which no cell is a formula', async () => {
    await house.sql(`update token set name = '=HYPERLINK("http://x";"a")' where kind = 'native'`)
    await busy()
    const reply = await house.native.get('/audit/export', { format: 'csv' })
    expect(reply.headers['content-type']).toBe('text/csv; charset=utf-8')
    const [head, first] = reply.text.split('\r\n')
    expect(head).toBe(
      '"id","createdAt","action","actorKind","actorId","operatorId","actorName","targetKind","targetId","address","facts"',
    )
    expect(first).toContain(`"'=HYPERLINK(""http://x"";""a"")"`)
    expect(reply.text).not.toMatch(/(^|,)"[=+\-@\t\r＝＋－＠]/m)
    expect(reply.text.split('\r\n')).toHaveLength((await read()).length + 1)
    for (const query of [{}, { format: 'xls' }, { format: 'csv', limit: 5 }])
      expect((await house.native.get('/audit/export', query)).status).toBe(400)
  })

  test('goes through all pages, in order, each entry once', async () => {
    await house.sql(
      `insert into audit_entry (account_id, action, actor_kind, facts, created_at)
         select $1, 'token.created', 'system', jsonb_build_object('n', n), '2026-01-01' from generate_series(1, 1203) n`,
      [house.account.id],
    )
    const { text } = await house.native.get('/audit/export', {
      format: 'jsonl',
      before: '2026-01-02T00:00:00Z',
    })
    const numbers = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as Entry).facts.n)
    expect(numbers).toEqual(Array.from({ length: 1203 }, (_, index) => 1203 - index))
  })
})
