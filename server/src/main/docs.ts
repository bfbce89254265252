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
  await app.register(reference, {
    routePrefix: '/docs',
    configuration: {
      title: 'Parley API reference',
      sources: contracts.map(({ name, title }) => ({ title, slug: name, url: `/docs/${name}/openapi.json` })),
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      theme: 'none',
    },
  })
}
