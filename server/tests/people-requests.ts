import type { Sample } from './sample.ts'

const native = (method: Sample['method'], route: string, more: Partial<Sample> = {}): Sample => ({
  ...{ dialect: 'native', method, route: `/parley/v1/${route}`, path: `/parley/v1/${route}` },
  ...more,
})
const linktor = (method: Sample['method'], route: string, more: Partial<Sample> = {}): Sample => ({
  ...{ dialect: 'linktor', method, route: `/v1/${route}`, path: `/v1/${route}` },
  ...more,
})

/** Requests about people by whoever may manage them. */
export const MANAGING_PEOPLE: Sample[] = [
  linktor('GET', 'api-keys'),
  linktor('POST', 'api-keys', { body: { name: 'Key', permissions: ['conversations:read', 'admin'] } }),
  linktor('DELETE', 'api-keys/:id', { path: '/v1/api-keys/key_{{spareTokens.0.id:hex}}' }),
  native('GET', 'invitations'),
  native('POST', 'invitations', {
    body: {
      ...{ email: 'guest@example.com', name: 'Guest', role: 'operator', scope: 'own' },
      groupIds: ['group_{{groups.1.id:hex}}'],
    },
  }),
  native('DELETE', 'invitations/:id', { path: '/parley/v1/invitations/inv_{{invitations.0.id:hex}}' }),
  native('POST', 'operators/:id/password-reset', {
    path: '/parley/v1/operators/op_{{operators.1.id:hex}}/password-reset',
    body: {},
  }),
]

/** Requests anybody may make; what comes of them is for whoever has the password or the link. */
export const PUBLIC: Sample[] = [
  native('POST', 'auth/sign-in', { body: { email: 'x@example.com', password: 'guessing', remember: false } }),
  native('POST', 'auth/second-factor', { body: { code: '123456' } }),
  native('POST', 'auth/password-reset', { body: { email: 'x@example.com' } }),
  native('POST', 'auth/password-reset/confirm', { body: { token: 'x'.repeat(43), password: 'a password' } }),
  native('GET', 'auth/providers'),
  native('POST', 'auth/single-sign-on', { body: {} }),
  native('POST', 'setup', {
    body: {
      ...{ token: 'x'.repeat(43), accountName: 'Mine', name: 'Me', email: 'x@example.com' },
      password: 'a password',
    },
  }),
  native('POST', 'invitations/show', { body: { token: 'x'.repeat(75) } }),
  native('POST', 'invitations/accept', {
    body: { token: 'x'.repeat(75), name: 'Me', password: 'a password' },
  }),
  linktor('POST', 'auth/login', { body: { email: 'x@example.com', password: 'guessing', rememberMe: true } }),
  linktor('POST', 'auth/register', {
    body: { email: 'x@example.com', password: 'a password', name: 'Me', organizationName: 'Mine' },
  }),
  linktor('POST', 'auth/refresh', { body: { refreshToken: 'rt_unknown' } }),
  linktor('POST', 'auth/password/reset', { body: { email: 'x@example.com' } }),
  linktor('POST', 'auth/password/confirm', { body: { token: 'x'.repeat(43), password: 'a password' } }),
].map((sample) => ({ ...sample, headers: {} }))

/** Requests of whoever is signed in, in a browser (native) or with a user's token (Linktor). */
export const PERSONAL: Sample[] = [
  native('GET', 'me'),
  native('POST', 'me/password', { body: { currentPassword: 'a password', newPassword: 'another one' } }),
  native('POST', 'me/invitations/accept', { body: { token: 'x'.repeat(75) } }),
  native('GET', 'me/sessions'),
  native('DELETE', 'me/sessions'),
  native('DELETE', 'me/sessions/:id', { path: '/parley/v1/me/sessions/sess_{{account.id:hex}}' }),
  native('POST', 'auth/sign-out', { body: {} }),
  native('POST', 'me/second-factor', { body: { password: 'a password' } }),
  native('POST', 'me/second-factor/confirm', { body: { code: '123456' } }),
  native('POST', 'me/second-factor/remove', { body: { password: 'a password' } }),
  native('POST', 'me/second-factor/recovery-codes', { body: { password: 'a password' } }),
  linktor('GET', 'auth/me'),
  linktor('POST', 'auth/logout', { body: { allDevices: false } }),
]
