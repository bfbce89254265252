import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { VisitorCredentials } from '../application/ports/visitor-credentials.ts'
import { isSwitchedOff, type Channel } from '../domain/channel.ts'
import { withDefaults } from '../domain/widget.ts'
import { once } from '../platform/once.ts'

const BUILT = join(import.meta.dirname, '../../../widget/dist')
const NAME = /^[\w.-]{1,100}\.js$/
/** Where the loader keeps the place for the channel's look. */
const PLACE = '__PARLEY_CONFIG__'

/** For pages of any site. */
const SCRIPT = {
  'content-type': 'text/javascript; charset=utf-8',
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  vary: 'accept-encoding',
}
/** What a channel looks like may change; what is named by its content does not. */
const FOR_MINUTES = { 'cache-control': 'public, max-age=300' }
const FOR_EVER = { 'cache-control': 'public, max-age=31536000, immutable' }

const PUBLIC = {
  policy: { public: 'scripts without anything in them but what a widget key tells anybody' },
} as const
const hidden = { schema: { hide: true }, config: PUBLIC }

/** The widget as it was built: a loader for each widget key, and the panel's parts. */
export function mountWidget(app: FastifyInstance, visitors: VisitorCredentials, folder = BUILT): void {
  const loader = once(async () => ({
    text: await readFile(join(folder, 'loader.js'), 'utf8'),
    panel: (JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as { panel: string }).panel,
  }))
  const assets = new Map<string, Promise<Packed>>()

  app.get<{ Params: { file: string } }>('/widget/:file', hidden, async (request, reply) => {
    const key = NAME.test(request.params.file) ? request.params.file.slice(0, -'.js'.length) : null
    const visiting = key === null ? null : await visitors.ofWidgetKey(key, request.ip)
    if (!visiting) return reply.code(404).send({ error: 'There is no such widget.' })
    if (!existsSync(join(folder, 'loader.js')))
      return reply.code(503).send({ error: 'The widget has not been built: npm run build.' })
    const { text, panel } = await loader()
    // A function: the name of a channel may have what a replacement text means something by.
    const script = isSwitchedOff(visiting.channel)
      ? ''
      : text.replace(PLACE, () => lookOf(visiting.channel, panel))
    return sendPacked({ request, reply }, await pack(Buffer.from(script)), FOR_MINUTES)
  })
  app.get<{ Params: { file: string } }>('/widget/assets/:file', hidden, async (request, reply) => {
    const { file } = request.params
    const path = join(folder, 'assets', file)
    if (!NAME.test(file) || !existsSync(path))
      return reply.code(404).send({ error: 'There is no such file.' })
    const packed = assets.get(file) ?? readFile(path).then(pack)
    assets.set(file, packed)
    return sendPacked({ request, reply }, await packed, FOR_EVER)
  })
}

/** What the loader must know before anything is asked. JSON in a script: nothing in it may end the script's element or line. */
function lookOf({ widgetKey, name, widget }: Channel, panel: string): string {
  const { color, position, isPoweredShown } = withDefaults(widget)
  const look = { key: widgetKey, color, position, isPoweredShown, name, panel }
  return JSON.stringify(look)
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`)
}

interface Packed {
  plain: Buffer
  gzip: Buffer
  br: Buffer
}

async function pack(plain: Buffer): Promise<Packed> {
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
  const [zipped, br] = await Promise.all([
    promisify(gzip)(plain, { level: 9 }),
    promisify(brotliCompress)(plain, options),
  ])
  return { plain, gzip: zipped, br }
}

function sendPacked(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  packed: Packed,
  kept: Record<string, string>,
): FastifyReply {
  const accepted = request.headers['accept-encoding'] ?? ''
  const encoding = (['br', 'gzip'] as const).find((name) =>
    new RegExp(String.raw`\b${name}\b`).test(accepted),
  )
  reply.headers({ ...SCRIPT, ...kept })
  if (!encoding) return reply.send(packed.plain)
  return reply.header('content-encoding', encoding).send(packed[encoding])
}
