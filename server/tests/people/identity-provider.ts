import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** Whom the provider names next. */
export interface Named {
  sub: string
  email: string
  email_verified: boolean
  name: string
}

export interface IdentityProvider extends AsyncDisposable {
  issuer: string
  named: Named
  /** Follows the address a browser was sent to, as somebody who agrees; where the provider sends it back. */
  agree(url: string): string
}

/** An OpenID Connect provider, small but real: discovery, codes, tokens, keys. */
export async function openIdentityProvider(): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const codes = new Map<string, string>()
  const server = createServer((request, response) => {
    const answer = (body: object) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(body))
    }
    const path = request.url?.split('?')[0]
    if (path === '/.well-known/openid-configuration')
      answer({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/jwks`,
      })
    else if (path === '/jwks') answer({ keys: [jwk] })
    else if (path === '/userinfo') answer(provider.named)
    else if (path === '/token') void token(request).then(answer)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function token(request: IncomingMessage): Promise<object> {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const code = new URLSearchParams(text).get('code') ?? ''
    if (!codes.delete(code)) return { error: 'invalid_grant' }
    const { sub, ...claims } = provider.named
    const idToken = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setSubject(sub)
      .setIssuer(issuer)
      .setAudience('parley')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey)
    return { access_token: 'access', id_token: idToken, token_type: 'Bearer', expires_in: 300 }
  }

  const provider: IdentityProvider = {
    issuer,
    named: { sub: 's-1', email: 'nobody@elsewhere.example', email_verified: true, name: 'Nobody' },
    agree: (url) => {
      const asked = new URL(url)
      const back = new URL(asked.searchParams.get('redirect_uri') ?? '')
      const code = `code-${codes.size}-${asked.searchParams.get('state')}`
      codes.set(code, asked.searchParams.get('state') ?? '')
      back.searchParams.set('code', code)
      back.searchParams.set('state', asked.searchParams.get('state') ?? '')
      return back.pathname + back.search
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return provider
}
