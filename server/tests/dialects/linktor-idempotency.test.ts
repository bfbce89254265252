import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import type { PictureServer } from '../picture-server.ts'
import { openPictureServer } from '../picture-server.ts'
import { body, DIED, DOORS, isReplay, newKey, saidTimes } from './idempotency-desk.ts'
import { idsOf } from './linktor-desk.ts'

/** Where nobody listens. */
const NOWHERE = '127.0.0.1:1'

let house: TestHouse
let provider: PictureServer
beforeAll(async () => {
  provider = await openPictureServer()
  house = await openHouse({ env: { PARLEY_FETCH_ALLOW: `${NOWHERE},${provider.place}` } })
})
afterAll(async () => {
  await house[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})

const deed = (conversation: string, what: string, key: string, more: object = {}) =>
  house.linktor.post(`/conversations/${conversation}/${what}`, more, { 'idempotency-key': key })

test('both mounts, and any spelling of a path, are one operation', async () => {
  const key = newKey()
  const text = `two doors ${key}`
  const [door] = DOORS
  const first = await door!.say(house, text, key)
  for (const url of ['/api/v1/messages', '/v1/messages/', '//v1//messages', '/v1/%6dessages'])
    expect(
      await house.request({
        ...{ method: 'POST', url, payload: body.linktor(house, text) },
        headers: { authorization: `Bearer ${house.account.tokens.linktor}`, 'idempotency-key': key },
      }),
    ).toMatchObject({ status: 201, text: first.text })
  expect(await saidTimes(house, text)).toBe(1)
})

test('the query is part of the request', async () => {
  const key = newKey()
  const said = body.linktor(house, `queried ${key}`)
  const headers = { 'idempotency-key': key }
  expect((await house.linktor.post('/messages?a=1&b=2', said, headers)).status).toBe(201)
  expect(isReplay(await house.linktor.post('/messages?b=2&a=1', said, headers))).toBe(true)
  expect((await house.linktor.post('/messages?a=1&b=3', said, headers)).status).toBe(422)
})

test('the order of a body’s keys is not', async () => {
  const key = newKey()
  const said = body.linktor(house, `ordered ${key}`)
  const headers = { 'idempotency-key': key }
  const first = await house.linktor.post('/messages', said, headers)
  const turned = Object.fromEntries(Object.entries(said).toReversed())
  expect((await house.linktor.post('/messages', turned, headers)).text).toBe(first.text)
})

test('one key may close and reopen, here and there', async () => {
  const key = newKey()
  const [here, there] = [idsOf(house).conversation('whatsapp'), idsOf(house).conversation('telegram')]
  const replies = [
    await deed(here, 'close', key),
    await deed(there, 'close', key),
    await deed(here, 'reopen', key),
  ]
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(replies.some(isReplay)).toBe(false)
  // Closed again it is not: the answer is the first one's.
  expect(isReplay(await deed(here, 'close', key))).toBe(true)
  expect((await house.linktor.get(`/conversations/${here}`)).body.data.attributes.status).toBe('open')
})

test('a message to an address is not said, and opens nothing, again after a death', async () => {
  const key = newKey()
  const said = {
    channelId: idsOf(house).channel('whatsapp'),
    to: '+4790004411',
    content: { type: 'text', text: `to an address with ${key}` },
  }
  const headers = { 'idempotency-key': key }
  const first = await house.linktor.post('/messages', said, headers)
  expect(first.status, first.text).toBe(201)
  const conversation: string = first.body.data.attributes.conversationId
  await house.linktor.post(`/conversations/${conversation}/close`)
  await house.sql(DIED)
  const again = await house.linktor.post('/messages', said, headers)
  expect(again.body.data.id).toBe(first.body.data.id)
  const shown = await house.linktor.get(`/conversations/${conversation}`)
  expect(shown.body.data.attributes).toMatchObject({ status: 'closed', messageCount: 1 })
})

test('the notes of a close are left once, also when it is closed again after a death', async () => {
  const key = newKey()
  const [conversation, notes] = [idsOf(house).conversation('telegram'), `paid in cash, ${key}`]
  await deed(conversation, 'reopen', newKey())
  expect((await deed(conversation, 'close', key, { notes })).status).toBe(200)
  await deed(conversation, 'reopen', newKey())
  await house.sql(DIED)
  expect((await deed(conversation, 'close', key, { notes })).body.data.attributes.status).toBe('closed')
  expect(await saidTimes(house, notes)).toBe(1)
})

test('a transfer is told to colleague and contact once, also after a death', async () => {
  const headers = { 'idempotency-key': newKey() }
  const ids = idsOf(house)
  const path = `/conversations/${ids.conversation('telegram')}`
  await house.linktor.post(`${path}/reopen`)
  const transfer = { toAssigneeId: ids.user(1), summary: `read me, ${headers['idempotency-key']}` }
  const post = () => house.linktor.post(`${path}/transfer`, { ...transfer, notifyContact: true }, headers)
  const texts = () => house.sql(`select id, kind from message where text ~ 'being transferred|read me'`)
  expect((await post()).status).toBe(200)
  const said = await texts()
  expect(said).toHaveLength(2)
  await house.sql(DIED)
  expect((await post()).status).toBe(200)
  expect(await texts()).toEqual(said)
})

test('a file that could not be fetched does not cost the key', async () => {
  const said = (url: string) => ({
    ...body.linktor(house, ''),
    content: { type: 'image', url },
  })
  const headers = { 'idempotency-key': newKey() }
  const before = await house.sql('select count(*) from kept_answer')
  const first = await house.linktor.post('/messages', said(`http://${NOWHERE}/gone.png`), headers)
  expect(first.status).toBe(400)
  expect(await house.sql('select count(*) from kept_answer')).toEqual(before)
  const again = await house.linktor.post('/messages', said(provider.url), headers)
  expect([again.status, isReplay(again)]).toEqual([201, false])
  await house.sql(DIED)
  const third = await house.linktor.post('/messages', said(provider.url), headers)
  expect(third.body.data.id).toBe(again.body.data.id)
})

test('creating is remembered; after a death it tells of the conversation there is', async () => {
  const create = { channelId: idsOf(house).channel('whatsapp'), contact: { phone: '+4790004412' } }
  const headers = { 'idempotency-key': newKey() }
  const first = await house.linktor.post('/conversations', create, headers)
  expect(first.status, first.text).toBe(201)
  expect((await house.linktor.post('/conversations', create, headers)).text).toBe(first.text)
  await house.sql(DIED)
  const again = await house.linktor.post('/conversations', create, headers)
  expect([again.status, again.body.error.details[0].message]).toEqual([409, first.body.data.id])
})
