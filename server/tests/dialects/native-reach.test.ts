import { describe, expect, test } from 'vitest'
import { openHouse } from '../house.ts'
import { limitReach, nativeDesk } from './native-talk.ts'

const NOBODY = '0198c0de-0000-7000-8000-00000000dead'

describe('an operator of limited scope', () => {
  test('finds nothing of what is not before it, by whatever route', async () => {
    await using apart = await openHouse()
    const there = nativeDesk(apart)
    const hidden = await there.guest('hidden')
    const held = await there.guest('held')
    const [owner, anna] = apart.fixture.operators
    await there.deed(hidden, 'assign', { assigneeId: anna!.id })
    await there.deed(held, 'assign', { assigneeId: owner!.id })
    await limitReach(apart, owner!.id, 'own')
    const path = `/conversations/${hidden.conversationId}`
    const unknown = await apart.native.get(`/conversations/${NOBODY}`)
    const tries = [
      apart.native.get(path),
      apart.native.get(`${path}/participants`),
      apart.native.get(`${path}/messages`),
      apart.native.get(`/messages/${hidden.messageId}`),
      apart.native.patch(path, { priority: 'high' }),
      apart.native.post(`${path}/messages`, { text: 'x' }),
      apart.native.post(`${path}/notes`, { text: 'x' }),
      apart.native.post(`${path}/files`, { url: 'http://127.0.0.1:1/x' }),
      ...['unassign', 'take', 'close', 'reopen', 'read', 'review', 'snooze'].map((verb) =>
        there.deed(hidden, verb),
      ),
      there.deed(hidden, 'assign', { assigneeId: owner!.id }),
      there.deed(hidden, 'transfer', { assigneeId: owner!.id }),
      there.deed(hidden, 'group', { groupId: apart.fixture.groups[1]!.id }),
    ]
    for (const reply of await Promise.all(tries)) {
      expect(reply.status, reply.text).toBe(404)
      expect(reply.text.replaceAll('message', 'conversation')).toBe(unknown.text)
    }
    const listed = await apart.native.get('/conversations', { limit: 100 })
    expect(listed.body.items.map(({ id }: { id: string }) => id)).toEqual([held.conversationId])
    for (const query of [
      { contactId: hidden.contactId },
      { assignee: anna!.id },
      { search: 'Guest hidden' },
      { queue: 'unread', assignee: anna!.id },
    ])
      expect((await apart.native.get('/conversations', query)).body.items).toEqual([])
    // What is there and not to be seen is in the way all the same, and is not shown.
    const again = await apart.native.post('/conversations', {
      channelId: there.channel('telegram'),
      address: 'hidden',
    })
    expect(again.status).toBe(409)
    expect(again.body.code).toBe('conversation_exists')
    expect(again.text).not.toContain(hidden.conversationId)
  })

  test('of groups sees those of its groups, its own, and what belongs to none', async () => {
    await using apart = await openHouse()
    const there = nativeDesk(apart)
    const [first, second] = apart.fixture.groups
    const [owner] = apart.fixture.operators
    const talks = [await there.guest('g-1'), await there.guest('g-2'), await there.guest('g-3')]
    await apart.sql(`update conversation set group_id = $1 where account_id = $2`, [
      first!.id,
      apart.fixture.id,
    ])
    await apart.sql(`update conversation set group_id = $1 where id = $2`, [
      second!.id,
      there.uuid(talks[1]!.conversationId),
    ])
    await apart.sql(`update conversation set assignee_id = $1 where id = $2`, [
      owner!.id,
      there.uuid(talks[2]!.conversationId),
    ])
    await apart.sql(`delete from operator_group_member where operator_id = $1`, [owner!.id])
    await apart.sql(
      `insert into operator_group_member (account_id, group_id, operator_id) values ($1, $2, $3)`,
      [apart.fixture.id, second!.id, owner!.id],
    )
    await limitReach(apart, owner!.id, 'groups')
    const listed = await apart.native.get('/conversations', { limit: 100 })
    expect(listed.body.items.map(({ id }: { id: string }) => id).toSorted()).toEqual(
      [talks[1]!, talks[2]!].map(({ conversationId }) => conversationId).toSorted(),
    )
    const contacts = await apart.native.get('/contacts', { limit: 100 })
    expect(contacts.body.items.map(({ id }: { id: string }) => id).toSorted()).toEqual(
      [talks[1]!, talks[2]!].map(({ contactId }) => contactId).toSorted(),
    )
  })
})
