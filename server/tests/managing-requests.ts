import type { Sample } from './sample.ts'

const native = (method: Sample['method'], route: string, more: Partial<Sample> = {}): Sample => ({
  ...{ dialect: 'native', method, route: `/parley/v1/${route}`, path: `/parley/v1/${route}` },
  ...more,
})
/** The same of one thing, whose id takes the route's place of it. */
const of = (
  method: Sample['method'],
  route: string,
  names: Record<string, string>,
  more: Partial<Sample> = {},
): Sample => {
  const path = route.replace(/:(\w+)/g, (_, name: string) => names[name] ?? '')
  return native(method, route, { path: `/parley/v1/${path}`, ...more })
}

const APP = 'ch_{{channels.custom_app.id:hex}}'
const WHATSAPP = 'ch_{{channels.whatsapp.id:hex}}'
const GROUP = 'group_{{groups.1.id:hex}}'
const OPERATOR = 'op_{{operators.1.id:hex}}'
const BOT = 'bot_{{bots.0.id:hex}}'
const PAGE = { query: { limit: 5 } }
const MOMENTS = { from: '2026-01-01T00:00:00Z', before: '2036-01-01T00:00:00Z' }
const FILTERS = {
  ...{ action: 'token', operatorId: OPERATOR, targetKind: 'operator', targetId: OPERATOR },
  ...MOMENTS,
}

const WEBHOOK = 'wh_{{webhooks.0.id:hex}}'
const OTHER_WEBHOOK = 'wh_{{webhooks.1.id:hex}}'
const DELIVERY = 'del_{{deliveries.0.id:hex}}'
/** Nobody is told anything by these. */
const TELLING = {
  ...{ events: ['message.received'], description: 'For the CRM', headers: { authorization: 'Bearer crm' } },
  ...{ signature: 'standard', timeoutSeconds: 10, maxAttempts: 5, isActive: false },
}
const SECRET = `whsec_${'c2FtcGxl'.repeat(4)}`

/** Who is told what happens. */
const WEBHOOKS: Sample[] = [
  native('GET', 'webhooks', { query: { dialect: 'native' } }),
  of('GET', 'webhooks/:id', { id: WEBHOOK }),
  native('POST', 'webhooks', {
    body: { ...TELLING, url: 'https://93.184.216.34/', dialect: 'native', secret: SECRET },
  }),
  of('POST', 'webhooks/:id/rotate-secret', { id: WEBHOOK }, { body: { secret: SECRET } }),
  of('POST', 'webhooks/:id/test', { id: WEBHOOK }, { body: {} }),
  of(
    'GET',
    'webhooks/:id/deliveries',
    { id: WEBHOOK },
    { query: { limit: 5, status: 'failed', event: 'x' } },
  ),
  of('GET', 'webhooks/:id/deliveries/:deliveryId', { id: WEBHOOK, deliveryId: DELIVERY }),
  of('POST', 'webhooks/:id/replay', { id: WEBHOOK }, { body: { deliveryId: DELIVERY } }),
  of(
    'PATCH',
    'webhooks/:id',
    { id: OTHER_WEBHOOK },
    { body: { ...TELLING, url: 'https://93.184.216.34/', events: ['*'] } },
  ),
  of('DELETE', 'webhooks/:id', { id: OTHER_WEBHOOK }),
]

/** What an account is made of. */
export const MANAGING_ACCOUNTS: Sample[] = [
  native('GET', 'channels', PAGE),
  of('GET', 'channels/:id', { id: APP }),
  native('POST', 'channels', {
    body: {
      ...{ kind: 'custom_app', name: 'Shop', customAppId: 'shop', webhookUrl: 'https://93.184.216.34/' },
      ...{ groupId: GROUP, defaultBotId: BOT, metadata: { team: 'north' } },
    },
  }),
  of(
    'PATCH',
    'channels/:id',
    { id: APP },
    {
      body: {
        ...{ name: 'Shop', webhookUrl: 'https://93.184.216.34/', groupId: GROUP, defaultBotId: BOT },
        metadata: { team: 'north' },
      },
    },
  ),
  of('POST', 'channels/:id/rotate', { id: APP }, { body: { what: 'token' } }),
  of('POST', 'channels/:id/activate', { id: WHATSAPP }, { body: {} }),
  of('POST', 'channels/:id/deactivate', { id: WHATSAPP }, { body: {} }),
  of('DELETE', 'channels/:id', { id: WHATSAPP }, { query: { force: 'true' } }),
  native('GET', 'groups', PAGE),
  of('GET', 'groups/:id', { id: GROUP }),
  native('POST', 'groups', { body: { title: 'Night', color: '#1f7a5c', priority: 50 } }),
  of('PATCH', 'groups/:id', { id: GROUP }, { body: { title: 'Day', color: '#000000', priority: 51 } }),
  of('PUT', 'groups/:id/members/:operatorId', { id: GROUP, operatorId: OPERATOR }, { body: {} }),
  of('DELETE', 'groups/:id/members/:operatorId', { id: GROUP, operatorId: OPERATOR }),
  of('DELETE', 'groups/:id', { id: GROUP }),
  native('GET', 'bots', PAGE),
  of('GET', 'bots/:id', { id: BOT }),
  native('POST', 'bots', { body: { name: 'Greeter' } }),
  of('PATCH', 'bots/:id', { id: BOT }, { body: { name: 'Usher' } }),
  of('DELETE', 'bots/:id', { id: BOT }, { query: { transferTo: OPERATOR } }),
  native('GET', 'permissions'),
  native('GET', 'roles'),
  of('GET', 'roles/:id', { id: 'viewer' }),
  native('POST', 'roles', { body: { name: 'Another', permissions: ['message.read'], scope: 'groups' } }),
  of(
    'PATCH',
    'roles/:id',
    { id: 'role_{{ownRoles.0.id:hex}}' },
    {
      body: { name: 'Owned', permissions: ['message.read'], scope: 'own' },
    },
  ),
  of('DELETE', 'roles/:id', { id: 'role_{{ownRoles.0.id:hex}}' }),
  native('GET', 'operators', PAGE),
  of('GET', 'operators/:id', { id: OPERATOR }),
  of(
    'PATCH',
    'operators/:id',
    { id: OPERATOR },
    {
      body: {
        ...{ name: 'Anna', role: 'supervisor', scope: 'groups', groupIds: [GROUP] },
        ...{ isActive: true, status: 'online' },
      },
    },
  ),
  of('DELETE', 'operators/:id', { id: OPERATOR }),
  native('GET', 'account'),
  native('PATCH', 'account', { body: { name: 'Harbour', phone: '+47 900 00 001', description: 'Books' } }),
  native('GET', 'tokens', { query: { limit: 5, kind: 'pact' } }),
  native('POST', 'tokens', {
    body: {
      ...{ kind: 'linktor', name: 'CRM', permissions: ['message.read'], operatorId: OPERATOR },
      ...{ expiresAt: '2036-01-01T00:00:00Z', rateLimit: 60 },
    },
  }),
  of('DELETE', 'tokens/:id', { id: 'token_{{spareTokens.0.id:hex}}' }),
  native('GET', 'audit', { query: { limit: 5, ...FILTERS } }),
  native('GET', 'audit/export', { query: { format: 'jsonl', ...FILTERS } }),
  ...WEBHOOKS,
]
