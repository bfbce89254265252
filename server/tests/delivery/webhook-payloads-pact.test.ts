import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPictureServer, type PictureServer } from '../picture-server.ts'
import { casesOf, playTold } from './golden-webhooks.ts'
import { ORIGIN } from './tellings.ts'
import { openWebhookDesk, type WebhookDesk } from './webhook-desk.ts'

let provider: PictureServer
let desk: WebhookDesk
beforeAll(async () => {
  provider = await openPictureServer()
  desk = await openWebhookDesk({ env: { PARLEY_FETCH_ALLOW: provider.place } })
  await desk.subscribe({ dialect: 'pact' })
})
afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})

test.each(casesOf('pact'))('$file: $golden.title', async ({ golden }) => {
  const places = { 'files.picture': provider.url, origin: ORIGIN }
  expect(await playTold(desk, 'pact', golden, places)).toEqual([])
})
