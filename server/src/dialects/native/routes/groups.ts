import type { FastifyInstance } from 'fastify'
import { addMember, removeMember } from '../../../application/groups/change-members.ts'
import { createGroup } from '../../../application/groups/create-group.ts'
import { deleteGroup } from '../../../application/groups/delete-group.ts'
import { getGroup, pageGroups } from '../../../application/groups/read-groups.ts'
import { updateGroup } from '../../../application/groups/update-group.ts'
import type { Door } from '../../../application/ports/door.ts'
import { given, requiredText } from '../accept-fields.ts'
import { actorOf } from '../auth.ts'
import { refOf } from '../ids.ts'
import { acceptPaging, keysetOf, presentList } from '../paging.ts'
import { presentGroup } from '../present-groups.ts'
import { Gone, NoBody } from '../schema/fields.ts'
import { CreateGroupBody, GroupBody, UpdateGroupBody } from '../schema/groups.ts'
import { PageQuery, pageOf } from '../schema/paging.ts'
import { problems } from '../schema/responses.ts'

const tags = ['Groups']
const reading = { policy: { permission: 'operator.read' } } as const
const writing = { policy: { permission: 'group.write' } } as const
const answers = { 200: GroupBody, ...problems }

interface Named {
  Params: { id: string }
}

export function groupRoutes(scope: FastifyInstance, door: Door): void {
  const { house } = door
  const list = { tags, summary: 'List groups', querystring: PageQuery }
  scope.get<{ Querystring: PageQuery }>(
    '/groups',
    { schema: { ...list, response: { 200: pageOf(GroupBody), ...problems } }, config: reading },
    async (request) => {
      const actor = actorOf(request)
      const paging = acceptPaging({ list: 'groups', accountId: actor.accountId }, request.query)
      const groups = await house.ask(pageGroups, actor, keysetOf(paging))
      return presentList(groups, paging, { nameOf: ({ group }) => group.number, present: presentGroup })
    },
  )

  const get = { tags, summary: 'Get a group', response: answers }
  scope.get<Named>('/groups/:id', { schema: get, config: reading }, async (request) =>
    presentGroup(await house.ask(getGroup, actorOf(request), { group: refOf('group', request.params.id) })),
  )

  const create = { tags, summary: 'Create a group', body: CreateGroupBody }
  scope.post<{ Body: CreateGroupBody }>(
    '/groups',
    { schema: { ...create, response: { 201: GroupBody, ...problems } }, config: writing },
    async (request, reply) => {
      const { title, color, ...rest } = request.body
      const input = { ...rest, title: requiredText(title, 'title'), color: color.toLowerCase() }
      const group = await house.act(createGroup, actorOf(request), input)
      return reply.code(201).send(presentGroup({ group, operatorIds: [] }))
    },
  )

  const update = { tags, summary: 'Change a group', body: UpdateGroupBody, response: answers }
  scope.patch<Named & { Body: UpdateGroupBody }>(
    '/groups/:id',
    { schema: update, config: writing },
    async (request) => {
      const { title, color, ...rest } = request.body
      const input = {
        ...rest,
        group: refOf('group', request.params.id),
        ...given('title', title, (text) => requiredText(text, 'title')),
        ...given('color', color, (text) => text.toLowerCase()),
      }
      return presentGroup(await house.act(updateGroup, actorOf(request), input))
    },
  )

  const remove = {
    tags,
    summary: 'Delete a group',
    description: 'Its conversations and channels are without a group then. 409 for the default group.',
    response: { 204: Gone, ...problems },
  }
  scope.delete<Named>('/groups/:id', { schema: remove, config: writing }, async (request, reply) => {
    await house.perform(deleteGroup, actorOf(request), { group: refOf('group', request.params.id) })
    return reply.code(204).send()
  })

  memberRoutes(scope, door)
}

function memberRoutes(scope: FastifyInstance, { house }: Door): void {
  const path = '/groups/:id/members/:operatorId'
  const membershipOf = (params: { id: string; operatorId: string }) => ({
    group: refOf('group', params.id),
    operator: refOf('operator', params.operatorId),
  })

  const add = {
    tags,
    summary: 'Put an operator into a group',
    description: 'Whoever does not see all conversations lets people only into groups of their own.',
    body: NoBody,
    response: answers,
  }
  scope.put<{ Params: { id: string; operatorId: string } }>(
    path,
    { schema: add, config: writing },
    async (request) =>
      presentGroup(await house.act(addMember, actorOf(request), membershipOf(request.params))),
  )

  const leave = { tags, summary: 'Take an operator out of a group', response: answers }
  scope.delete<{ Params: { id: string; operatorId: string } }>(
    path,
    { schema: leave, config: writing },
    async (request) =>
      presentGroup(await house.act(removeMember, actorOf(request), membershipOf(request.params))),
  )
}
