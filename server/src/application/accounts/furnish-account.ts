import type { Actor } from '../../domain/actor.ts'
import type { Channel, ChannelKind, ChannelTransport } from '../../domain/channel.ts'
import { refuse } from '../../domain/errors.ts'
import type { Group } from '../../domain/group.ts'
import { EVERY_PERMISSION } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { TokenKind } from '../../domain/token.ts'
import type { Transaction } from '../ports/transaction.ts'

/** Adds a group of operators, last in priority. */
export async function createGroup(
  tx: Transaction,
  actor: Actor,
  input: { title: string; color: string },
): Promise<Group> {
  const groups = await tx.groups.list()
  return tx.groups.insert({
    ...input,
    id: tx.ids.next(),
    accountId: actor.accountId,
    priority: Math.max(0, ...groups.map((group) => group.priority)) + 1,
    isDefault: false,
    createdAt: tx.now,
    updatedAt: tx.now,
  })
}

export interface CreateChannel {
  kind: ChannelKind
  name: string
  customAppId?: string
  webhookUrl?: string
  group?: Ref
}

/** Connects a channel. A custom app gets a token, returned this once; every other kind is moved by the sandbox. */
export async function createChannel(
  tx: Transaction,
  actor: Actor,
  input: CreateChannel,
): Promise<{ channel: Channel; token: string | null }> {
  const isApp = input.kind === 'custom_app'
  if (isApp && !input.customAppId) refuse('missing', { field: 'customAppId' })
  const transport: ChannelTransport = isApp ? 'custom_app' : 'sandbox'
  const group = input.group
    ? ((await tx.groups.find(input.group)) ?? refuse('not_found', { what: 'group' }))
    : null
  const token = isApp ? tx.ids.token(64) : null
  const channel = await tx.channels.insert(
    {
      id: tx.ids.next(),
      accountId: actor.accountId,
      kind: input.kind,
      transport,
      name: input.name,
      status: 'active',
      customAppId: input.customAppId ?? null,
      webhookUrl: input.webhookUrl ?? null,
      widgetKey: input.kind === 'webchat' ? tx.ids.token(32) : null,
      secretKey: tx.ids.token(32),
      groupId: group?.id ?? null,
      defaultBotId: null,
      metadata: {},
      createdAt: tx.now,
      updatedAt: tx.now,
    },
    token,
  )
  await tx.record({ type: 'channel.created', channelId: channel.id })
  return { channel, token }
}

/** Makes a token that opens one dialect's door with every permission; its secret is returned this once. */
export async function createToken(
  tx: Transaction,
  actor: Actor,
  input: { kind: TokenKind; name: string },
): Promise<{ id: string; secret: string }> {
  const owner = await tx.operators.owner()
  const id = tx.ids.next()
  const secret = tx.ids.token(64)
  await tx.tokens.insert(
    {
      ...input,
      id,
      accountId: actor.accountId,
      operatorId: owner.id,
      permissions: [...EVERY_PERMISSION],
      createdAt: tx.now,
    },
    secret,
  )
  await tx.record({ type: 'token.created', tokenId: id })
  return { id, secret }
}
