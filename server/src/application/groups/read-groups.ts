import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { Group } from '../../domain/group.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Keyset, Reader } from '../ports/reader.ts'

/** A group with the operators in it, oldest first. */
export interface GroupView {
  group: Group
  operatorIds: string[]
}

/** A page by number. */
export async function pageGroups(reader: Reader, actor: Actor, keyset: Keyset): Promise<GroupView[]> {
  allow(actor, 'operator.read')
  return viewGroups(reader, await reader.groups.page(keyset))
}

/** Refuses `not_found`. */
export async function getGroup(reader: Reader, actor: Actor, input: { group: Ref }): Promise<GroupView> {
  allow(actor, 'operator.read')
  const group = (await reader.groups.find(input.group)) ?? refuse('not_found', { what: 'group' })
  return viewGroup(reader, group)
}

export async function viewGroup(reader: Reader, group: Group): Promise<GroupView> {
  const members = await reader.groups.memberIds([group.id])
  return { group, operatorIds: members.get(group.id) ?? [] }
}

async function viewGroups(reader: Reader, groups: Group[]): Promise<GroupView[]> {
  const members = await reader.groups.memberIds(groups.map(({ id }) => id))
  return groups.map((group) => ({ group, operatorIds: members.get(group.id) ?? [] }))
}
