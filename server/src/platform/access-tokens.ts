import { jwtVerify, SignJWT } from 'jose'

const ALGORITHM = 'HS256'
const ISSUER = 'parley'
const TYPE = 'at+jwt'
const LIFE_S = 3600
/** As it is written; the library would also take it padded. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/

interface Claims {
  sessionId: string
  accountId: string
}

export interface AccessTokenParts {
  key: Buffer
  /** Whom they are for: one door's token opens no other. */
  audience: string
  clock(): Date
}

/** JWTs of one algorithm, one key and one audience; whatever a token says of these itself is only compared. */
export function createAccessTokens({ key, audience, clock }: AccessTokenParts) {
  return {
    lifeS: LIFE_S,
    write: async ({ sessionId, accountId }: Claims): Promise<string> => {
      const now = Math.floor(clock().getTime() / 1000)
      return new SignJWT({ sid: sessionId, acc: accountId })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setIssuer(ISSUER)
        .setAudience(audience)
        .setIssuedAt(now)
        .setExpirationTime(now + LIFE_S)
        .sign(key)
    },
    read: async (token: string): Promise<Claims | null> => {
      if (!COMPACT.test(token)) return null
      const read = await jwtVerify(token, key, {
        ...{ algorithms: [ALGORITHM], issuer: ISSUER, audience, typ: TYPE, currentDate: clock() },
        requiredClaims: ['exp', 'iat', 'sid', 'acc'],
        maxTokenAge: LIFE_S,
      }).catch(() => null)
      const { sid: sessionId, acc: accountId } = read?.payload ?? {}
      return typeof sessionId === 'string' && typeof accountId === 'string' ? { sessionId, accountId } : null
    },
  }
}
