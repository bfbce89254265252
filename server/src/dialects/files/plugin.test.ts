import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ByteStream, Files } from '../../application/ports/files.ts'
import type { Attachment, AttachmentKind } from '../../domain/attachment.ts'
import { describeFile } from './file-headers.ts'
import { filesPlugin } from './plugin.ts'

const NAME = '0a'.repeat(32)
const path = (ext: string) => `/c2/9b/f1/${NAME}.${ext}`
const CONTENT = '0123456789'

const attachment = (ext: string, kind: AttachmentKind, mimeType: string): Attachment => ({
  id: 'id',
  number: 1,
  accountId: 'account',
  conversationId: null,
  messageId: null,
  path: path(ext),
  digest: 'd'.repeat(64),
  size: CONTENT.length,
  mimeType,
  ext,
  kind,
  width: null,
  height: null,
  originalName: null,
  createdAt: new Date(0),
  updatedAt: new Date(0),
})

const KNOWN = [
  attachment('png', 'image', 'image/png'),
  attachment('mp3', 'audio', 'audio/mpeg'),
  attachment('svg', 'file', 'image/svg+xml'),
  attachment('gif', 'image', 'image/gif'),
]

let app: FastifyInstance
let opened = 0
let closed = 0
let asked: string[] = []

async function* flow(text: string): ByteStream {
  opened += 1
  try {
    yield Buffer.from(text)
  } finally {
    closed += 1
  }
}

async function* endless(): ByteStream {
  opened += 1
  try {
    for (;;) yield Buffer.alloc(65_536)
  } finally {
    closed += 1
  }
}

const files: Pick<Files, 'open' | 'openVariant'> = {
  open: async (_, range) => ({
    size: CONTENT.length,
    stream: flow(range ? CONTENT.slice(range.start, range.end + 1) : CONTENT),
  }),
  openVariant: async (_, variant) => ({ size: variant.length, mimeType: 'image/png', stream: flow(variant) }),
}

beforeEach(async () => {
  opened = 0
  closed = 0
  asked = []
  app = Fastify()
  const findAttachment = async (wanted: string) => {
    asked.push(wanted)
    return KNOWN.find((known) => known.path === wanted) ?? null
  }
  await app.register(filesPlugin, { files: files as Files, findAttachment })
  app.get('/p1', async () => 'pact')
  app.setNotFoundHandler((_, reply) => reply.code(404).send('not the door'))
})
afterEach(() => app.close())

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ method: 'GET', url, headers })

test('a picture is shown in place and may be kept', async () => {
  const reply = await get(path('png'))
  expect([reply.statusCode, reply.body]).toEqual([200, CONTENT])
  expect(reply.headers).toMatchObject({
    'content-type': 'image/png',
    'content-length': '10',
    'content-disposition': `inline; filename="file.png"; filename*=UTF-8''file.png`,
    'content-security-policy':
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'private, max-age=31536000, immutable',
    'accept-ranges': 'bytes',
    etag: `"${'d'.repeat(64)}"`,
  })
})

test('HEAD says the same and opens nothing', async () => {
  const reply = await app.inject({ method: 'HEAD', url: path('png') })
  expect([reply.statusCode, reply.body, reply.headers['content-length']]).toEqual([200, '', '10'])
  expect(opened).toBe(0)
})

test('what a client has is not sent again', async () => {
  const etag = `"${'d'.repeat(64)}"`
  for (const known of [etag, `"x", W/${etag}`, '*']) {
    const reply = await get(path('png'), { 'if-none-match': known, range: 'bytes=0-1' })
    expect([reply.statusCode, reply.body, reply.headers['etag']]).toEqual([304, '', etag])
  }
  expect((await get(path('png'), { 'if-none-match': '"x"' })).statusCode).toBe(200)
  expect(opened).toBe(1)
})

test.each([
  ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
  ['bytes=7-', 206, '789', 'bytes 7-9/10'],
  ['bytes=-2', 206, '89', 'bytes 8-9/10'],
  ['bytes=-99', 206, CONTENT, 'bytes 0-9/10'],
  ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
  ['bytes=10-', 416, 'Range not satisfiable', 'bytes */10'],
  ['bytes=-0', 416, 'Range not satisfiable', 'bytes */10'],
  ['bytes=0-1,4-5', 200, CONTENT, undefined],
  ['bytes=5-3', 200, CONTENT, undefined],
  ['bytes=-', 200, CONTENT, undefined],
  ['lines=0-3', 200, CONTENT, undefined],
  [`bytes=0-${'9'.repeat(400)}`, 200, CONTENT, undefined],
])('the range %s', async (range, ...expected) => {
  const reply = await get(path('mp3'), { range })
  expect([reply.statusCode, reply.body, reply.headers['content-range']]).toEqual(expected)
  if (reply.statusCode === 206) expect(reply.headers['content-length']).toBe(String(reply.body.length))
})

test('a range of another version is the whole', async () => {
  const headers = { range: 'bytes=0-1', 'if-range': '"old"' }
  expect((await get(path('mp3'), headers)).statusCode).toBe(200)
  expect((await get(path('mp3'), { ...headers, 'if-range': `"${'d'.repeat(64)}"` })).statusCode).toBe(206)
})

test('pictures have boxes, other files none', async () => {
  const reply = await get(`/120x120${path('gif')}`)
  expect([reply.statusCode, reply.body, reply.headers['content-type']]).toEqual([200, '120x120', 'image/png'])
  expect(reply.headers).toMatchObject({ 'accept-ranges': 'none', etag: `"${'d'.repeat(64)}-120x120"` })
  expect((await get(`/520x400${path('gif')}`)).body).toBe('520x400')
  for (const url of [`/520x400${path('mp3')}`, `/520x400${path('svg')}`])
    expect((await get(url)).statusCode).toBe(404)
  expect(asked.at(-1)).toBe(path('svg'))
})

test('every miss reads the same, and other paths are not ours', async () => {
  const missing = await get(path('jpg'))
  expect([missing.statusCode, missing.body]).toEqual([404, 'Not found'])
  expect(missing.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  expect((await get(`/120x120${path('jpg')}`)).body).toBe(missing.body)
  asked = []
  const foreign = [
    '/',
    '/c2/9b',
    `/c2/9b/${NAME}.png`,
    path('png').toUpperCase(),
    path('png').replace('0a', 'zz'),
    `/1x1${path('png')}`,
    `${path('png')}/`,
    path('tar.gz'),
    path('p%2f'),
    `/c2/9b/f1/${NAME}`,
    `/../c2/9b/f1/${NAME}.png/..`,
    `/c2/9b/f1/..%2f${NAME}.png`,
  ]
  for (const url of foreign) expect((await get(url)).body, url).toBe('not the door')
  expect((await app.inject({ method: 'POST', url: path('png') })).body).toBe('not the door')
  expect((await get('/p1')).body).toBe('pact')
  expect((await get(path('png').replace('c2', '%632'))).statusCode).toBe(404)
  expect(asked).toEqual([])
})

test('a fault tells nothing', async () => {
  files.open = () => Promise.reject(new Error('secret path'))
  const reply = await get(path('png'))
  expect([reply.statusCode, reply.body]).toEqual([500, 'Internal error'])
  files.open = async () => ({ size: CONTENT.length, stream: flow(CONTENT) })
})

test('a client that leaves closes the file', async () => {
  const original = files.open
  files.open = async () => ({ size: 1e12, stream: endless() })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(`GET ${path('png')} HTTP/1.1\r\nhost: x\r\n\r\n`)
  await once(socket, 'data')
  socket.destroy()
  await expect.poll(() => [opened, closed]).toEqual([1, 1])
  files.open = original
})

test.each(['/avatars/original/missing.png', '/images/users/no-user.png'])('%s is a picture', async (path) => {
  const reply = await get(path)
  expect([
    reply.statusCode,
    reply.headers['content-type'],
    reply.rawPayload.subarray(1, 4).toString(),
  ]).toEqual([200, 'image/png', 'PNG'])
})

describe('how a file is described', () => {
  const described = (mimeType: string, kind: AttachmentKind, originalName: string | null = null) =>
    describeFile({ mimeType, kind, originalName, ext: 'bin' })

  test.each([
    ['image/png', 'image', 'image/png', 'inline'],
    ['audio/ogg', 'audio', 'audio/ogg', 'inline'],
    ['video/mp4', 'video', 'video/mp4', 'inline'],
    ['text/plain', 'file', 'text/plain; charset=utf-8', 'inline'],
    ['application/pdf', 'file', 'application/pdf', 'attachment'],
    ['application/zip', 'file', 'application/zip', 'attachment'],
    [
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'file',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'attachment',
    ],
    ['image/png', 'file', 'image/png', 'attachment'],
    ['multipart/related', 'file', 'application/octet-stream', 'attachment'],
    ['text/html', 'file', 'application/octet-stream', 'attachment'],
    ['image/svg+xml', 'file', 'application/octet-stream', 'attachment'],
    ['image/svg+xml', 'image', 'application/octet-stream', 'attachment'],
    ['application/xml', 'file', 'application/octet-stream', 'attachment'],
    ['application/xhtml+xml', 'file', 'application/octet-stream', 'attachment'],
    ['text/javascript', 'file', 'application/octet-stream', 'attachment'],
    ['application/x-shockwave-flash', 'file', 'application/octet-stream', 'attachment'],
  ] as const)('%s as %s', (mimeType, kind, ...expected) => {
    const headers = described(mimeType, kind)
    expect([headers['content-type'], headers['content-disposition'].split(';')[0]]).toEqual(expected)
  })

  test.each([
    ['a b.txt', `filename="a b.txt"; filename*=UTF-8''a%20b.txt`],
    ['Отчёт.pdf', `filename="_____.pdf"; filename*=UTF-8''%D0%9E%D1%82%D1%87%D1%91%D1%82.pdf`],
    ['"; x="\\.txt', `filename="_; x=__.txt"; filename*=UTF-8''%22%3B%20x%3D%22%5C.txt`],
    ['a\r\nSet-Cookie: x', `filename="a__Set-Cookie: x"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x`],
    [`it's (1)*!.txt`, `filename="it's (1)*!.txt"; filename*=UTF-8''it%27s%20%281%29%2A%21.txt`],
    ['100%.txt', `filename="100_.txt"; filename*=UTF-8''100%25.txt`],
    ['\uD800', `filename="_"; filename*=UTF-8''%EF%BF%BD`],
  ])('the name %j', (name, header) => {
    expect(described('application/zip', 'file', name)['content-disposition']).toBe(`attachment; ${header}`)
  })
})
