import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'

const FOLDER = join(import.meta.dirname, '../../../widget/demo')

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** A strict host page, as careful sites are: the widget works on it without an exception in this policy. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A small shop at `/demo` with the widget on it, so that one can have a chat with oneself. */
export async function mountShop(app: FastifyInstance, widgetKey: string): Promise<void> {
  const config = { policy: { public: 'a page without anything in it' } } as const
  const hidden = { schema: { hide: true }, config }
  for (const name of await readdir(FOLDER)) {
    const type = TYPES[name.split('.').at(-1) ?? '']
    if (!type) continue
    const file = await readFile(join(FOLDER, name))
    const isPage = name === 'index.html'
    const body = isPage ? file.toString().replaceAll('%KEY%', widgetKey) : file
    app.get(isPage ? '/demo' : `/demo/${name}`, hidden, (_request, reply) =>
      reply
        .headers({ 'content-type': type, ...(isPage && { 'content-security-policy': POLICY }) })
        .send(body),
    )
  }
}
