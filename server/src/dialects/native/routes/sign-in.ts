import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { askForReset } from '../../../application/people/reset-password.ts'
import type { Door } from '../../../application/ports/door.ts'
import type { SecondFactorWanted, SignedIn } from '../../../application/ports/sign-in.ts'
import { systemActor } from '../../../domain/actor.ts'
import { refuse } from '../../../domain/errors.ts'
import { mustBeStorable } from '../accept-people.ts'
import { cookieOf, whereaboutsOf } from '../auth.ts'
import { resetLink } from '../links.ts'
import { presentMe } from '../present-people.ts'
import {
  CodeBody,
  Me,
  Providers,
  ResetBody,
  ResetRequestBody,
  SignInAnswer,
  SignInBody,
  SingleSignOnAnswer,
} from '../schema/people.ts'
import { problems } from '../schema/responses.ts'

const tags = ['Signing in']
const config = { policy: { public: 'it is the door for people' } } as const
const nothing = Type.Null({ description: 'Done.' })

const signIn = {
  ...{ tags, summary: 'Sign in with e-mail and password', body: SignInBody },
  description:
    'Sets the session’s cookie; with a second factor only the attempt’s, and `secondFactor` is `wanted`. Whether the address, the password ' +
    'or the right to work here is wrong is not told. Too many failures of a person or an address: 429.',
  response: { 200: SignInAnswer, ...problems },
}
const secondFactor = {
  ...{ tags, summary: 'Give the second factor', body: CodeBody, response: { 200: Me, ...problems } },
}
const askReset = {
  ...{ tags, summary: 'Ask for a link to choose a new password', body: ResetRequestBody },
  description:
    'Goes out by mail. Without a mail server an owner makes the link: POST /operators/:id/password-reset.',
  response: { 202: nothing, ...problems },
}
const reset = {
  ...{ tags, summary: 'Choose a new password by a link', body: ResetBody },
  description: 'Ends all sessions of the person.',
  response: { 204: nothing, ...problems },
}
const providers = { tags, summary: 'How one can sign in', response: { 200: Providers, ...problems } }
const begin = {
  ...{ tags, summary: 'Begin to sign in at the identity provider' },
  response: { 200: SingleSignOnAnswer, ...problems },
}

export function signInRoutes(scope: FastifyInstance, door: Door): void {
  const answer = async (outcome: SignedIn | SecondFactorWanted, reply: FastifyReply) => {
    void reply.header('set-cookie', outcome.cookies)
    if (outcome.kind === 'second_factor') return { secondFactor: 'wanted' as const }
    return presentMe(outcome, await door.memberships.list(outcome.person.id))
  }

  scope.post<{ Body: SignInBody }>('/auth/sign-in', { schema: signIn, config }, async (request, reply) => {
    mustBeStorable(request.body)
    const { email, password, remember: isRemembered = true } = request.body
    const asked = { email, password, isRemembered }
    return answer(await door.signIn.withPassword(asked, whereaboutsOf(request)), reply)
  })
  scope.post<{ Body: CodeBody }>(
    '/auth/second-factor',
    { schema: secondFactor, config },
    async (request, reply) => {
      const asked = { cookie: cookieOf(request), code: request.body.code }
      return answer(await door.signIn.withCode(asked, whereaboutsOf(request)), reply)
    },
  )
  scope.post<{ Body: ResetRequestBody }>(
    '/auth/password-reset',
    { schema: askReset, config },
    async (request, reply) => {
      mustBeStorable(request.body)
      await door.house.perform(askForReset, systemActor('', new Set()), {
        email: request.body.email,
        from: whereaboutsOf(request),
        linkOf: (token) => resetLink(door.publicOrigin(), token),
        onFailure: (error) => request.log.error({ err: error }, 'a letter was not taken'),
      })
      return reply.code(202).send(null)
    },
  )
  scope.post<{ Body: ResetBody }>(
    '/auth/password-reset/confirm',
    { schema: reset, config },
    async (request, reply) => {
      const { token, password: newPassword } = request.body
      await door.signIn.reset({ token, newPassword }, whereaboutsOf(request))
      return reply.code(204).send(null)
    },
  )
  singleSignOnRoutes(scope, door)
}

function singleSignOnRoutes(scope: FastifyInstance, { signIn: { singleSignOn }, publicOrigin }: Door): void {
  scope.get('/auth/providers', { schema: providers, config }, async () => ({
    singleSignOn: singleSignOn && { name: singleSignOn.name },
  }))
  scope.post('/auth/single-sign-on', { schema: begin, config }, async (_request, reply) => {
    if (!singleSignOn) return refuse('not_found', { what: 'identity provider' })
    const { url, cookies } = await singleSignOn.begin()
    reply.header('set-cookie', cookies)
    return { url }
  })
  // The provider sends browsers here: they go on to a page of ours, and nowhere else.
  scope.get('/auth/oauth2/callback/oidc', { schema: { hide: true }, config }, async (request, reply) => {
    if (!singleSignOn) return refuse('not_found', { what: 'identity provider' })
    const asked = { url: publicOrigin() + request.url, cookie: cookieOf(request) }
    const outcome = await singleSignOn.finish(asked, whereaboutsOf(request)).catch(() => null)
    if (!outcome) return reply.redirect(`${publicOrigin()}/sign-in?refused=1`, 303)
    reply.header('set-cookie', outcome.cookies)
    const next = outcome.kind === 'second_factor' ? '/sign-in?second-factor=1' : '/sign-in?done=1'
    return reply.redirect(publicOrigin() + next, 303)
  })
}
