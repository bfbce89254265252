import type { Sample } from './sample.ts'

const FILE = 'http://127.0.0.1:1/picture.png'

const native = (
  method: Sample['method'],
  route: string,
  path: string,
  given: Pick<Sample, 'query' | 'body'> = {},
): Sample => ({
  dialect: 'native',
  method,
  route: `/parley/v1/${route}`,
  path: `/parley/v1/${path}`,
  ...given,
})
const TALK = 'conversations/{{conversations.whatsapp.id}}'
const OF_CONVERSATION = 'conversations/:id'
const PERSON = 'contacts/{{contacts.whatsapp.id}}'
const ASSIGNEE = 'op_{{operators.1.id:hex}}'

export const TALKING: Sample[] = [
  native('GET', 'conversations', 'conversations', {
    query: {
      ...{ limit: 10, status: 'open', queue: 'unassigned', channelId: 'ch_{{channels.whatsapp.id:hex}}' },
      ...{ contactId: 'contact_{{contacts.whatsapp.id:hex}}', groupId: '{{groups.0.id}}', assignee: 'none' },
      tag: 'vip',
    },
  }),
  native('GET', 'conversations', 'conversations', {
    query: { search: 'atlas', assignee: ASSIGNEE, cursor: 'x' },
  }),
  native('POST', 'conversations', 'conversations', {
    body: {
      ...{ channelId: 'ch_{{channels.whatsapp.id:hex}}', contact: { phone: '+4790000777', name: 'Kim' } },
      ...{ assigneeId: ASSIGNEE, botId: 'bot_{{bots.0.id:hex}}', tags: ['one'], metadata: { a: 1 } },
      message: { text: 'Hello' },
    },
  }),
  native('GET', OF_CONVERSATION, TALK),
  native('PATCH', OF_CONVERSATION, TALK, {
    body: { status: 'pending', priority: 'high', tags: ['two'], metadata: { a: 1 }, note: 'likes maps' },
  }),
  native('GET', `${OF_CONVERSATION}/participants`, `${TALK}/participants`),
  native('GET', 'tags', 'tags', { query: { limit: 10, prefix: 'v', cursor: 'x' } }),
  native('POST', `${OF_CONVERSATION}/assign`, `${TALK}/assign`, {
    body: { assigneeId: ASSIGNEE, note: 'for you' },
  }),
  native('POST', `${OF_CONVERSATION}/unassign`, `${TALK}/unassign`, { body: {} }),
  native('POST', `${OF_CONVERSATION}/transfer`, `${TALK}/transfer`, {
    body: { assigneeId: ASSIGNEE, reason: 'speaks it', summary: 'wants maps', notifyContact: true },
  }),
  native('POST', `${OF_CONVERSATION}/take`, `${TALK}/take`, { body: {} }),
  native('POST', `${OF_CONVERSATION}/group`, `${TALK}/group`, { body: { groupId: '{{groups.1.id}}' } }),
  native('POST', `${OF_CONVERSATION}/snooze`, `${TALK}/snooze`, {
    body: { until: '2036-01-01T00:00:00Z' },
  }),
  native('POST', `${OF_CONVERSATION}/close`, `${TALK}/close`, {
    body: { reason: 'done', resolution: 'resolved', note: 'all well' },
  }),
  native('POST', `${OF_CONVERSATION}/reopen`, `${TALK}/reopen`, { body: {} }),
  native('POST', `${OF_CONVERSATION}/read`, `${TALK}/read`, { body: {} }),
  native('POST', `${OF_CONVERSATION}/review`, `${TALK}/review`, { body: {} }),
  native('GET', `${OF_CONVERSATION}/messages`, `${TALK}/messages`, { query: { limit: 10, afterSeq: 1 } }),
  native('POST', `${OF_CONVERSATION}/messages`, `${TALK}/messages`, {
    body: { text: 'Hello', metadata: { a: 'b' }, clientId: 'mine-1' },
  }),
  native('POST', `${OF_CONVERSATION}/notes`, `${TALK}/notes`, { body: { text: 'For us' } }),
  native('POST', `${OF_CONVERSATION}/files`, `${TALK}/files`, { body: { url: FILE } }),
  native('POST', `${OF_CONVERSATION}/typing`, `${TALK}/typing`, { body: { isTyping: true } }),
  native('GET', 'socket', 'socket', { query: { account: 'acc_{{account.id:hex}}' } }),
  native('GET', 'messages/:id', 'messages/msg_{{messages.0.id:hex}}'),
  native('GET', 'contacts', 'contacts', {
    query: { limit: 10, search: 'maja', phone: '+4790000101', email: 'maja@example.com', cursor: 'x' },
  }),
  native('POST', 'contacts', 'contacts', {
    body: {
      ...{ name: 'Kim', customName: 'Kim of the maps', phone: '+4790000778', email: 'kim@example.com' },
      ...{ tags: ['one'], extraFields: { shoe: 40 }, metadata: { a: 1 } },
    },
  }),
  native('GET', 'contacts/:id', PERSON),
  native('PATCH', 'contacts/:id', PERSON, {
    body: { name: 'Kim', customName: null, phone: '+4790000779', email: null, tags: ['x'], metadata: {} },
  }),
  native('GET', 'contacts/:id/export', `${PERSON}/export`),
  native('DELETE', 'contacts/:id', PERSON),
  native('GET', 'channels/:id/retention', 'channels/{{channels.whatsapp.id}}/retention', {
    query: { days: 30 },
  }),
  native('PUT', 'channels/:id/retention', 'channels/{{channels.whatsapp.id}}/retention', {
    body: { days: 30 },
  }),
]
