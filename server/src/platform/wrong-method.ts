import type { FastifyInstance } from 'fastify'

/** The methods a path would answer, sorted; empty for a path that no route of the scope has. */
export type AllowedMethods = (url: string) => string[]

/**
 * Remembers the routes registered in a scope from now on, so that its not-found handler can tell a wrong method (405,
 * with `Allow`) from a wrong path (404): the router itself only knows that nothing matched.
 */
export function watchRoutes(scope: FastifyInstance): AllowedMethods {
  const routes: { pattern: RegExp; methods: string[] }[] = []
  scope.addHook('onRoute', ({ url, method }) => {
    routes.push({ pattern: patternOf(url), methods: [method].flat() })
  })
  return (url) => {
    const path = url.split('?', 1)[0] ?? ''
    const methods = routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods)
    return [...new Set(methods)].sort()
  }
}

function patternOf(url: string): RegExp {
  const segments = url
    .split('/')
    .map((segment) => (segment.startsWith(':') ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
  return new RegExp(`^${segments.join('/')}/?$`)
}
