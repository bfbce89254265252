import type { FastifyInstance, FastifyRequest } from 'fastify'
import { foundAccount } from '../../../application/accounts/found-account.ts'
import { askForReset } from '../../../application/people/reset-password.ts'
import type { Door } from '../../../application/ports/door.ts'
import type { SignedIn, Whereabouts } from '../../../application/ports/sign-in.ts'
import { systemActor } from '../../../domain/actor.ts'
import { DomainError, refuse } from '../../../domain/errors.ts'
import { EVERY_PERMISSION } from '../../../domain/permissions.ts'
import { newId } from '../../../platform/ids.ts'
import { acceptLogout } from '../accept-auth.ts'
import { userOf } from '../auth.ts'
import { DialectRefusal } from '../errors.ts'
import { checked, readBody } from '../faults.ts'
import { presentLogin, presentMyself, presentRegistration, type User } from '../present-auth.ts'
import {
  ConfirmResetBody,
  LoggedIn,
  LoginBody,
  LogoutBody,
  Myself,
  Refreshed,
  RefreshBody,
  RegisterBody,
  Registered,
  ResetBody,
  Said,
} from '../schema/auth.ts'
import { documented } from './documented.ts'

const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS
const MONTH_MS = 30 * DAY_MS
const isPublic = { policy: { public: 'it is the door for users' } } as const
const isPersonal = { policy: { person: true } } as const

const whereaboutsOf = ({ ip, headers }: FastifyRequest): Whereabouts => ({
  address: ip,
  userAgent: headers['user-agent']?.slice(0, 300) ?? null,
})

/** Signing in by e-mail and password, for programs: tokens instead of cookies. */
export function loginRoutes(app: FastifyInstance, door: Door): void {
  const said = (summary: string, body: typeof LoginBody, status: number, response: typeof LoggedIn) =>
    documented('Auth', { summary, body, response: { [status]: response } })

  app.post(
    '/auth/login',
    { schema: said('Log in', LoginBody, 200, LoggedIn), config: isPublic },
    async (request) => {
      const { rememberMe, ...asked } = checked(LoginBody, readBody(request.body))
      const lifeMs = rememberMe ? MONTH_MS : WEEK_MS
      const signedIn = await logIn(door, { ...asked, lifeMs }, whereaboutsOf(request))
      const { user, tokens } = await admit(door, signedIn, lifeMs)
      return { data: presentLogin(user), meta: { ...tokens, tokenType: 'Bearer' } }
    },
  )
  app.post(
    '/auth/register',
    {
      schema: documented('Auth', { summary: 'Register', body: RegisterBody, response: { 201: Registered } }),
      config: isPublic,
    },
    async (request, reply) => {
      const body = checked(RegisterBody, readBody(request.body))
      if (!door.isRegistrationOpen)
        throw new DialectRefusal(403, 'INSUFFICIENT_PERMISSIONS', 'Registration is closed on this server')
      const { email, password, name, organizationName = name } = body
      const owner = { email, password, name }
      const actor = systemActor(newId(), EVERY_PERMISSION)
      await door.house.perform(foundAccount, actor, { name: organizationName, owner })
      const signedIn = await logIn(door, { email, password, lifeMs: WEEK_MS }, whereaboutsOf(request))
      const { user, tokens } = await admit(door, signedIn, WEEK_MS)
      return reply.code(201).send({ data: presentRegistration(user), meta: tokens })
    },
  )
  refreshRoute(app, door)
  resetRoutes(app, door)
}

function refreshRoute(app: FastifyInstance, door: Door): void {
  const schema = documented('Auth', {
    summary: 'Refresh the tokens; a refresh token works once',
    body: RefreshBody,
    response: { 200: Refreshed },
  })
  app.post('/auth/refresh', { schema, config: isPublic }, async (request) => {
    const body = checked(RefreshBody, readBody(request.body))
    const rotated = await door.refreshTokens.rotate(body.refreshToken).catch(asRefreshRefusal)
    const live = await door.signIn.ofSession(rotated.sessionId)
    const [membership] = live ? await door.memberships.list(live.person.id) : []
    if (!live || !membership) throw new DialectRefusal(401, 'INVALID_REFRESH_TOKEN', 'Invalid refresh token')
    const { lifeS: expiresIn } = door.accessTokens
    const claims = { sessionId: rotated.sessionId, accountId: membership.account.id }
    const accessToken = await door.accessTokens.write(claims)
    const { refreshToken } = rotated
    return { data: { accessToken, refreshToken, expiresIn, tokenType: 'Bearer' } }
  })
}

function resetRoutes(app: FastifyInstance, door: Door): void {
  const ask = documented('Auth', {
    summary: 'Ask for a link to choose a new password',
    body: ResetBody,
    response: { 200: Said },
  })
  app.post('/auth/password/reset', { schema: ask, config: isPublic }, async (request) => {
    const { email } = checked(ResetBody, readBody(request.body))
    await door.house.perform(askForReset, systemActor('', new Set()), {
      email,
      from: whereaboutsOf(request),
      linkOf: (token) => `${door.publicOrigin()}/password#${token}`,
      onFailure: (error) => request.log.error({ err: error }, 'a letter was not taken'),
    })
    return { data: { message: 'If the address is known, a link is on its way' } }
  })
  const confirm = documented('Auth', {
    summary: 'Choose a new password',
    body: ConfirmResetBody,
    response: { 200: Said },
  })
  app.post('/auth/password/confirm', { schema: confirm, config: isPublic }, async (request) => {
    const { token, password: newPassword } = checked(ConfirmResetBody, readBody(request.body))
    await door.signIn.reset({ token, newPassword }, whereaboutsOf(request)).catch((error: unknown) => {
      if (error instanceof DomainError && error.details.field === 'token')
        throw new DialectRefusal(400, 'INVALID_RESET_TOKEN', 'Invalid or expired reset token')
      throw error
    })
    return { data: { message: 'Password has been reset' } }
  })
}

/** For whoever has logged in. */
export function userRoutes(app: FastifyInstance, door: Door): void {
  const myself = documented('Auth', { summary: 'The current user', response: { 200: Myself } })
  app.get('/auth/me', { schema: myself, config: isPersonal }, async (request) => ({
    data: presentMyself(await mustBeUser(door, request)),
  }))
  const leave = documented('Auth', { summary: 'Log out', body: LogoutBody, response: { 200: Said } })
  app.post('/auth/logout', { schema: leave, config: isPersonal }, async (request) => {
    const { allDevices } = acceptLogout(request.body)
    const { person, session } = await mustBeUser(door, request)
    if (allDevices) await door.signIn.endAll(person.id, session.id)
    await door.signIn.end(person.id, session.id, whereaboutsOf(request))
    return { data: { message: 'Successfully logged out' } }
  })
}

async function mustBeUser(door: Door, request: FastifyRequest): Promise<User> {
  const live = userOf(request)
  const [membership] = live ? await door.memberships.list(live.person.id) : []
  if (!live || !membership)
    throw new DialectRefusal(401, 'AUTHENTICATION_REQUIRED', 'Authentication with a user token is required')
  return { ...live, membership }
}

interface LogIn {
  email: string
  password: string
  code?: string
  lifeMs: number
}

async function logIn(door: Door, asked: LogIn, from: Whereabouts): Promise<SignedIn> {
  const { email, password, code, lifeMs } = asked
  try {
    const outcome = await door.signIn.withPassword({ email, password, isRemembered: true, lifeMs }, from)
    if (outcome.kind === 'signed_in') return outcome
    if (code === undefined)
      throw new DialectRefusal(403, 'SECOND_FACTOR_REQUIRED', 'The code of the second factor is required')
    const cookie = outcome.cookies.map((line) => line.split(';', 1)[0]).join('; ')
    return await door.signIn.withCode({ cookie, code, lifeMs }, from)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    if (error.code === 'unauthenticated')
      throw new DialectRefusal(401, 'INVALID_CREDENTIALS', 'Invalid email or password')
    if (error.code === 'rate_limited')
      throw new DialectRefusal(403, 'ACCOUNT_LOCKED', 'Too many failed logins, try again later')
    throw error
  }
}

/** The tokens of a new session, for the account its user joined first. */
async function admit(door: Door, { person, session }: SignedIn, lifeMs: number) {
  const [membership] = await door.memberships.list(person.id)
  if (!membership) return refuse('unauthenticated')
  const claims = { sessionId: session.id, accountId: membership.account.id }
  const tokens = {
    accessToken: await door.accessTokens.write(claims),
    refreshToken: await door.refreshTokens.issue(session.id, lifeMs),
    expiresIn: door.accessTokens.lifeS,
  }
  return { user: { person, session, membership }, tokens }
}

function asRefreshRefusal(error: unknown): never {
  if (error instanceof DomainError && error.code === 'unauthenticated')
    throw error.details.reason === 'reused'
      ? new DialectRefusal(401, 'TOKEN_REVOKED', 'The refresh token was used before: its session has ended')
      : new DialectRefusal(401, 'INVALID_REFRESH_TOKEN', 'Invalid refresh token')
  throw error
}
