import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ByteStream, Files, ImageVariant } from '../../application/ports/files.ts'
import { parseAttachmentPath, type Attachment } from '../../domain/attachment.ts'
import { DomainError } from '../../domain/errors.ts'
import { readRange } from './byte-range.ts'
import { CACHED, describeFile, SAFE_HEADERS } from './file-headers.ts'
import { MISSING_AVATAR } from './missing-avatar.ts'

export interface FilesPluginOptions {
  files: Files
  /** The attachment of that path, whoever asks: knowing the path is the right to read. */
  findAttachment: (path: string) => Promise<Attachment | null>
}

// Parameters match by pattern, so that no path of another dialect is ever taken.
const BYTE = '([0-9a-f]{2})'
const PATH = `/:first${BYTE}/:second${BYTE}/:third${BYTE}/:file(^[0-9a-f]{64}\\.[a-z0-9]{1,10}$)`
/** Where Pact and Blinger have the picture of those who have none. */
const MISSING_AVATARS = ['/avatars/original/missing.png', '/images/users/no-user.png']
const VARIANTS: readonly ImageVariant[] = ['120x120', '520x400']

/** Serves stored files at the root of the origin; mounted without a prefix. */
export async function filesPlugin(
  app: FastifyInstance,
  { files, findAttachment }: FilesPluginOptions,
): Promise<void> {
  app.addHook('onRequest', async (_, reply) => {
    reply.headers(SAFE_HEADERS)
  })
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof DomainError && error.code === 'overloaded')
      return miss(reply.header('retry-after', '1'), 503, 'Try again later')
    request.log.error(error)
    return miss(reply, 500, 'Internal error')
  })
  const find = (request: FastifyRequest, prefix: string) => {
    const path = (request.url.split('?', 1)[0] ?? '').slice(prefix.length)
    return parseAttachmentPath(path) ? findAttachment(path) : null
  }
  read(app, PATH, async (request, reply) => {
    const attachment = await find(request, '')
    return attachment ? sendFile(attachment, files, request, reply) : miss(reply)
  })
  for (const variant of VARIANTS) {
    read(app, `/${variant}${PATH}`, async (request, reply) => {
      const attachment = await find(request, `/${variant}`)
      if (attachment?.kind !== 'image') return miss(reply)
      return sendVariant(attachment, variant, { files, request, reply })
    })
  }
  for (const path of MISSING_AVATARS)
    read(app, path, async (_, reply) => {
      const headers = { 'content-type': 'image/png', 'cache-control': 'public, max-age=86400' }
      return reply.headers(headers).send(MISSING_AVATAR)
    })
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

function read(app: FastifyInstance, url: string, handler: Handler): void {
  const config = { policy: { public: 'knowing the path is the right to read' } }
  // Bytes, not JSON: nothing a contract could describe.
  app.route({ method: ['GET', 'HEAD'], url, schema: { hide: true }, config, handler })
}

function miss(reply: FastifyReply, status = 404, text = 'Not found'): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .send(text)
}

async function sendFile(file: Attachment, files: Files, request: FastifyRequest, reply: FastifyReply) {
  const tag = `"${file.digest}"`
  if (isFresh(request, tag)) return notModified(reply, tag)
  const isCurrent = request.headers['if-range'] === undefined || request.headers['if-range'] === tag
  const range = request.method === 'GET' && isCurrent ? readRange(request.headers.range, file.size) : null
  if (range === 'unsatisfiable') {
    return miss(reply.header('content-range', `bytes */${file.size}`), 416, 'Range not satisfiable')
  }
  const opened = await files.open(file.digest, range ?? undefined)
  if (!opened) return miss(reply)
  reply.headers({ ...describeFile(file), 'accept-ranges': 'bytes' })
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${opened.size}`)
  const length = range ? range.end - range.start + 1 : opened.size
  return send({ tag, length, stream: opened.stream }, request, reply)
}

interface Context {
  files: Files
  request: FastifyRequest
  reply: FastifyReply
}

async function sendVariant(file: Attachment, variant: ImageVariant, { files, request, reply }: Context) {
  const tag = `"${file.digest}-${variant}"`
  if (isFresh(request, tag)) return notModified(reply, tag)
  const opened = await files.openVariant(file.digest, variant)
  if (!opened) return miss(reply)
  reply.headers({ ...describeFile({ ...file, mimeType: opened.mimeType }), 'accept-ranges': 'none' })
  return send({ tag, length: opened.size, stream: opened.stream }, request, reply)
}

interface Body {
  tag: string
  length: number
  stream: ByteStream
}

function send({ tag, length, stream }: Body, request: FastifyRequest, reply: FastifyReply) {
  reply.headers({ etag: tag, 'cache-control': CACHED, 'content-length': length })
  if (request.method === 'HEAD') return reply.send()
  // Fastify destroys it when the client leaves, which ends the generator and closes the file.
  return reply.send(Readable.from(stream, { objectMode: false }))
}

const notModified = (reply: FastifyReply, tag: string) =>
  reply.code(304).headers({ etag: tag, 'cache-control': CACHED }).send()

function isFresh(request: FastifyRequest, tag: string): boolean {
  const known = request.headers['if-none-match']?.split(',').map((text) => text.trim().replace(/^W\//, ''))
  return known?.some((text) => text === tag || text === '*') ?? false
}
