import type { FastifyInstance } from 'fastify'

/** One published contract: its name in URLs and the document, asked for when somebody reads it. */
export interface Contract {
  name: string
  title: string
  document(): object
}

/** The reference page at /docs, with one OpenAPI document a dialect. Everything comes from this server. */
export async function mountDocs(app: FastifyInstance, contracts: Contract[]): Promise<void> {
  for (const { name, document } of contracts)
    app.get(`/docs/${name}/openapi.json`, { schema: { hide: true } }, () => document())
  const { default: reference } = await import('@scalar/fastify-api-reference')
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      reply.headers({ 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' })
    })
    await scope.register(reference, {
      routePrefix: '/docs',
      configuration: {
        title: 'Parley API reference',
        sources: contracts.map(({ name, title }) => ({
          title,
          slug: name,
          url: `/docs/${name}/openapi.json`,
        })),
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
  })
}

/** Nothing is loaded from, or sent to, any other server. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const STYLE = `
  :root { --scalar-font: Inter, ui-sans-serif, system-ui, sans-serif; --scalar-radius: 6px; --scalar-radius-lg: 10px; }
  .light-mode { --scalar-color-accent: oklch(0.5 0.13 195); }
  .dark-mode { --scalar-color-accent: oklch(0.78 0.11 195); }
`
