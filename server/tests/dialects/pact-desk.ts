import type { InjectOptions } from 'fastify'
import { expect } from 'vitest'
import type { HouseOptions, Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'

export const CONVERSATION_KEYS = [
  'avatar',
  'channel_id',
  'channel_type',
  'created_at',
  'created_at_timestamp',
  'external_id',
  'meta',
  'name',
  'sender_external_id',
]
export const MESSAGE_KEYS = [
  'attachments',
  'channel_id',
  'channel_type',
  'created_at',
  'created_at_timestamp',
  'external_id',
  'income',
  'message',
]
export const JOB_KEYS = [
  'channel',
  'company_id',
  'conversation_id',
  'created_at',
  'details',
  'id',
  'message_id',
  'state',
]

/** A client of the first account whose every answer is put to the Python SDK's rules. */
export interface Desk extends AsyncDisposable {
  house: TestHouse
  token: string
  /** `/p1/companies/<number>`. */
  company: string
  /** The whatsapp conversation of the fixture. */
  talk: string
  channel(kind: string): number
  conversation(kind: string): number
  ask(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS',
    url: string,
    more?: Asking,
  ): Promise<Reply>
  get(url: string, query?: Record<string, string | number>): Promise<Reply>
  /** As the documents' curl: a urlencoded form. */
  post(url: string, fields?: Record<string, unknown>): Promise<Reply>
  put(url: string, fields?: Record<string, unknown>): Promise<Reply>
}

export interface Asking {
  headers?: Record<string, string>
  payload?: InjectOptions['payload']
  /** Without the token. */
  isAnonymous?: boolean
}

export async function openDesk(options: HouseOptions = {}): Promise<Desk> {
  const house = await openHouse(options)
  const { fixture } = house
  const token = fixture.tokens.pact
  const company = `/p1/companies/${fixture.number}`
  const channel = (kind: string) => fixture.channels.find((row) => row.kind === kind)!
  const conversation = (kind: string) =>
    fixture.conversations.find((row) => row.channelId === channel(kind).id)!.number
  const ask: Desk['ask'] = async (method, url, { headers, payload, isAnonymous } = {}) => {
    const own = isAnonymous ? {} : { 'x-private-api-token': token }
    const reply = await house.request({ method, url, headers: { ...own, ...headers }, payload })
    mustSuitSdks(reply)
    return reply
  }
  const send = (method: 'POST' | 'PUT') => (url: string, fields?: Record<string, unknown>) =>
    ask(method, url, fields ? { payload: form(fields), headers: FORM } : {})
  return {
    house,
    token,
    company,
    talk: `${company}/conversations/${conversation('whatsapp')}`,
    channel: (kind) => channel(kind).number,
    conversation,
    ask,
    get: (url, query = {}) => ask('GET', `${url}?${form(query)}`),
    post: send('POST'),
    put: send('PUT'),
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  }
}

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
export const JSON_TYPE = { 'content-type': 'application/json' }

export function form(fields: Record<string, unknown>): string {
  return new URLSearchParams(
    Object.entries(fields).map(([key, value]): [string, string] => [key, String(value)]),
  ).toString()
}

export const keysOf = (value: object) => Object.keys(value).sort()

/** A refusal: its status, and what it says of the cause. */
export function refused(reply: Reply, status: number, detail?: string | RegExp): void {
  expect([reply.status, reply.text]).toEqual([status, reply.text])
  if (detail !== undefined) expect(reply.body.errors[0].detail).toMatch(detail)
}

const TITLES: Record<number, [code: string, title: string]> = {
  400: ['bad_request', 'Bad Request'],
  401: ['unauthorized', 'Unauthorized'],
  403: ['forbidden', 'Forbidden'],
  404: ['not_found', 'Not Found'],
  405: ['method_not_allowed', 'Method Not Allowed'],
  406: ['not_acceptable', 'Not Acceptable'],
}

/** Pact.md §5.3: what makes the Python SDK raise, and §1.5 for refusals. */
export function mustSuitSdks({ status, headers, body }: Reply): void {
  expect(headers['content-type']).toBe('application/json; charset=utf-8')
  if (status !== 200) {
    const [code, title] = TITLES[status] ?? []
    const error = { status, code, title, detail: expect.stringMatching(/./) }
    return expect(body).toEqual({ status: 'errored', errors: [error] })
  }
  expect(body.status).toMatch(/^(ok|created|updated|deleted)$/)
  if ('data' in body) expect(body.data).toBeTypeOf('object')
  expect(body.data).not.toBeNull()
  if (body.data && 'next_page' in body.data) expect(body.data.next_page).toMatch(/^[\w-]{1,255}$/)
  walk(body)
}

function walk(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const row = value as Record<string, unknown>
  if ('sender_external_id' in row) mustBeConversation(row)
  if ('income' in row) mustBeMessage(row)
  if ('state' in row) mustBeJob(row)
  if ('webhook_url' in row)
    for (const key of ['phone', 'description', 'webhook_url']) expect(row[key]).not.toBe('')
  if ('created_at_timestamp' in row)
    expect(row.created_at_timestamp).toBe(Math.floor(Date.parse(String(row.created_at)) / 1000))
  if ('external_id' in row) expect(row.external_id).toSatisfy(Number.isSafeInteger)
  Object.values(row).forEach(walk)
}

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

function mustBeConversation(row: Record<string, unknown>): void {
  for (const key of CONVERSATION_KEYS) expect(row[key], key).not.toBeNull()
  expect(row).toMatchObject({
    external_id: expect.any(Number),
    name: expect.any(String),
    channel_id: expect.any(Number),
    channel_type: expect.any(String),
    created_at: expect.stringMatching(ISO),
    avatar: expect.any(String),
    sender_external_id: expect.any(String),
    meta: {},
  })
}

function mustBeMessage(row: Record<string, unknown>): void {
  expect(keysOf(row)).toEqual(MESSAGE_KEYS)
  expect(row).toMatchObject({
    channel_id: expect.any(Number),
    message: expect.any(String),
    income: expect.any(Boolean),
    created_at: expect.stringMatching(ISO),
    attachments: expect.any(Array),
  })
}

function mustBeJob(row: Record<string, unknown>): void {
  expect(keysOf(row)).toEqual(JOB_KEYS)
  for (const key of ['id', 'company_id', 'conversation_id', 'created_at'])
    expect(row[key], key).toSatisfy(Number.isSafeInteger)
  expect(row.channel).toEqual({ id: expect.any(Number), type: expect.any(String) })
  expect(row.state).toMatch(/^(trying_deliver|delivered|not_delivered)$/)
}

/** Multipart as the SDKs build it, byte by byte. */
export function pythonUpload(bytes: Buffer, fileName = 'file') {
  const boundary = '1f0e3dad99908345f7439f8ffabdffc4'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\n\r\n`
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, accept: 'application/json' },
    payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}

export function phpUpload(bytes: Buffer, fileName: string) {
  const boundary = '6b00a1c9f7.65'
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Length: ${bytes.length}\r\nContent-Type: image/png\r\n\r\n`
  return {
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"`, accept: '*/*' },
    payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}

/** A picture of one pixel. */
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
