import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'

export const CONVERSATION_KEYS =
  'id user_id operator_user_id from_blinger_user_id to_blinger_user_id from_user_name to_user_name application ' +
  'last_message unread_count status date_created date_updated from_user_avatar is_outgoing token ' +
  'is_new_conversation waiting_operator_response group_id is_inner_message is_operator_last_message ' +
  'is_group_closed close_group type comment_post_id comment_post_url comment_post_title comment_post_img ' +
  'unassigned_date last_message_date from_user_custom_name toBlingerUser'
export const CHANNEL_KEYS =
  'id service_blinger_id blinger_user_id is_active date_updated date_created tags name role avatar application ' +
  'service_user_id status group_id is_comments page_url page_title extra_fields extra_field_secret_key custom_name'
export const USER_KEYS = `${CHANNEL_KEYS} dialog_id comments_group_id phone service_user_nickname`
export const MESSAGE_KEYS =
  'id from_blinger_user_id to_blinger_user_id blinger_message_id application type message date_updated ' +
  'date_created is_outgoing status is_inner_message date_read date_real error is_history echo echo_outgoing'
export const UNASSIGNED_KEYS =
  'id group_id status application from_blinger_user_id from_user_name is_new_conversation unassigned_date custom_name'
export const TAKEN_KEYS =
  'id group_id operator_user_id status application from_blinger_user_id from_user_name is_new_conversation ' +
  'unread_count last_message_date custom_name operator_email'
export const CORRESPONDENCE_KEYS =
  'conversation_id operator_id from_blinger_user_id to_blinger_user_id from_user to_user application status ' +
  'date_created date_updated messages'

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Somebody's web server: a picture, a text, and nothing else. `asked` counts. */
async function openSite() {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/pixel.png') response.end(PIXEL)
    else if (request.url === '/terms.txt') response.end('Terms and conditions of the shop.')
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    asked,
    host,
    url: (path: string) => `http://${host}${path}`,
    [Symbol.dispose]: () => server.close(),
  }
}

export let site: Awaited<ReturnType<typeof openSite>>
export let house: TestHouse

/** One house for all tests of a file; each test makes the conversations it needs. */
export function useHouse(): void {
  beforeAll(async () => {
    site = await openSite()
    house = await openHouse({ env: { PARLEY_FETCH_ALLOW: site.host } })
  })
  afterAll(async () => {
    await house[Symbol.asyncDispose]()
    site[Symbol.dispose]()
  })
}

export const keysOf = (value: object) => Object.keys(value).join(' ')
export const refused = (error: unknown, status = 400) => ({ status, text: JSON.stringify({ error, status }) })
export const shown = ({ status, text }: Reply) => ({ status, text })
export const operator = (index: number) => house.fixture.operators[index]!.number
export const group = (index: number) => house.fixture.groups[index]!.number
export const channelOf = (kind: string) => house.fixture.channels.find((channel) => channel.kind === kind)!

let clients = 0
/** A conversation of its own: somebody new writes to the custom app. */
export async function newConversation(
  says = 'Hello, is anybody there?',
  client = `client-${(clients += 1)}`,
) {
  const reply = await house.customApp.post('/message', clientSays(says, { client_id: client }))
  expect(reply.status).toBe(200)
  const rows = await house.sql<{ number: string }>(
    `select c.number from conversation c join contact_identity i on i.id = c.identity_id where i.external_id = $1`,
    [client],
  )
  return { id: Number(rows[0]!.number), client, user: reply.body.data.from_blinger_user_id as number }
}

export const clientSays = (data: string, more: object = {}) => ({
  custom_channel_id: channelOf('custom_app').customAppId,
  client_id: 'client-0',
  type: 'text',
  data,
  ...more,
})

export async function act(path: string, body: object): Promise<Reply['body']['data']> {
  const reply = await house.blingerApp.post(`/conversations/${path}`, body)
  expect(reply.text).toMatch(/^\{"status":200,"data":\{/)
  return reply.body.data
}
export const refusal = async (path: string, body: object) =>
  shown(await house.blingerApp.post(`/conversations/${path}`, body))
export const get = async (id: number) =>
  (await house.blingerApp.get('/conversations/get', { conversation_id: id })).body.data
/** The full form without changing anything that counts: a group it is not in yet, then its own again. */
export async function look(id: number) {
  const [row] = await house.sql<{ number: string }>(
    `select g.number from conversation c join operator_group g on g.id = c.group_id where c.number = $1`,
    [id],
  )
  const home = Number(row!.number)
  await act('assign-group', { conversation_id: id, group_id: home === group(1) ? group(2) : group(1) })
  return act('assign-group', { conversation_id: id, group_id: home })
}
