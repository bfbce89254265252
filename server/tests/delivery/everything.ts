import { expect } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { openWriter } from '../event-reader.ts'
import { visit } from '../visitor/visitor-desk.ts'

export const hex = (id: string) => id.replaceAll('-', '')
export const conversationOn = (house: TestHouse, kind: string) => {
  const channel = house.fixture.channels.find((one) => one.kind === kind)!
  return house.fixture.conversations.find(({ channelId }) => channelId === channel.id)!
}

const ADA = { name: 'Ada', status: 'online', active: true }

/** One deed after the other until every kind of event has happened; what takes days, or another's help, is only recorded. */
export async function doEverything(house: TestHouse): Promise<void> {
  const { fixture } = house
  const chat = conversationOn(house, 'webchat')
  const [, anna, boris] = fixture.operators
  const conversation_id = chat.number
  const linktorPath = `/conversations/conv_${hex(chat.id)}`
  const deeds = [
    () => house.blingerApp.post('/conversations/start', { conversation_id, operator_id: anna!.number }),
    () => house.blingerApp.post('/conversations/send-note', { conversation_id, text: 'a note between us' }),
    () => house.blingerApp.post('/conversations/send-message', { conversation_id, text: 'Yes, we do.' }),
    () =>
      house.blingerApp.post('/conversations/send-message', {
        ...{ conversation_id: conversationOn(house, 'whatsapp').number, text: 'Yes, we do.' },
      }),
    () =>
      house.blingerApp.post('/conversations/assign-group', {
        conversation_id,
        group_id: fixture.groups[1]!.number,
      }),
    () => house.linktor.post(`${linktorPath}/transfer`, { toAssigneeId: `user_${hex(boris!.id)}` }),
    () => house.linktor.patch(linktorPath, { priority: 'high' }),
    () => house.blingerWidget.post(`/conversation/${chat.id}/request-review`, {}),
    () => house.blingerApp.post('/conversations/unassign', { conversation_id }),
    () => house.blingerApp.post('/conversations/close', { conversation_id }),
    () => house.blingerApp.post('/conversations/start', { conversation_id }),
    () => house.blingerWidget.post('/agent', { serviceUserId: 's-1', ...ADA }),
    () => house.blingerWidget.patch(`/agent/${anna!.id}`, { name: 'Anna B.' }),
    () => house.blingerApp.post('/operators/delete', { operator_id: boris!.number }),
    () =>
      house.native.post('/sandbox/messages', {
        channelId: fixture.channels.find(({ kind }) => kind === 'telegram')!.id,
        ...{ from: '700901', name: 'Kim', text: 'Hello' },
      }),
    () =>
      house.blingerApp.post('/users/update', {
        blinger_user_id: fixture.contacts[0]!.number,
        name: 'Ines M.',
      }),
  ]
  for (const deed of [...deeds, ...(await rating(house)), ...furnishing(house)]) {
    const reply = await deed()
    expect(reply.status, reply.text).toBeLessThan(300)
  }
  await house.settle()
  await using writer = await openWriter(house.databaseUrl, house.fixture.id)
  const [token] = await house.sql<{ id: string }>('select id from token')
  await writer.insert('token.revoked', { tokenId: token!.id })
  const [webhook] = await house.sql<{ id: string }>('select id from webhook')
  await writer.insert('webhook.paused', { webhookId: webhook!.id, reason: 'failing' })
  await writer.insert('webhook.replayed', { webhookId: webhook!.id, count: 2 })
}

/** A visitor is asked for a review, changes its mind, and stays with it. */
async function rating(house: TestHouse): Promise<(() => Promise<Reply>)[]> {
  const visitor = await visit(house)
  await visitor.says('Thank you')
  const { state } = (await visit(house, { token: visitor.token })).session
  const { body } = await house.blingerWidget.post(`/conversation/${state.conversationId}/request-review`, {})
  const answer = (isConfirmed: boolean) => () =>
    visitor.ask('PUT', `/reviews/${body.data.review.id}`, { mark: 4, isConfirmed })
  return [answer(false), answer(true)]
}

/** What happens to what an account is made of: everything that is made is changed, then taken away. */
function furnishing(house: TestHouse): (() => Promise<Reply>)[] {
  const { native, fixture } = house
  const made = new Map<string, string>()
  const make = (path: string, body: object) => async () => {
    const reply = await native.post(path, body)
    made.set(path, `${path}/${reply.body.id}`)
    return reply
  }
  const change = (path: string, body: object) => () => native.patch(made.get(path) ?? '', body)
  const remove = (path: string) => () => native.delete(made.get(path) ?? '')
  const cycle = (path: string, born: object, changed: object) => [
    ...[make(path, born), change(path, changed), remove(path)],
  ]
  const accept = async () => {
    const { body } = await native.post('/invitations', { email: 'joins@x.example', role: 'viewer' })
    const token = String(body.link).split('#')[1]
    return house.request({
      method: 'POST',
      url: '/parley/v1/invitations/accept',
      payload: { token, password: 'my own password' },
    })
  }
  return [
    ...cycle('/channels', { kind: 'custom_app', name: 'Shop', customAppId: 'shop' }, { name: 'Shop 2' }),
    ...cycle('/groups', { title: 'Night', color: '#112233' }, { title: 'Day' }),
    ...cycle('/roles', { name: 'Reader', permissions: ['message.read'], scope: 'own' }, { scope: 'groups' }),
    ...cycle('/bots', { name: 'Helper' }, { name: 'Helper 2' }),
    ...cycle('/webhooks', { url: 'https://93.184.216.34/', isActive: false }, { isActive: true }),
    () => native.patch('/account', { description: 'Books' }),
    ...[make('/invitations', { email: 'asked@x.example', role: 'viewer' }), remove('/invitations'), accept],
    () => native.delete(`/contacts/contact_${hex(fixture.contacts[3]!.id)}`),
  ]
}
