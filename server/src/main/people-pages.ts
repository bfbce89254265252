import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'

/** Where links lead: to make the first account, to sign in, to join, to choose a new password. */
const PAGES = ['/setup', '/sign-in', '/invitation', '/password']
const FOLDER = join(import.meta.dirname, '../../assets/people')

const TYPES = {
  'page.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const

/** The page loads its own style and script and asks this server; a form that a script does not take goes nowhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The few pages people need before there is anything else to open. One file serves them all: what is on it, its script decides. */
export async function mountPeoplePages(app: FastifyInstance): Promise<void> {
  const config = { policy: { public: 'pages without anything in them' } } as const
  const hidden = { schema: { hide: true }, config }
  const page = await readFile(join(FOLDER, 'page.html'))
  for (const url of PAGES)
    app.get(url, hidden, (_request, reply) =>
      reply
        .headers({ 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY })
        .send(page),
    )
  for (const [name, type] of Object.entries(TYPES)) {
    const file = await readFile(join(FOLDER, name))
    app.get(`/people/${name}`, hidden, (_request, reply) =>
      reply.headers({ 'content-type': type, 'cache-control': 'public, max-age=3600' }).send(file),
    )
  }
}
