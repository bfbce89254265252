import { betterAuth } from 'better-auth'
import { genericOAuth, twoFactor } from 'better-auth/plugins'
import type { Pool } from 'pg'
import { newId } from '../../platform/ids.ts'

/** A provider of OpenID Connect, as the environment names it. */
export interface Provider {
  issuer: string
  clientId: string
  clientSecret: string
  /** What people read on the button. */
  name: string
}

export interface AuthParts {
  pool: Pool
  secret: string
  /** Where browsers find this server. */
  origin: string
  provider: Provider | null
  /** A person is named by the provider for the first time: told before anything else is done about it. */
  onLinked(personId: string): Promise<void>
}

export const PROVIDER_ID = 'oidc'
/** Where the provider sends browsers back to, behind the origin. */
export const CALLBACK_PATH = '/parley/v1/auth'
/** Carries the caller's address into the session's row. */
export const ADDRESS_HEADER = 'x-parley-address'
export const SHORTEST_PASSWORD = 8
export const LONGEST_PASSWORD = 256

const DAY_S = 86_400
const times = { createdAt: 'created_at', updatedAt: 'updated_at' }

/** The sign-in store over our tables. Its own routes are not mounted, and its own limits not used: ours are in `lockout.ts`. */
export function openAuth(parts: AuthParts) {
  const isSecure = parts.origin.startsWith('https:')
  return betterAuth({
    appName: 'Parley',
    database: parts.pool,
    secret: parts.secret,
    baseURL: parts.origin,
    basePath: CALLBACK_PATH,
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: LONGEST_PASSWORD,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: 3600,
      // The link goes out by `requestReset`, which makes the token itself.
      sendResetPassword: async () => undefined,
    },
    session: {
      modelName: 'person_session',
      expiresIn: 14 * DAY_S,
      updateAge: DAY_S,
      cookieCache: { enabled: false },
      fields: {
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        userId: 'user_id',
        ...times,
      },
    },
    user: { modelName: 'person', fields: { emailVerified: 'email_verified', ...times } },
    account: {
      modelName: 'person_credential',
      // An address that nobody has proved to be theirs here becomes the provider's, and what was known before no longer opens it.
      accountLinking: { enabled: true, trustedProviders: [], requireLocalEmailVerified: false },
      updateAccountOnSignIn: false,
      fields: {
        accountId: 'account_id',
        providerId: 'provider_id',
        userId: 'user_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...times,
      },
    },
    verification: {
      modelName: 'person_verification',
      storeIdentifier: 'hashed',
      fields: { expiresAt: 'expires_at', ...times },
    },
    databaseHooks: {
      account: {
        create: {
          // Before: what comes after waits for the end, when the new session is there already.
          before: async ({ providerId, userId }) => {
            if (providerId === PROVIDER_ID) await parts.onLinked(userId)
          },
        },
      },
    },
    advanced: {
      database: { generateId: () => newId() },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      cookiePrefix: isSecure ? '__Host-parley' : 'parley',
      useSecureCookies: false,
      defaultCookieAttributes: { secure: isSecure, sameSite: 'lax', path: '/', httpOnly: true },
    },
    plugins: [secondFactor(), ...(parts.provider ? [singleSignOn(parts.provider)] : [])],
  })
}

export type Auth = ReturnType<typeof openAuth>

/** Asked for after every way of signing in that knows a password or a provider's word. */
function secondFactor() {
  const plugin = twoFactor({
    issuer: 'Parley',
    twoFactorTable: 'person_second_factor',
    allowPasswordless: true,
    schema: {
      user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
      twoFactor: {
        fields: {
          userId: 'user_id',
          backupCodes: 'backup_codes',
          failedVerificationCount: 'failed_verification_count',
          lockedUntil: 'locked_until',
        },
      },
    },
  })
  const [afterSignIn] = plugin.hooks.after
  if (!afterSignIn) throw new Error('The second factor is asked for nowhere.')
  const { matcher } = afterSignIn
  afterSignIn.matcher = (context) =>
    matcher(context) || (context.path?.startsWith('/oauth2/callback') ?? false)
  return plugin
}

function singleSignOn({ issuer, clientId, clientSecret }: Provider) {
  return genericOAuth({
    config: [
      {
        ...{ providerId: PROVIDER_ID, clientId, clientSecret, issuer, pkce: true, disableSignUp: true },
        discoveryUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
        scopes: ['openid', 'email', 'profile'],
      },
    ],
  })
}
