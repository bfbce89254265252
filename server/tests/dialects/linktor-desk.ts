import { expect } from 'vitest'
import type { Reply, Tenant, TestHouse } from '../house.ts'

/** An id as the Linktor dialect writes it. */
export const linktorId = (prefix: string, uuid: string | undefined) =>
  `${prefix}_${(uuid ?? '').replaceAll('-', '')}`

/** Ids of an account's furniture, in the dialect's words. */
export function idsOf({ account }: Pick<Tenant, 'account'>) {
  const channel = (kind: string) => account.channels.find((row) => row.kind === kind)
  const onChannel = (kind: string) => (row: { channelId: string }) => row.channelId === channel(kind)?.id
  return {
    channel: (kind: string) => linktorId('ch', channel(kind)?.id),
    conversation: (kind: string) => linktorId('conv', account.conversations.find(onChannel(kind))?.id),
    contact: (kind: string) => linktorId('contact', account.contacts.find(onChannel(kind))?.id),
    user: (index: number) => linktorId('user', account.operators[index]?.id),
    bot: linktorId('bot', account.bots[0]?.id),
  }
}

export const keysOf = (value: object) => Object.keys(value).toSorted().join()

/** The keys a page names, in any order. */
export const keys = (names: string) => names.split(',').toSorted().join()

export const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

/** One conversation in its envelope: exactly these attributes. */
export function expectConversation(reply: Reply, attributes: string, status = 200) {
  expect(reply.status, reply.text).toBe(status)
  expect(keysOf(reply.body)).toBe('data')
  expect(keysOf(reply.body.data)).toBe('attributes,id,type')
  expect(reply.body.data.type).toBe('conversation')
  expect(keysOf(reply.body.data.attributes)).toBe(keys(attributes))
  return reply.body.data.attributes
}

/** A refusal in its envelope; `fields` are the fields its details name, in order. */
export function expectRefusal(reply: Reply, status: number, code: string, fields?: string[]) {
  expect(reply.status, reply.text).toBe(status)
  expect(keysOf(reply.body)).toBe('error,meta')
  expect(reply.body.error.code).toBe(code)
  expect(reply.body.error.message).toEqual(expect.any(String))
  expect(reply.body.meta).toEqual({ requestId: reply.headers['x-request-id'] })
  const details = reply.body.error.details as { field: string; message: string }[] | undefined
  expect(keysOf(reply.body.error)).toBe(details ? 'code,details,message' : 'code,message')
  if (fields) expect(details?.map(({ field }) => field) ?? []).toEqual(fields)
  return reply.body.error
}

let phone = 4_790_001_000

/** A new conversation on the WhatsApp channel, with somebody nobody knew. */
export async function begin(house: TestHouse, more: object = {}): Promise<string> {
  phone += 1
  const body = {
    channelId: idsOf(house).channel('whatsapp'),
    contact: { phone: `+${phone}`, name: 'Runa Vik' },
  }
  const reply = await house.linktor.post('/conversations', { ...body, ...more })
  expect(reply.status, reply.text).toBe(201)
  return reply.body.data.id
}
