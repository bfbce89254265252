import type { Actor } from '../../domain/actor.ts'
import type { StoredFile } from '../../domain/attachment.ts'
import { DomainError, refuse } from '../../domain/errors.ts'
import { mustStandDown, type Operator, type OperatorStatus } from '../../domain/operator.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import { keepFile } from '../attachments/keep-file.ts'
import type { Tools } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { Transaction } from '../ports/transaction.ts'
import { conversationsToken } from './conversations-token.ts'
import { mustNotOutrank } from './powers.ts'

/** What a service says of an operator it drives. Absent stays; a null avatar is taken away. */
export interface OperatorFacts {
  externalId?: string
  name?: string
  status?: OperatorStatus
  isActive?: boolean
  avatarUrl?: string | null
}

/** Makes an operator that a service drives by its own id, without a way to sign in. Refuses `conflict` when the id is in use. */
export async function registerOperator(
  tools: Tools,
  actor: Actor,
  facts: OperatorFacts & { externalId: string; name: string },
): Promise<Operator> {
  allow(actor, 'operator.write')
  const avatar = await fetchAvatar(tools, facts.avatarUrl)
  return tools.act(insertRegistered, actor, { ...facts, avatar })
}

/** Changes what a service says of an operator. Refuses `not_found`, and `conflict` when the external id is in use. */
export async function updateOperator(
  tools: Tools,
  actor: Actor,
  input: OperatorFacts & { operator: Ref },
): Promise<Operator> {
  allow(actor, 'operator.write')
  await tools.ask(mustBeThere, actor, input.operator)
  const avatar = await fetchAvatar(tools, input.avatarUrl)
  return tools.act(saveFacts, actor, { ...input, avatar })
}

async function mustBeThere(reader: Reader, _actor: Actor, ref: Ref): Promise<Operator> {
  return (await reader.operators.find(ref)) ?? refuse('not_found', { what: 'operator' })
}

/** Undefined: not spoken of. Null: none wanted. */
type NewAvatar = StoredFile | null | undefined

async function fetchAvatar(tools: Tools, url: string | null | undefined): Promise<NewAvatar> {
  if (url === undefined || url === null) return url
  const stored = await tools.files.fetch(url).catch(asAvatarRefusal)
  if (stored.kind !== 'image') refuse('invalid', { field: 'avatarUrl', reason: 'avatar is not a picture' })
  return stored
}

/** What is wrong with a URL is here wrong with the avatar's. */
function asAvatarRefusal(error: unknown): never {
  if (error instanceof DomainError && error.details.field === 'url')
    refuse(error.code, { ...error.details, field: 'avatarUrl' }, error)
  throw error
}

async function insertRegistered(
  tx: Transaction,
  _actor: Actor,
  facts: OperatorFacts & { externalId: string; name: string; avatar: NewAvatar },
): Promise<Operator> {
  await mustBeFree(tx, facts.externalId, null)
  const operator = await tx.operators.insert(
    {
      id: tx.ids.next(),
      accountId: tx.accountId,
      email: null,
      name: facts.name,
      role: 'operator',
      roleId: null,
      scope: null,
      status: facts.status ?? 'online',
      isActive: facts.isActive ?? true,
      externalId: facts.externalId,
      avatar: facts.avatar ? await keepFile(tx, facts.avatar, null) : null,
      conversationsToken: conversationsToken(tx.now, tx.ids),
      createdAt: tx.now,
      updatedAt: tx.now,
    },
    null,
  )
  await tx.record({ type: 'operator.created', operatorId: operator.id })
  return operator
}

async function saveFacts(
  tx: Transaction,
  actor: Actor,
  input: OperatorFacts & { operator: Ref; avatar: NewAvatar },
): Promise<Operator> {
  const before = (await tx.operators.find(input.operator)) ?? refuse('not_found', { what: 'operator' })
  await mustNotOutrank(tx, actor, before)
  if (input.isActive === false && before.isActive) mustStandDown(before, actor)
  if (input.externalId !== undefined) await mustBeFree(tx, input.externalId, before.id)
  const after: Operator = {
    ...before,
    externalId: input.externalId ?? before.externalId,
    name: input.name ?? before.name,
    status: input.status ?? before.status,
    isActive: input.isActive ?? before.isActive,
    avatar:
      input.avatar === undefined ? before.avatar : input.avatar && (await keepFile(tx, input.avatar, null)),
    updatedAt: tx.now,
  }
  await tx.operators.save(after)
  await tx.record({ type: 'operator.updated', operatorId: after.id })
  return after
}

async function mustBeFree(tx: Transaction, externalId: string, ownerId: string | null): Promise<void> {
  const holder = await tx.operators.byExternalId(externalId)
  if (holder && holder.id !== ownerId)
    refuse('conflict', {
      what: 'operator',
      field: 'externalId',
      reason: 'serviceUserId has already been taken',
    })
}
