import type { Sample } from './sample.ts'

const AUTHORIZED = { authorization: 'Bearer {{visitors.0.token}}' }

const visitor = (method: Sample['method'], route: string, more: Partial<Sample> = {}): Sample => ({
  ...{ dialect: 'visitor', method, route: `/visitor/v1/${route}`, path: `/visitor/v1/${route}` },
  headers: AUTHORIZED,
  ...more,
})
const SESSION = {
  ...{ widgetKey: '{{channels.webchat.widgetKey}}', token: '{{visitors.0.token}}', language: 'pt-BR' },
  page: { url: 'https://shop.example/atlas', title: 'An atlas' },
}

/** Requests of whoever has a widget key, and of visitors: see `visitor/visited.ts` for the house in which they are somebody. */
export const VISITING: Sample[] = [
  visitor('POST', 'sessions', { headers: {}, body: { ...SESSION, identity: { jwt: 'a.b.c' } } }),
  visitor('POST', 'sessions', {
    headers: {},
    body: { ...SESSION, identity: { fields: [{ name: 'plan', value: 'gold' }], sign: '0'.repeat(32) } },
  }),
  visitor('GET', 'messages', { query: { before: 9, limit: 10 } }),
  visitor('GET', 'messages', { query: { after: 0 } }),
  visitor('POST', 'messages', { body: { id: '0198c0de-0000-4000-8000-000000000011', text: 'Hello' } }),
  visitor('POST', 'files'),
  visitor('POST', 'seen', { body: { receivedSeq: 1, readSeq: 1 } }),
  visitor('POST', 'typing', { body: { isTyping: true } }),
  visitor('GET', 'updates', { query: { after: 0 } }),
  visitor('PUT', 'page', { body: { url: 'https://shop.example/till', title: 'The till' } }),
  visitor('PUT', 'card', { body: { name: 'Ines', email: 'ines@example.com', phone: '+4790000111' } }),
  visitor('PUT', 'reviews/:id', {
    path: '/visitor/v1/reviews/{{visitors.0.reviewId}}',
    body: { mark: 4, text: 'Quick', isConfirmed: false },
  }),
  visitor('POST', 'typing', { body: { isTyping: true } }),
  visitor('GET', 'updates', { query: { after: 0, state: 'x', wait: 0 } }),
  visitor('GET', 'socket', { headers: {}, query: { widget: '{{channels.webchat.widgetKey}}' } }),
  visitor('DELETE', 'session'),
]
