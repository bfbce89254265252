import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { setUp } from '../../../application/accounts/set-up.ts'
import { acceptInvitation, showInvitation } from '../../../application/invitations/accept-invitation.ts'
import { listInvitations, revokeInvitation } from '../../../application/invitations/manage-invitations.ts'
import { inviteByMail } from '../../../application/people/invite-by-mail.ts'
import { makeResetLink } from '../../../application/people/reset-password.ts'
import type { Door } from '../../../application/ports/door.ts'
import { systemActor } from '../../../domain/actor.ts'
import { newId } from '../../../platform/ids.ts'
import { idOf } from '../accept-people.ts'
import { acceptInvite, acceptSetup } from '../accept-people.ts'
import { actorOf, whereaboutsOf } from '../auth.ts'
import { refOf } from '../ids.ts'
import { invitationLink, readInvitationLink, resetLink } from '../links.ts'
import { presentInvitation, presentInvitationShown } from '../present-people.ts'
import {
  AcceptBody,
  InvitationLinkBody,
  InvitationList,
  InvitationShownSchema,
  InviteBody,
  Invited,
  ResetLink,
  SetupBody,
} from '../schema/people.ts'
import { problems } from '../schema/responses.ts'

const nothing = Type.Null({ description: 'Done.' })
const inviting = { policy: { permission: 'operator.write' } } as const
const byLink = { policy: { public: 'the link is the key' } } as const
const told = (tags: string[], summary: string, more: object) => ({ tags, summary, ...more })
const people = ['People']

/** For those who run the account. */
export function invitationRoutes(scope: FastifyInstance, { house, publicOrigin }: Door): void {
  scope.get(
    '/invitations',
    {
      schema: told(people, 'Invitations that wait', { response: { 200: InvitationList, ...problems } }),
      config: { policy: { permission: 'operator.read' } },
    },
    async (request) => ({
      items: (await house.ask(listInvitations, actorOf(request), null)).map(presentInvitation),
    }),
  )
  scope.post<{ Body: InviteBody }>(
    '/invitations',
    {
      schema: told(people, 'Ask somebody to become an operator', {
        description:
          'Goes out by mail; without a mail server the link is in the answer. It opens once, for seven days.',
        body: InviteBody,
        response: { 201: Invited, ...problems },
      }),
      config: inviting,
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const linkOf = (secret: string) => invitationLink(publicOrigin(), actor.accountId, secret)
      const { invitation, link } = await house.perform(inviteByMail, actor, {
        ...acceptInvite(request.body),
        linkOf,
      })
      return reply.code(201).send({ ...presentInvitation(invitation), link })
    },
  )
  scope.delete<{ Params: { id: string } }>(
    '/invitations/:id',
    {
      schema: told(people, 'Withdraw an invitation', { response: { 204: nothing, ...problems } }),
      config: inviting,
    },
    async (request, reply) => {
      const invitationId = idOf('invitation', request.params.id)
      await house.act(revokeInvitation, actorOf(request), { invitationId })
      return reply.code(204).send(null)
    },
  )
  scope.post<{ Params: { id: string } }>(
    '/operators/:id/password-reset',
    {
      schema: told(people, 'Make a link for an operator who cannot sign in', {
        description: 'For an hour, once; to be handed on. Shown this once.',
        response: { 201: ResetLink, ...problems },
      }),
      config: inviting,
    },
    async (request, reply) => {
      const made = await house.perform(makeResetLink, actorOf(request), {
        operator: refOf('operator', request.params.id),
        linkOf: (token) => resetLink(publicOrigin(), token),
        from: whereaboutsOf(request),
      })
      return reply.code(201).send(made)
    },
  )
}

/** For whoever follows a link. */
export function linkRoutes(scope: FastifyInstance, { house }: Door): void {
  const tags = ['Signing in']
  scope.post<{ Body: SetupBody }>(
    '/setup',
    {
      schema: told(tags, 'Make the first account, by the link the server printed', {
        description: 'Once, while there is no account: then this answers 404 to everything.',
        body: SetupBody,
        response: { 201: Type.Object({ accountNumber: Type.Integer() }), ...problems },
      }),
      config: byLink,
    },
    async (request, reply) => {
      const actor = systemActor(newId(), new Set())
      const account = await house.perform(setUp, actor, acceptSetup(request.body))
      return reply.code(201).send({ accountNumber: account.number })
    },
  )
  scope.post<{ Body: InvitationLinkBody }>(
    '/invitations/show',
    {
      schema: told(tags, 'What an invitation’s link says', {
        body: InvitationLinkBody,
        response: { 200: InvitationShownSchema, ...problems },
      }),
      config: byLink,
    },
    async (request) => {
      const { accountId, secret } = readInvitationLink(request.body.token)
      const actor = systemActor(accountId, new Set())
      return presentInvitationShown(await house.ask(showInvitation, actor, { secret }))
    },
  )
  scope.post<{ Body: AcceptBody }>(
    '/invitations/accept',
    {
      schema: told(tags, 'Accept an invitation and choose a password', {
        description: 'Somebody who has a password signs in instead: POST /me/invitations/accept.',
        body: AcceptBody,
        response: { 204: nothing, ...problems },
      }),
      config: byLink,
    },
    async (request, reply) => {
      const { token, name, password } = request.body
      const { accountId, secret } = readInvitationLink(token)
      const by = { name, password }
      await house.perform(acceptInvitation, systemActor(accountId, new Set()), { secret, by })
      return reply.code(204).send(null)
    },
  )
}
