import { fastify, type FastifyInstance } from 'fastify'
import { once } from '../platform/once.ts'

/** One published contract: its name in URLs and the document, asked for when somebody reads it. */
export interface Contract {
  name: string
  title: string
  document(): object
}

/** The reference page at /docs, with one OpenAPI document a dialect. Everything comes from this server. */
export function mountDocs(app: FastifyInstance, contracts: Contract[]): void {
  const open = once(() => render(contracts))
  const hidden = { schema: { hide: true }, config: { policy: { public: 'the reference holds no data' } } }
  for (const { name, document } of contracts) app.get(`/docs/${name}/openapi.json`, hidden, () => document())
  app.get('/docs', hidden, async (_request, reply) => {
    const { page } = await open()
    return reply.headers(PAGE_HEADERS).send(page)
  })
  for (const name of ['reference', 'start'] as const)
    app.get(`/docs/${name}.js`, hidden, async (_request, reply) => {
      const { [name]: script } = await open()
      return reply.headers(SCRIPT_HEADERS).send(script)
    })
}

interface Press {
  page: string
  /** The reference itself, and the few lines that begin it: in a file, since the page's policy runs no script that stands in it. */
  reference: string
  start: string
}

/** The page and its scripts, four megabytes of it: loaded when somebody reads, so that idle servers do not carry it. */
async function render(contracts: Contract[]): Promise<Press> {
  const { default: reference } = await import('@scalar/fastify-api-reference')
  await using press = fastify()
  await press.register(reference, {
    routePrefix: '/docs',
    configuration: {
      title: 'Parley API reference',
      sources: contracts.map(({ name, title }) => ({ title, slug: name, url: `/docs/${name}/openapi.json` })),
      // The page is for reading and trying; what would send people elsewhere is left out.
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: 'never',
      mcp: { disabled: true },
      agent: { disabled: true },
      theme: 'none',
      customCss: STYLE,
    },
  })
  const page = await press.inject('/docs/')
  const script = await press.inject('/docs/js/scalar.js')
  const [before = '', inline = ''] = page.body.split('<script type="text/javascript">')
  const [start = '', after = ''] = inline.split('</script>')
  if (!start.includes('Scalar.createApiReference'))
    throw new Error('The reference page begins otherwise than it did.')
  return {
    page: `${before}<script src="/docs/start.js"></script>${after}`
      .replace('js/scalar.js', '/docs/reference.js')
      .replace('Scalar API Reference', 'Parley API reference'),
    reference: script.body,
    start,
  }
}

/** Nothing is loaded from, or sent to, any other server. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** In place of those of all answers, which let a page load nothing. */
const PAGE_HEADERS = { 'content-security-policy': POLICY, 'content-type': 'text/html; charset=utf-8' }
const SCRIPT_HEADERS = {
  'content-type': 'text/javascript; charset=utf-8',
  'cache-control': 'public, max-age=3600',
}

const STYLE = `
  :root { --scalar-font: Inter, ui-sans-serif, system-ui, sans-serif; --scalar-radius: 6px; --scalar-radius-lg: 10px; }
  .light-mode { --scalar-color-accent: oklch(0.5 0.13 195); }
  .dark-mode { --scalar-color-accent: oklch(0.78 0.11 195); }
`
