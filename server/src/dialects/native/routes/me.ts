import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { acceptInvitation } from '../../../application/invitations/accept-invitation.ts'
import type { Door } from '../../../application/ports/door.ts'
import { systemActor } from '../../../domain/actor.ts'
import { refuse } from '../../../domain/errors.ts'
import { callerOf, cookieOf, whereaboutsOf } from '../auth.ts'
import { refOf } from '../ids.ts'
import { readInvitationLink } from '../links.ts'
import { presentMe, presentSession } from '../present-people.ts'
import {
  ChangePasswordBody,
  CodeBody,
  InvitationLinkBody,
  Me,
  PasswordBody,
  RecoveryCodes,
  SecondFactorAnswer,
  SessionList,
} from '../schema/people.ts'
import { problems } from '../schema/responses.ts'

const tags = ['Oneself']
const config = { policy: { person: true } } as const
const nothing = Type.Null({ description: 'Done.' })
const told = <Response extends object>(summary: string, response: Response, body?: object) => ({
  ...{ tags, summary, ...(body && { body }) },
  response: { ...response, ...problems },
})

/** What a person who is signed in sees and changes of themselves. */
export function meRoutes(scope: FastifyInstance, door: Door): void {
  const { signIn, memberships } = door
  scope.get('/me', { schema: told('Who is signed in', { 200: Me }), config }, async (request) => {
    const caller = callerOf(request)
    return presentMe(caller, await memberships.list(caller.person.id))
  })
  scope.post<{ Body: ChangePasswordBody }>(
    '/me/password',
    {
      schema: told('Change the password; every other session ends', { 204: nothing }, ChangePasswordBody),
      config,
    },
    async (request, reply) => {
      const { person, session } = callerOf(request)
      const asked = { ...request.body, sessionId: session.id }
      await signIn.changePassword(person, asked, whereaboutsOf(request))
      return reply.code(204).send(null)
    },
  )
  scope.post<{ Body: InvitationLinkBody }>(
    '/me/invitations/accept',
    { schema: told('Accept an invitation to another account', { 200: Me }, InvitationLinkBody), config },
    async (request) => {
      const caller = callerOf(request)
      const { accountId, secret } = readInvitationLink(request.body.token)
      const by = { person: caller.person }
      await door.house.perform(acceptInvitation, systemActor(accountId, new Set()), { secret, by })
      return presentMe(caller, await memberships.list(caller.person.id))
    },
  )
  sessionRoutes(scope, door)
  secondFactorRoutes(scope, door)
}

function sessionRoutes(scope: FastifyInstance, { signIn }: Door): void {
  scope.get(
    '/me/sessions',
    { schema: told('Sessions that have not ended', { 200: SessionList }), config },
    async (request) => {
      const { person, session } = callerOf(request)
      const sessions = await signIn.sessions(person.id)
      return { items: sessions.map((one) => presentSession(one, session.id)) }
    },
  )
  scope.delete(
    '/me/sessions',
    { schema: told('End every other session', { 204: nothing }), config },
    async (request, reply) => {
      const { person, session } = callerOf(request)
      await signIn.endAll(person.id, session.id)
      return reply.code(204).send(null)
    },
  )
  scope.delete<{ Params: { id: string } }>(
    '/me/sessions/:id',
    { schema: told('End a session', { 204: nothing }), config },
    async (request, reply) => {
      const ref = refOf('session', request.params.id)
      const id = 'id' in ref ? ref.id : ''
      if (!(await signIn.end(callerOf(request).person.id, id, whereaboutsOf(request))))
        return refuse('not_found', { what: 'session' })
      return reply.code(204).send(null)
    },
  )
  scope.post(
    '/auth/sign-out',
    { schema: told('Sign out', { 204: nothing }), config },
    async (request, reply) => {
      const { person, session } = callerOf(request)
      await signIn.end(person.id, session.id, whereaboutsOf(request))
      return reply.header('set-cookie', signIn.forgetting()).code(204).send(null)
    },
  )
}

function secondFactorRoutes(scope: FastifyInstance, { signIn }: Door): void {
  scope.post<{ Body: PasswordBody }>(
    '/me/second-factor',
    { schema: told('Get a second factor to confirm', { 200: SecondFactorAnswer }, PasswordBody), config },
    (request) => signIn.offerSecondFactor(cookieOf(request), request.body.password),
  )
  scope.post<{ Body: CodeBody }>(
    '/me/second-factor/confirm',
    { schema: told('Switch the second factor on with its first code', { 204: nothing }, CodeBody), config },
    async (request, reply) => {
      const asked = { cookie: cookieOf(request), code: request.body.code }
      const { cookies } = await signIn.confirmSecondFactor(asked, whereaboutsOf(request))
      return reply.header('set-cookie', cookies).code(204).send(null)
    },
  )
  scope.post<{ Body: PasswordBody }>(
    '/me/second-factor/remove',
    { schema: told('Switch the second factor off', { 204: nothing }, PasswordBody), config },
    async (request, reply) => {
      const asked = { cookie: cookieOf(request), password: request.body.password }
      const { cookies } = await signIn.removeSecondFactor(asked, whereaboutsOf(request))
      return reply.header('set-cookie', cookies).code(204).send(null)
    },
  )
  scope.post<{ Body: PasswordBody }>(
    '/me/second-factor/recovery-codes',
    {
      schema: told('Get new recovery codes; the old ones end', { 200: RecoveryCodes }, PasswordBody),
      config,
    },
    async (request) => ({
      recoveryCodes: await signIn.renewRecoveryCodes(cookieOf(request), request.body.password),
    }),
  )
}
