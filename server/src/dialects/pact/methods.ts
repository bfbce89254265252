/** Which methods each path of the dialect has, so that a wrong one is told from an unknown path. */
export interface MethodTable {
  add(url: string, methods: string | string[]): void
  /** Empty for an unknown path. */
  allowed(url: string): string[]
}

export function createMethodTable(): MethodTable {
  const table = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  return {
    add: (url, methods) => {
      const row = table.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() }
      for (const method of [methods].flat()) row.methods.add(method)
      if (row.methods.has('GET')) row.methods.add('HEAD')
      table.set(url, row)
    },
    allowed: (url) => {
      const path = pathOf(url)
      const found = [...table.values()].filter(({ pattern }) => pattern.test(path))
      return [...new Set(found.flatMap(({ methods }) => [...methods]))]
    },
  }
}

function patternOf(url: string): RegExp {
  const segments = pathOf(url).split('/').map((segment) => (segment.startsWith(':') ? '[^/]+' : segment))
  return new RegExp(`^${segments.join('/')}$`)
}

/** As the router reads it: slashes doubled or at the end count for nothing. */
function pathOf(url: string): string {
  const [path = ''] = url.split('?')
  return path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')
}
