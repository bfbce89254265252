import { connectChannel } from '../../application/channels/connect-channel.ts'
import { pageChannels } from '../../application/channels/read-channels.ts'
import { CHANNEL_SECRETS, rotateSecret } from '../../application/channels/rotate-secret.ts'
import { switchChannel } from '../../application/channels/switch-channel.ts'
import { CHANNEL_KINDS, type Channel } from '../../domain/channel.ts'
import { wordIn } from './arguments.ts'
import { ACCOUNT, type Command, type Option } from './command.ts'
import { readRef } from './refs.ts'
import { facts, table } from './table.ts'

const CHANNEL: Option = { name: 'channel', value: 'NUMBER', help: 'its number or id', isRequired: true }
/** More channels than anybody has. */
const MOST = 10_000

const describe = (channel: Channel) => {
  const { id, number, kind, transport, name, status, customAppId, webhookUrl, widgetKey } = channel
  return { id, number, kind, transport, name, status, customAppId, webhookUrl, widgetKey }
}

const create: Command = {
  summary: 'connect a channel; its secrets are shown this once',
  options: [
    ACCOUNT,
    { name: 'kind', value: 'KIND', help: CHANNEL_KINDS.join(', '), isRequired: true },
    { name: 'name', value: 'TEXT', help: 'what it is called', isRequired: true },
    { name: 'app-id', value: 'TEXT', help: 'a custom app’s own id' },
    { name: 'webhook', value: 'URL', help: 'where a custom app receives messages' },
  ],
  run: async (desk, given) => {
    const kind = wordIn(given, 'kind', CHANNEL_KINDS) ?? 'custom_app'
    const { tools, actor } = await desk.account()
    const { channel, token } = await tools.perform(connectChannel, actor, {
      ...{ kind, name: given.required('name').trim() },
      ...{ customAppId: given.text('app-id'), webhookUrl: given.text('webhook') },
    })
    const secretKey = kind === 'webchat' ? channel.secretKey : null
    const secrets: [string, string | null][] = [
      ...([
        ['Token', token],
        ['Widget key', channel.widgetKey],
        ['Signing secret', secretKey],
      ] as const),
    ].map(([name, secret]) => [name, secret])
    return {
      data: { ...describe(channel), token, secretKey },
      lines: [`Channel ${channel.number} is there.`, '', ...facts([['Id', channel.id], ...secrets])],
    }
  },
}

const list: Command = {
  summary: 'list the channels of an account',
  options: [ACCOUNT],
  run: async (desk) => {
    const { tools, actor } = await desk.account()
    const channels = await tools.ask(pageChannels, actor, { after: null, order: 'asc', limit: MOST })
    const rows = channels.map(({ number, kind, name, status, customAppId }) => [
      ...[number, kind, name, status, customAppId],
    ])
    return {
      data: channels.map(describe),
      lines: table(['number', 'kind', 'name', 'status', 'custom app'], rows),
    }
  },
}

const rotate: Command = {
  summary: 'make a channel’s secret anew; the old one is dead at once',
  options: [
    ...[ACCOUNT, CHANNEL],
    { name: 'what', value: 'WHAT', help: `${CHANNEL_SECRETS.join(', ')}; token by default` },
  ],
  run: async (desk, given) => {
    const what = wordIn(given, 'what', CHANNEL_SECRETS) ?? 'token'
    const ref = readRef(given.required('channel'), 'channel')
    const { tools, actor } = await desk.account()
    const { channel, secret } = await tools.act(rotateSecret, actor, { channel: ref, what })
    return {
      data: { ...describe(channel), [what]: secret },
      lines: ['The new one, shown this once:', '', secret],
    }
  },
}

const turn = (to: 'active' | 'inactive'): Command => ({
  summary: to === 'active' ? 'switch a channel on' : 'switch a channel off',
  options: [ACCOUNT, CHANNEL],
  run: async (desk, given) => {
    const ref = readRef(given.required('channel'), 'channel')
    const { tools, actor } = await desk.account()
    const channel = await tools.act(switchChannel, actor, { channel: ref, to })
    return { data: describe(channel), lines: [`${channel.name} is ${channel.status}.`] }
  },
})

export const CHANNEL_COMMANDS = {
  ...{ create, list, rotate },
  ...{ activate: turn('active'), deactivate: turn('inactive') },
}
