import { createHash, createHmac, randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { Reply, Tenant, TestHouse } from '../house.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Somebody on a web page, in one browser. */
export interface TestVisitor {
  token: string
  session: Reply['body']
  ask(method: Method, path: string, body?: object | Buffer, headers?: Record<string, string>): Promise<Reply>
  /** Says it and expects it to be taken. */
  says(text: string, id?: string): Promise<Reply['body']>
}

export const webchatOf = ({ account }: Pick<Tenant, 'account'>) => {
  const channel = account.channels.find(({ kind }) => kind === 'webchat')
  if (!channel?.widgetKey) throw new Error('The demo has a web chat.')
  return { ...channel, widgetKey: channel.widgetKey }
}

/** The key that an account's site signs with. */
export async function secretKeyOf(house: TestHouse, channelId: string): Promise<string> {
  const [row] = await house.sql<{ secret_key: string }>(`select secret_key from channel where id = $1`, [
    channelId,
  ])
  return row?.secret_key ?? ''
}

const asking =
  (house: TestHouse, token: string): TestVisitor['ask'] =>
  (method, path, body, headers) =>
    house.request({
      ...{ method, url: `/visitor/v1${path}`, payload: body },
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
    })

/** Knocks; whatever is answered. */
export function knock(
  house: TestHouse,
  body: Record<string, unknown> = {},
  { tenant = house, headers = {} }: { tenant?: Tenant; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const { widgetKey } = webchatOf(tenant)
  return house.request({
    ...{ method: 'POST', url: '/visitor/v1/sessions', payload: { widgetKey, ...body }, headers },
  })
}

export async function visit(
  house: TestHouse,
  body: Record<string, unknown> = {},
  from?: Parameters<typeof knock>[2],
): Promise<TestVisitor> {
  const reply = await knock(house, body, from)
  expect(reply.status, reply.text).toBeLessThan(300)
  const token: string = reply.body.token
  const ask = asking(house, token)
  return {
    ...{ token, session: reply.body, ask },
    says: async (text, id = randomUUID()) => {
      const said = await ask('POST', '/messages', { id, text })
      expect(said.status, said.text).toBe(201)
      return said.body
    },
  }
}

const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token of the site's; `exp` in seconds from now. */
export function userToken(
  house: TestHouse,
  key: string,
  claims: Record<string, unknown>,
  life = 600,
): string {
  const exp = Math.floor(house.clock.now().getTime() / 1000) + life
  const content = `${b64({ alg: 'HS256', typ: 'JWT' })}.${b64({ exp, ...claims })}`
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`
}

/** Fields as Blinger's sites sign them. */
export function signedFields(key: string, fields: Record<string, string | number>) {
  const sign = createHash('md5')
    .update(Object.values(fields).join('') + key)
    .digest('hex')
  return { sign, fields: Object.entries(fields).map(([name, value]) => ({ name, value })) }
}
