import type { FastifyInstance } from 'fastify'
import type { Door } from '../../../application/ports/door.ts'
import { getRole, listPermissions, listRoles } from '../../../application/roles/read-roles.ts'
import { createRole, deleteRole, updateRole } from '../../../application/roles/write-role.ts'
import { allow } from '../../../domain/permissions.ts'
import { given, requiredText } from '../accept-fields.ts'
import { actorOf } from '../auth.ts'
import { idOf } from '../accept-people.ts'
import { presentBuiltInRoles, presentRole } from '../present-roles.ts'
import { Gone } from '../schema/fields.ts'
import { pageOf } from '../schema/paging.ts'
import { problems } from '../schema/responses.ts'
import { CreateRoleBody, PermissionList, RoleBody, UpdateRoleBody } from '../schema/roles.ts'

const tags = ['Roles']
const reading = { policy: { permission: 'operator.read' } } as const
const writing = { policy: { permission: 'role.write' } } as const
const answers = { 200: RoleBody, ...problems }

interface Named {
  Params: { id: string }
}

export function roleRoutes(scope: FastifyInstance, { house }: Door): void {
  const words = { tags, summary: 'List all permissions', response: { 200: PermissionList, ...problems } }
  scope.get('/permissions', { schema: words, config: reading }, async (request) => {
    return { items: await house.ask(listPermissions, actorOf(request), null), nextCursor: null }
  })

  const list = {
    tags,
    summary: 'List roles',
    description: 'Those that every account has, then the account’s own, at most 100: always one page.',
    response: { 200: pageOf(RoleBody), ...problems },
  }
  scope.get('/roles', { schema: list, config: reading }, async (request) => {
    const own = await house.ask(listRoles, actorOf(request), null)
    return { items: [...presentBuiltInRoles(), ...own.map(presentRole)], nextCursor: null }
  })

  const get = { tags, summary: 'Get a role', response: answers }
  scope.get<Named>('/roles/:id', { schema: get, config: reading }, async (request) => {
    const { id } = request.params
    allow(actorOf(request), 'operator.read')
    const builtIn = presentBuiltInRoles().find((role) => role.id === id)
    if (builtIn) return builtIn
    return presentRole(await house.ask(getRole, actorOf(request), { roleId: idOf('role', id) }))
  })

  const create = {
    tags,
    summary: 'Create a role',
    description: 'Nobody puts in what they lack.',
    body: CreateRoleBody,
    response: { 201: RoleBody, ...problems },
  }
  scope.post<{ Body: CreateRoleBody }>(
    '/roles',
    { schema: create, config: writing },
    async (request, reply) => {
      const input = { ...request.body, name: requiredText(request.body.name, 'name') }
      return reply.code(201).send(presentRole(await house.act(createRole, actorOf(request), input)))
    },
  )

  const update = {
    tags,
    summary: 'Change a role',
    description: 'Whoever has it can do what it says at once, and no more.',
    body: UpdateRoleBody,
    response: answers,
  }
  scope.patch<Named & { Body: UpdateRoleBody }>(
    '/roles/:id',
    { schema: update, config: writing },
    async (request) => {
      const { name, ...rest } = request.body
      const input = {
        ...rest,
        roleId: idOf('role', request.params.id),
        ...given('name', name, (text) => requiredText(text, 'name')),
      }
      return presentRole(await house.act(updateRole, actorOf(request), input))
    },
  )

  const remove = {
    tags,
    summary: 'Delete a role',
    description: '409 `in_use` while operators have it or open invitations promise it.',
    response: { 204: Gone, ...problems },
  }
  scope.delete<Named>('/roles/:id', { schema: remove, config: writing }, async (request, reply) => {
    await house.act(deleteRole, actorOf(request), { roleId: idOf('role', request.params.id) })
    return reply.code(204).send()
  })
}
