import { expect, test } from 'vitest'
import type { Outbound } from '../../application/ports/channel-adapter.ts'
import { createCustomAppAdapter } from './adapter.ts'

const outbound = (webhookUrl: string | null, token: string | null = 'app-token') =>
  ({
    channel: { webhookUrl, customAppId: 'shop-app' },
    identity: { externalId: 'reader-5' },
    message: { kind: 'text', text: 'Hello', details: null },
    fileUrl: null,
    token,
  }) as Outbound

const answering = (status: number) => createCustomAppAdapter({ post: async () => ({ status }) })

test('posts the body with the token', async () => {
  const posts: unknown[] = []
  const adapter = createCustomAppAdapter({
    post: async (...post) => {
      posts.push(post)
      return { status: 204 }
    },
  })
  expect(await adapter.send(outbound('https://shop.example/hook'))).toEqual({
    kind: 'sent',
    statuses: ['sent', 'delivered'],
    providerMessageId: null,
  })
  expect(posts).toEqual([
    [
      'https://shop.example/hook',
      { 'content-type': 'application/json', authorization: 'Bearer app-token' },
      '{"custom_channel_id":"shop-app","client_id":"reader-5","type":"text","data":"Hello"}',
    ],
  ])
})

test('without a webhook URL it stays here', async () => {
  expect(await answering(500).send(outbound(null))).toEqual({
    kind: 'sent',
    statuses: ['sent'],
    providerMessageId: null,
  })
})

test.each([400, 404, 410, 413, 422])('%i is a final no', async (status) => {
  const outcome = await answering(status).send(outbound('https://shop.example/hook'))
  expect(outcome).toEqual({ kind: 'refused', reason: `The app answered ${status}` })
})

test.each([301, 401, 403, 408, 425, 429, 500, 502, 503])('%i is tried again', async (status) => {
  const outcome = await answering(status).send(outbound('https://shop.example/hook'))
  expect(outcome).toEqual({ kind: 'deferred', reason: `The app answered ${status}` })
})

test('a network fault is tried again', async () => {
  const adapter = createCustomAppAdapter({
    post: () => Promise.reject(new Error('The server took too long')),
  })
  expect(await adapter.send(outbound('https://shop.example/hook', null))).toEqual({
    kind: 'deferred',
    reason: 'The server took too long',
  })
})
