import { foundAccount } from '../application/accounts/found-account.ts'
import { createChannel, type CreateChannel } from '../application/channels/create-channel.ts'
import { createGroup } from '../application/groups/create-group.ts'
import { receiveMessage } from '../application/inbound/receive-message.ts'
import { createOperator } from '../application/operators/create-operator.ts'
import type { Tools } from '../application/ports/house.ts'
import type { Reader } from '../application/ports/reader.ts'
import { createToken } from '../application/tokens/create-token.ts'
import { systemActor, type Actor } from '../domain/actor.ts'
import { EVERY_PERMISSION } from '../domain/permissions.ts'
import { TOKEN_KINDS } from '../domain/token.ts'
import type { DemoAccount } from './demo.ts'

/** What an account is furnished with: made through use cases only, so that it is an account like any other. */
export interface Plan {
  name: string
  owner: { email: string; name: string }
  operators: { email: string; name: string }[]
  groups: { title: string; color: string }[]
  channels: CreateChannel[]
  /** One contact a channel, in the channels' order; each says one thing. */
  contacts: { externalId: string; name: string; phone?: string; says: string }[]
}

/** Makes an account after the plan, with random passwords and tokens, told this once. */
export async function furnish(tools: Tools, plan: Plan): Promise<DemoAccount> {
  const actor = systemActor(tools.ids.next(), EVERY_PERMISSION)
  const owner = { ...plan.owner, password: tools.ids.token(20) }
  const account = await tools.perform(foundAccount, actor, { name: plan.name, owner })
  for (const operator of plan.operators)
    await tools.perform(createOperator, actor, { ...operator, password: tools.ids.token(20) })
  for (const group of plan.groups) await tools.act(createGroup, actor, group)
  const tokens = new Map<string, string>()
  for (const kind of TOKEN_KINDS)
    tokens.set(kind, (await tools.act(createToken, actor, { kind, name: 'demo' })).secret)
  const rooms = await furnishChannels(tools, actor, plan)
  const { id, number, name } = account
  return {
    id,
    number,
    name,
    owner: { email: owner.email, password: owner.password },
    tokens: {
      blingerApp: tokens.get('blinger_app') ?? '',
      blingerWidget: tokens.get('blinger_widget') ?? '',
      pact: tokens.get('pact') ?? '',
      linktor: tokens.get('linktor') ?? '',
      native: tokens.get('native') ?? '',
    },
    ...(await tools.ask(listPeople, actor, null)),
    ...rooms,
  }
}

type Rooms = Pick<DemoAccount, 'channels' | 'contacts' | 'conversations'>

async function furnishChannels(tools: Tools, actor: Actor, plan: Plan): Promise<Rooms> {
  const rooms: Rooms = { channels: [], contacts: [], conversations: [] }
  for (const [index, wanted] of plan.channels.entries()) {
    const { channel, token } = await tools.act(createChannel, actor, wanted)
    const { id, number, kind, name, customAppId, widgetKey } = channel
    rooms.channels.push({
      ...{ id, number, kind, name },
      ...(customAppId && { customAppId }),
      ...(token && { token }),
      ...(widgetKey && { widgetKey }),
    })
    const contact = plan.contacts[index]
    if (!contact) continue
    const { says, ...from } = contact
    const received = await tools.act(receiveMessage, actor, {
      channel: { id },
      from,
      content: { kind: 'text', text: says },
    })
    const { conversation, identity } = received
    rooms.conversations.push({ id: conversation.id, number: conversation.number, channelId: id })
    rooms.contacts.push({
      id: received.contact.id,
      number: received.contact.number,
      name: contact.name,
      channelId: id,
      identityId: identity.id,
      externalId: identity.externalId,
    })
  }
  return rooms
}

async function listPeople(reader: Reader): Promise<Pick<DemoAccount, 'operators' | 'groups' | 'bots'>> {
  const operators = await reader.operators.list()
  const groups = await reader.groups.list()
  const bots = await reader.bots.list()
  return {
    operators: operators.map(({ id, number, name, email }) => ({ id, number, name, email })),
    groups: groups.map(({ id, number, title }) => ({ id, number, name: title })),
    bots: bots.map(({ id, number, name }) => ({ id, number, name })),
  }
}
