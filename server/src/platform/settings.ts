/** What templates and scripts leave where a value was to be. */
const NOTHING = new Set(['', 'null', 'undefined'])

/** Reads a text; undefined when it is none of what is wanted. */
type Parse<T> = (text: string) => T | undefined

interface Part {
  name: string
  value: string | null
  /** Stands in when the part is not given. */
  other?: string
}

/** Settings of the environment, with everything wrong in them, one line each. */
export interface Settings {
  faults: string[]
  /** Blank is like unset here; what `parse` does not understand is a fault. */
  setting<T>(name: string, parse: Parse<T>, must: string): T | undefined
  /** A blank secret, or the name of nothing, is more likely a broken deployment than a wish: a fault. The value is never shown. */
  confidential(name: string, parse: Parse<string>, must: string): string | null
  /** Settings that only mean something together: null without any of them, a fault with some. */
  together<Names extends string>(parts: Record<Names, Part>): Record<Names, string> | null
}

export function createSettings(env: NodeJS.ProcessEnv): Settings {
  const faults: string[] = []
  return {
    faults,
    setting: (name, parse, must) => {
      const text = env[name]?.trim()
      if (!text) return undefined
      const value = parse(text)
      if (value === undefined) faults.push(`${name} must be ${must}, but is ${JSON.stringify(text)}`)
      return value
    },
    confidential: (name, parse, must) => {
      const text = env[name]
      if (text === undefined) return null
      const given = text.trim()
      const value = NOTHING.has(given.toLowerCase()) ? undefined : parse(given)
      if (value === undefined) faults.push(`${name} must be ${must}${given ? '' : ', but is blank'}`)
      return value ?? null
    },
    together: <Names extends string>(parts: Record<Names, Part>) => {
      const given = Object.entries<Part>(parts)
      const needed = given.filter(([, { other }]) => other === undefined)
      if (needed.every(([, { value }]) => value === null)) return null
      for (const [, { name, value }] of needed)
        if (value === null) faults.push(`${name} must be set, since the settings beside it are`)
      const filled = given.map(([key, { value, other = '' }]) => [key, value ?? other])
      return Object.fromEntries(filled) as Record<Names, string>
    },
  }
}
