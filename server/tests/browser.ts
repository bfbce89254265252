import type { InjectOptions } from 'fastify'
import type { Reply, TestHouse } from './house.ts'

/** Keeps cookies and says where its page comes from, as a browser does. */
export interface Browser {
  cookies: Map<string, string>
  get(path: string, headers?: Record<string, string>): Promise<Reply>
  post(path: string, body?: object, headers?: Record<string, string>): Promise<Reply>
  delete(path: string, headers?: Record<string, string>): Promise<Reply>
  /** The `Cookie` line it would send. */
  line(): string
}

/** What the server of a test takes for its own origin. */
export const ORIGIN = 'http://127.0.0.1:3000'

export function openBrowser(
  house: Pick<TestHouse, 'request'>,
  { prefix = '/parley/v1', origin = ORIGIN }: { prefix?: string; origin?: string | null } = {},
): Browser {
  const cookies = new Map<string, string>()
  const line = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  async function send(options: InjectOptions, headers: Record<string, string> = {}): Promise<Reply> {
    const own = { ...(cookies.size > 0 && { cookie: line() }), ...(origin !== null && { origin }) }
    const reply = await house.request({ ...options, headers: { ...own, ...headers } })
    for (const set of [reply.headers['set-cookie'] ?? []].flat().map(String)) {
      const [pair = '', ...attributes] = set.split('; ')
      const name = pair.slice(0, pair.indexOf('='))
      const isGone = attributes.some((attribute) => /^max-age=0$/i.test(attribute))
      if (isGone) cookies.delete(name)
      else cookies.set(name, pair.slice(name.length + 1))
    }
    return reply
  }

  return {
    cookies,
    line,
    get: (path, headers) => send({ method: 'GET', url: prefix + path }, headers),
    post: (path, body, headers) => send({ method: 'POST', url: prefix + path, payload: body ?? {} }, headers),
    delete: (path, headers) => send({ method: 'DELETE', url: prefix + path }, headers),
  }
}

/** A browser in which somebody has signed in. */
export async function signedIn(
  house: Pick<TestHouse, 'request'>,
  who: { email: string; password: string },
): Promise<Browser> {
  const browser = openBrowser(house)
  const { email, password } = who
  const reply = await browser.post('/auth/sign-in', { email, password })
  if (reply.status !== 200) throw new Error(`${email} could not sign in: ${reply.text}`)
  return browser
}
