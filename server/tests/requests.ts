import { MANAGING_ACCOUNTS } from './managing-requests.ts'
import { MANAGING_PEOPLE } from './people-requests.ts'
import type { Sample } from './sample.ts'
import { TALKING } from './talk-requests.ts'

export type { Sample } from './sample.ts'

const CONVERSATION = '{{conversations.whatsapp.number}}'
const OPERATOR = '{{operators.1.number}}'
const FILE = 'http://127.0.0.1:1/picture.png'

const app = (route: string, fields: Record<string, unknown>): Sample => ({
  dialect: 'blinger-app',
  method: 'POST',
  route: `/api/${route}`,
  path: `/api/${route}`,
  body: fields,
})
const appGet = (route: string, query: Record<string, unknown>): Sample => ({
  dialect: 'blinger-app',
  method: 'GET',
  route: `/api/${route}`,
  path: `/api/${route}`,
  query,
})

const BLINGER_APP: Sample[] = [
  app('conversations/start', { conversation_id: CONVERSATION, operator_id: OPERATOR, disable_webhook: 0 }),
  app('conversations/close', { conversation_id: CONVERSATION, operator_id: OPERATOR, disable_webhook: 0 }),
  app('conversations/unassign', { conversation_id: CONVERSATION, operator_id: OPERATOR, disable_webhook: 0 }),
  app('conversations/assign-operator', {
    conversation_id: CONVERSATION,
    operator_id: OPERATOR,
    disable_webhook: 0,
  }),
  app('conversations/assign-group', { conversation_id: CONVERSATION, group_id: '{{groups.1.number}}' }),
  app('conversations/send-message', { conversation_id: CONVERSATION, text: 'Hello', operator_id: OPERATOR }),
  app('conversations/send-file-message', {
    conversation_id: CONVERSATION,
    file_url: FILE,
    operator_id: OPERATOR,
  }),
  app('conversations/send-note', { conversation_id: CONVERSATION, text: 'For us', operator_id: OPERATOR }),
  appGet('conversations/unassigned', { group_id: '{{groups.0.number}}' }),
  appGet('conversations/unread', { operator_id: OPERATOR, group_id: '{{groups.0.number}}' }),
  appGet('conversations/not-answered', { operator_id: OPERATOR, group_id: '{{groups.0.number}}' }),
  appGet('conversations/get', { conversation_id: CONVERSATION }),
  appGet('operators/all', {}),
  appGet('operators/groups', {}),
  app('operators/create', { operator_email: 'new@harbour.example', operator_password: 'a good password' }),
  app('operators/delete', { operator_id: OPERATOR }),
  appGet('users/get', { blinger_user_id: '{{contacts.whatsapp.number}}' }),
  app('users/update', {
    blinger_user_id: '{{contacts.whatsapp.number}}',
    custom_name: 'Maja',
    phone: '+4790000101',
    tags: ['vip'],
    extra_fields: { shoe: 'forty' },
  }),
  {
    ...app('custom-app/message', {
      custom_channel_id: 'harbour-reader-app',
      client_id: 'reader-5',
      client_name: 'Rut',
      client_phone: '+4790000909',
      info: { plan: 'gold' },
      type: 'text',
      data: 'Hello',
      message_id: 'm-1',
    }),
    headers: { authorization: 'Bearer {{channels.custom_app.token}}' },
  },
]

const widget = (
  method: Sample['method'],
  route: string,
  path: string,
  body?: Record<string, unknown>,
): Sample => ({
  dialect: 'blinger-widget',
  method,
  route: `/api/external/v1/${route}`,
  path: `/api/external/v1/${path}`,
  body,
})
const CHAT = 'conversation/{{conversations.webchat.id}}'
const AGENT = { serviceUserId: 'service-1', name: 'Ada', status: 'online', active: true }

const BLINGER_WIDGET: Sample[] = [
  widget('POST', 'conversation/:id/assign-agent', `${CHAT}/assign-agent`, { agentId: '{{operators.1.id}}' }),
  widget('POST', 'conversation/:id/send-text-message', `${CHAT}/send-text-message`, {
    uuid: '0198c0de-0000-4000-8000-000000000001',
    text: 'Hello',
  }),
  widget('POST', 'conversation/:id/send-file-message', `${CHAT}/send-file-message`, {
    uuid: '0198c0de-0000-4000-8000-000000000002',
    file: FILE,
  }),
  widget('POST', 'conversation/:id/request-review', `${CHAT}/request-review`, {}),
  ...['agent', 'agents'].flatMap((word) => [
    widget('GET', `${word}/:id`, `${word}/{{operators.1.id}}`),
    widget('POST', word, word, AGENT),
    widget('PUT', `${word}/:id`, `${word}/{{operators.1.id}}`, AGENT),
    widget('PATCH', `${word}/:id`, `${word}/{{operators.1.id}}`, AGENT),
    widget('POST', `${word}/:id`, `${word}/{{operators.1.id}}`, AGENT),
  ]),
  widget('GET', 'agents', 'agents'),
]

const COMPANY = 'companies/{{account.number}}'
const TALK = `${COMPANY}/conversations/{{conversations.whatsapp.number}}`
const PAGE = { from: '', per: 50, sort_direction: 'asc' }
const pact = (
  method: Sample['method'],
  route: string,
  path: string,
  given: Pick<Sample, 'query' | 'body'> = {},
): Sample => ({ dialect: 'pact', method, route: `/p1/${route}`, path: `/p1/${path}`, ...given })

const PACT: Sample[] = [
  pact('GET', 'companies', 'companies', { query: PAGE }),
  pact('GET', 'companies/:cid', COMPANY),
  pact('PUT', 'companies/:cid', COMPANY, {
    body: {
      name: 'Harbour Books',
      phone: '4790000001',
      description: 'Books',
      webhook_url: '',
      hidden: false,
    },
  }),
  pact('GET', 'companies/:cid/channels', `${COMPANY}/channels`, { query: PAGE }),
  pact('GET', 'companies/:cid/conversations', `${COMPANY}/conversations`, { query: PAGE }),
  pact('POST', 'companies/:cid/conversations', `${COMPANY}/conversations`, {
    body: { provider: 'whatsapp', phone: '4790000555', text: 'Hello', send_to_crm: true },
  }),
  pact('GET', 'companies/:cid/conversations/:id', TALK),
  pact('PUT', 'companies/:cid/conversations/:id/note', `${TALK}/note`, { body: { note: 'likes maps' } }),
  pact('PUT', 'companies/:cid/conversations/:id/assign', `${TALK}/assign`, {
    body: { assignee_id: OPERATOR },
  }),
  pact(
    'PUT',
    'companies/:cid/conversations/:id/toggle_bitrix_block_openlines',
    `${TALK}/toggle_bitrix_block_openlines`,
    {
      body: { enabled: true },
    },
  ),
  pact('POST', 'companies/:cid/conversations/:id/messages/attachments', `${TALK}/messages/attachments`, {
    body: { file_url: FILE },
  }),
  pact('GET', 'companies/:cid/conversations/:id/messages', `${TALK}/messages`, { query: PAGE }),
  pact('POST', 'companies/:cid/conversations/:id/messages', `${TALK}/messages`, {
    body: { message: 'Hello', attachments_ids: [], send_to_crm: false },
  }),
  pact('POST', 'companies/:cid/conversations/:id/message', `${TALK}/message`, { body: { message: 'Hello' } }),
  pact(
    'POST',
    'companies/:cid/channels/:chid/conversations',
    `${COMPANY}/channels/{{channels.whatsapp.number}}/conversations`,
    {
      body: { phone: '4790000556', message: 'Hello' },
    },
  ),
  pact('POST', 'companies/:cid/channels/:chid', `${COMPANY}/channels/{{channels.whatsapp.number}}`, {
    body: { phone: '4790000557', message: 'Hello' },
  }),
  pact(
    'GET',
    'companies/:cid/channels/:chid/jobs/:id',
    `${COMPANY}/channels/{{channels.whatsapp.number}}/jobs/1`,
  ),
]

const linktor = (
  method: Sample['method'],
  route: string,
  path: string,
  given: Pick<Sample, 'query' | 'body'> = {},
): Sample => ({ dialect: 'linktor', method, route: `/v1/${route}`, path: `/v1/${path}`, ...given })
const CONV = 'conversations/conv_{{conversations.whatsapp.id:hex}}'

const LINKTOR: Sample[] = [
  linktor('GET', 'conversations', 'conversations', {
    query: {
      ...{
        page: 1,
        perPage: 20,
        status: 'open',
        channelId: 'ch_{{channels.whatsapp.id:hex}}',
        channelType: 'whatsapp',
      },
      ...{ assigneeId: 'user_{{operators.1.id:hex}}', contactId: 'contact_{{contacts.whatsapp.id:hex}}' },
      ...{ botId: 'bot_{{bots.0.id:hex}}', startDate: '2026-01-01', endDate: '2026-12-31T00:00:00Z' },
      ...{ search: 'atlas', sortBy: 'updatedAt', sortOrder: 'desc' },
    },
  }),
  linktor('GET', 'conversations/:id', CONV, { query: { includeMessages: 'true', messageLimit: 5 } }),
  linktor('POST', 'conversations', 'conversations', {
    body: {
      channelId: 'ch_{{channels.whatsapp.id:hex}}',
      contact: { phone: '+4790000558', email: 'kim@example.com', name: 'Kim' },
      assigneeId: 'user_{{operators.1.id:hex}}',
      botId: 'bot_{{bots.0.id:hex}}',
      metadata: { source: 'test' },
      tags: ['one'],
    },
  }),
  linktor('POST', 'conversations', 'conversations', {
    body: { channelId: 'ch_{{channels.telegram.id:hex}}', contactId: 'contact_{{contacts.whatsapp.id:hex}}' },
  }),
  ...(['PATCH', 'PUT'] as const).map((method) =>
    linktor(method, 'conversations/:id', CONV, {
      body: { status: 'pending', priority: 'high', metadata: { a: 1 }, tags: ['two'] },
    }),
  ),
  linktor('POST', 'conversations/:id/close', `${CONV}/close`, {
    body: { reason: 'done', resolution: 'resolved', notes: 'all well' },
  }),
  linktor('POST', 'conversations/:id/reopen', `${CONV}/reopen`, { body: {} }),
  linktor('POST', 'conversations/:id/assign', `${CONV}/assign`, {
    body: { assigneeId: 'user_{{operators.2.id:hex}}', assigneeType: 'user', note: 'yours' },
  }),
  linktor('POST', 'conversations/:id/transfer', `${CONV}/transfer`, {
    body: { toAssigneeId: 'user_{{operators.1.id:hex}}', reason: 'r', summary: 's', notifyContact: false },
  }),
  linktor('GET', 'conversations/:id/participants', `${CONV}/participants`),
  linktor('GET', 'conversations/:id/messages', `${CONV}/messages`, {
    query: { limit: 10, direction: 'before' },
  }),
  linktor('POST', 'messages', 'messages', {
    body: {
      channelId: 'ch_{{channels.whatsapp.id:hex}}',
      conversationId: 'conv_{{conversations.whatsapp.id:hex}}',
      content: { type: 'text', text: 'Hello' },
      metadata: { a: 'b' },
    },
  }),
  linktor('POST', 'messages', 'messages', {
    body: {
      channelId: 'ch_{{channels.whatsapp.id:hex}}',
      to: '+4790000559',
      content: { type: 'image', url: FILE },
    },
  }),
  linktor('GET', 'channels', 'channels', {
    query: { page: 1, perPage: 10, type: 'whatsapp', status: 'active', search: 'sand' },
  }),
]

const HOOK = 'webhooks/wh_{{linktorWebhooks.0.id:hex}}'
const OTHER_HOOK = 'webhooks/wh_{{linktorWebhooks.1.id:hex}}'
const HOOKED = {
  ...{ url: 'https://93.184.216.34/', events: ['message.received', 'conversation.closed'] },
  ...{ description: 'For the CRM', headers: { 'x-team': 'north' } },
  config: { retryPolicy: 'exponential', maxRetries: 3, timeout: 10, signature: 'body' },
}

const LINKTOR_WEBHOOKS: Sample[] = [
  linktor('GET', 'webhooks', 'webhooks'),
  linktor('GET', 'webhooks/:id', HOOK),
  // It asks for what nobody does, so that nobody is told.
  linktor('POST', 'webhooks', 'webhooks', { body: { ...HOOKED, events: ['bot.training.started'] } }),
  linktor('POST', 'webhooks/:id/test', `${HOOK}/test`, { body: { event: 'message.received' } }),
  linktor('GET', 'webhooks/:id/deliveries', `${HOOK}/deliveries`, {
    query: { page: 1, perPage: 5, status: 'failed', event: 'contact.updated' },
  }),
  linktor(
    'POST',
    'webhooks/:id/deliveries/:deliveryId/retry',
    `${HOOK}/deliveries/del_{{linktorDeliveries.0.id:hex}}/retry`,
    { body: {} },
  ),
  ...(['PATCH', 'PUT'] as const).map((method) =>
    linktor(method, 'webhooks/:id', OTHER_HOOK, { body: { ...HOOKED, status: 'inactive' } }),
  ),
  linktor('DELETE', 'webhooks/:id', OTHER_HOOK),
]

const NATIVE: Sample[] = [
  {
    dialect: 'native',
    method: 'POST',
    route: '/parley/v1/sandbox/messages',
    path: '/parley/v1/sandbox/messages',
    body: { channelId: '{{channels.telegram.id}}', from: 'kim', name: 'Kim', text: 'Hello' },
  },
  {
    dialect: 'native',
    method: 'GET',
    route: '/parley/v1/events',
    path: '/parley/v1/events',
    query: { after: 'latest', limit: 10, wait: 0 },
  },
]

export const SAMPLES: Sample[] = [
  ...BLINGER_APP,
  ...BLINGER_WIDGET,
  ...PACT,
  ...LINKTOR,
  ...LINKTOR_WEBHOOKS,
  ...NATIVE,
  ...MANAGING_PEOPLE,
  ...MANAGING_ACCOUNTS,
  ...TALKING,
]
