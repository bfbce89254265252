import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'

/** Somebody's own site, with the widget's tag on it, at any name that ends in `.test`. */
export interface Site extends AsyncDisposable {
  port: number
  /** What was asked for, by path: a hostile text that reaches this place has run. */
  asked: string[]
}

interface SiteOptions {
  /** The page's policy; none by default. */
  policy?: string
  page(request: IncomingMessage): string
}

export async function openSite({ policy, page }: SiteOptions): Promise<Site> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url !== '/') {
      response.writeHead(404).end()
      return
    }
    response.setHeader('content-type', 'text/html; charset=utf-8')
    if (policy) response.setHeader('content-security-policy', policy)
    response.end(page(request))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('listening nowhere')
  return {
    port: address.port,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export const pageWith = (script: string, before = '') =>
  `<!doctype html><html lang="en"><title>A site</title><h1>A site</h1>${before}<script src="${script}" async></script></html>`
