import { hashPassword, verifyPassword } from 'better-auth/crypto'
import type {
  SecondFactorWanted,
  SignedIn,
  SignIn,
  SingleSignOn,
  Whereabouts,
} from '../../application/ports/sign-in.ts'
import type { AuditedAct } from '../../domain/audit.ts'
import { refuse } from '../../domain/errors.ts'
import { available } from '../availability.ts'
import type { Database } from '../database.ts'
import { ask, headersOf, tokenIn, tokenOf, type Answer } from './asking.ts'
import { LONGEST_PASSWORD, PROVIDER_ID, SHORTEST_PASSWORD, type Auth } from './auth.ts'
import type { Lockout } from './lockout.ts'
import type { Sessions } from './sessions.ts'

export interface SignInParts {
  db: Database
  /** Opened when first used: by then it is known where browsers find us. */
  auth(): Auth
  sessions: Sessions
  lockout: Lockout
  /** Tells the audit log of every account the person works in. */
  tell(personId: string, action: AuditedAct, from: Whereabouts): Promise<void>
  provider: { name: string } | null
}

type Outcome = SignedIn | SecondFactorWanted

const wrong = () =>
  refuse('unauthenticated', { what: 'sign-in', reason: 'The e-mail address or the password is wrong.' })

export function createSignIn(parts: SignInParts): SignIn {
  const { sessions, lockout, tell } = parts

  /** What the sign-in store began, if the person may come in at all: somebody who works nowhere is like nobody. */
  async function settle(answer: Answer, from: Whereabouts, lifeMs?: number): Promise<Outcome> {
    const token = tokenOf(answer.body)
    if (token === null) return { kind: 'second_factor', cookies: answer.cookies }
    const live = await sessions.byToken(token)
    if (!live) return wrong()
    if (!(await sessions.isMember(live.person.id))) {
      await sessions.end(live.person.id, live.session.id)
      return wrong()
    }
    if (lifeMs !== undefined) await sessions.prolong(live.session.id, new Date(Date.now() + lifeMs))
    await tell(live.person.id, 'session.started', from)
    return { kind: 'signed_in', ...live, cookies: answer.cookies }
  }

  async function refused(email: string, from: Whereabouts): Promise<never> {
    const person = await sessions.person({ email })
    if (person) await tell(person.id, 'session.refused', from)
    return wrong()
  }

  return {
    withPassword: async ({ email, password, isRemembered, lifeMs }, from) => {
      const tried = { email, address: from.address }
      await lockout.begin(tried)
      const api = parts.auth().api
      const body = {
        email: email.trim(),
        password: password.slice(0, LONGEST_PASSWORD + 1),
        rememberMe: isRemembered,
      }
      const answer = await ask(() => api.signInEmail({ body, headers: headersOf(from), returnHeaders: true }))
      if (answer === null) return refused(email, from)
      const outcome = await settle(answer, from, lifeMs)
      await lockout.succeed(tried)
      return outcome
    },
    withCode: async ({ cookie, code, lifeMs }, from) => {
      await lockout.begin({ email: `code:${cookie}`, address: from.address })
      const answer = await verifyCode(parts.auth(), { cookie, code, from })
      if (answer === null)
        return refuse('unauthenticated', { what: 'second factor', reason: 'The code is wrong.' })
      const outcome = await settle(answer, from, lifeMs)
      if (outcome.kind !== 'signed_in') throw new Error('A right code was not enough.')
      await lockout.succeed({ email: `code:${cookie}`, address: from.address })
      return outcome
    },
    ...sessionDoors(parts),
    ...passwordDoors(parts),
    ...secondFactorDoors(parts),
    singleSignOn: parts.provider && singleSignOn(parts, parts.provider.name, settle),
  }
}

type SessionDoors = Pick<SignIn, 'ofCookie' | 'ofSession' | 'sessions' | 'end' | 'endAll' | 'forgetting'>

function sessionDoors({ auth, sessions, tell }: SignInParts): SessionDoors {
  return {
    ofCookie: async (cookie) => {
      const answer = await ask(() =>
        auth().api.getSession({ headers: new Headers({ cookie }), returnHeaders: true }),
      )
      const session = Object(answer?.body).session as { token?: string } | undefined
      const live = session?.token ? await sessions.byToken(session.token) : null
      return live && { ...live, cookies: answer?.cookies ?? [] }
    },
    ofSession: (sessionId) => sessions.byId(sessionId),
    sessions: (personId) => sessions.list(personId),
    end: async (personId, sessionId, from) => {
      const isEnded = await sessions.end(personId, sessionId)
      if (isEnded) await tell(personId, 'session.ended', from)
      return isEnded
    },
    endAll: (personId, except) => sessions.endAll(personId, except),
    forgetting: () => {
      const { cookieName, isSecure } = cookieOf(auth())
      const secure = isSecure ? '; Secure' : ''
      return [`${cookieName}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${secure}`]
    },
  }
}

function cookieOf(auth: Auth): { cookieName: string; isSecure: boolean } {
  const { cookiePrefix, defaultCookieAttributes } = auth.options.advanced
  return { cookieName: `${cookiePrefix}.session_token`, isSecure: defaultCookieAttributes.secure }
}

type PasswordDoors = Pick<SignIn, 'changePassword' | 'requestReset' | 'reset'>

function passwordDoors({ auth, db, sessions, lockout, tell }: SignInParts): PasswordDoors {
  return {
    changePassword: async (person, { currentPassword, newPassword, sessionId }, from) => {
      const tried = { email: person.email, address: from.address }
      await lockout.begin(tried)
      mustBeFit(newPassword)
      const kept = db
        .selectFrom('personCredential')
        .select(['id', 'password'])
        .where('userId', '=', person.id)
        .where('providerId', '=', 'credential')
      const credential = await available(() => kept.executeTakeFirst())
      const hash = credential?.password
      const isRight = hash ? await verifyPassword({ hash, password: currentPassword }) : false
      if (!credential || !isRight)
        refuse('invalid', { field: 'currentPassword', reason: 'The current password is wrong.' })
      await lockout.succeed(tried)
      const password = await hashPassword(newPassword)
      await available(() =>
        db
          .updateTable('personCredential')
          .set({ password, updatedAt: new Date() })
          .where('id', '=', credential.id)
          .execute(),
      )
      await sessions.endAll(person.id, sessionId)
      await tell(person.id, 'password.changed', from)
    },
    requestReset: async (email, from) => {
      const found = await sessions.person({ email })
      // Asked of nobody too: it takes its time.
      const isMember = (await sessions.isMember(found?.id ?? 'nobody')) && found !== null
      const { internalAdapter } = await auth().$context
      const token = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')
      // A link for nobody is made just the same, so that asking takes as long; it opens nothing.
      await available(() =>
        internalAdapter.createVerificationValue({
          identifier: `reset-password:${token}`,
          value: isMember ? found.id : 'nobody',
          expiresAt: new Date(Date.now() + RESET_MS),
        }),
      )
      if (!isMember) return null
      return { person: found, token, tell: () => tell(found.id, 'password.reset_requested', from) }
    },
    reset: async ({ token, newPassword }, from) => {
      mustBeFit(newPassword)
      const { internalAdapter } = await auth().$context
      const found = await available(() => internalAdapter.consumeVerificationValue(`reset-password:${token}`))
      const person = found && found.expiresAt > new Date() ? await sessions.person({ id: found.value }) : null
      if (!person) refuse('invalid', { field: 'token', reason: 'The link is not valid any more.' })
      const password = await hashPassword(newPassword)
      await available(() => keepPassword(db, person.id, password))
      await sessions.endAll(person.id, null)
      await tell(person.id, 'password.reset', from)
    },
  }
}

const RESET_MS = 3_600_000

function mustBeFit(password: string): void {
  if (password.length < SHORTEST_PASSWORD)
    refuse('invalid', {
      field: 'newPassword',
      reason: `A password has at least ${SHORTEST_PASSWORD} characters.`,
    })
  if (password.length > LONGEST_PASSWORD)
    refuse('invalid', {
      field: 'newPassword',
      reason: `A password has at most ${LONGEST_PASSWORD} characters.`,
    })
}

/** Somebody who only ever came in by a provider has no password yet. */
async function keepPassword(db: Database, personId: string, password: string): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('personCredential')
    .set({ password, updatedAt: new Date() })
    .where('userId', '=', personId)
    .where('providerId', '=', 'credential')
    .executeTakeFirstOrThrow()
  if (numUpdatedRows > 0n) return
  await db
    .insertInto('personCredential')
    .values({
      ...{ id: crypto.randomUUID(), accountId: personId, providerId: 'credential', userId: personId },
      password,
    })
    .execute()
}

type SecondFactorDoors = Pick<
  SignIn,
  'offerSecondFactor' | 'confirmSecondFactor' | 'removeSecondFactor' | 'renewRecoveryCodes'
>

const wrongPassword = () => refuse('invalid', { field: 'password', reason: 'The password is wrong.' })

function secondFactorDoors({ auth, sessions, tell }: SignInParts): SecondFactorDoors {
  const personOf = async (cookies: string[]) => {
    const cookie = cookies.map((line) => line.split(';', 1)[0]).join('; ')
    const found = await auth().api.getSession({ headers: new Headers({ cookie }) })
    return found?.user.id ?? null
  }
  const told = async (answer: Answer, action: AuditedAct, from: Whereabouts) => {
    const personId = await personOf(answer.cookies)
    if (personId !== null) await tell(personId, action, from)
    return { cookies: answer.cookies }
  }

  return {
    offerSecondFactor: async (cookie, password) => {
      const headers = new Headers({ cookie })
      const live = await auth().api.getSession({ headers })
      const person = live && (await sessions.person({ id: live.user.id }))
      if (person?.hasSecondFactor)
        refuse('conflict', { what: 'second factor', reason: 'There is a second factor already.' })
      const answer = await ask(() =>
        auth().api.enableTwoFactor({ body: { password }, headers, returnHeaders: true }),
      )
      if (answer === null) return wrongPassword()
      const { totpURI, backupCodes } = answer.body as { totpURI: string; backupCodes: string[] }
      return { uri: totpURI, recoveryCodes: backupCodes }
    },
    confirmSecondFactor: async ({ cookie, code }, from) => {
      const headers = new Headers({ cookie })
      const answer = await ask(() => auth().api.verifyTOTP({ body: { code }, headers, returnHeaders: true }))
      if (answer === null) return refuse('invalid', { field: 'code', reason: 'The code is wrong.' })
      return told(answer, 'second_factor.enabled', from)
    },
    removeSecondFactor: async ({ cookie, password }, from) => {
      const headers = new Headers({ cookie })
      const answer = await ask(() =>
        auth().api.disableTwoFactor({ body: { password }, headers, returnHeaders: true }),
      )
      return answer === null ? wrongPassword() : told(answer, 'second_factor.disabled', from)
    },
    renewRecoveryCodes: async (cookie, password) => {
      const headers = new Headers({ cookie })
      const answer = await ask(() =>
        auth().api.generateBackupCodes({ body: { password }, headers, returnHeaders: true }),
      )
      if (answer === null) return wrongPassword()
      return (answer.body as { backupCodes: string[] }).backupCodes
    },
  }
}

/** Six digits are an app's; anything else is a recovery code. */
function verifyCode(auth: Auth, asked: { cookie: string; code: string; from: Whereabouts }) {
  const headers = headersOf(asked.from)
  headers.set('cookie', asked.cookie)
  const code = asked.code.trim()
  return ask(() =>
    /^\d{6}$/.test(code)
      ? auth.api.verifyTOTP({ body: { code }, headers, returnHeaders: true })
      : auth.api.verifyBackupCode({ body: { code }, headers, returnHeaders: true }),
  )
}

function singleSignOn(
  { auth }: SignInParts,
  name: string,
  settle: (answer: Answer, from: Whereabouts) => Promise<Outcome>,
): SingleSignOn {
  return {
    name,
    begin: async () => {
      const answer = await ask(() =>
        auth().api.signInWithOAuth2({
          body: { providerId: PROVIDER_ID, callbackURL: '/' },
          returnHeaders: true,
        }),
      )
      const url = Object(answer?.body).url as unknown
      if (!answer || typeof url !== 'string')
        return refuse('overloaded', { reason: 'The identity provider does not answer.' })
      return { url, cookies: answer.cookies }
    },
    finish: async ({ url, cookie }, from) => {
      const headers = headersOf(from)
      headers.set('cookie', cookie)
      const answer = await available(() => auth().handler(new Request(url, { headers })))
      const cookies = answer.headers.getSetCookie()
      // A redirect has no body; the demand for a second factor is said in one.
      const said = await answer.text()
      const body: unknown = said.startsWith('{') ? JSON.parse(said) : null
      if (Object(body).twoFactorRedirect === true) return { kind: 'second_factor', cookies }
      const token = tokenIn(cookieOf(auth()).cookieName, cookies)
      if (token === null)
        return refuse('unauthenticated', {
          what: 'sign-in',
          reason: 'The identity provider did not name anybody who works here.',
        })
      return settle({ body: { token }, cookies }, from)
    },
  }
}
