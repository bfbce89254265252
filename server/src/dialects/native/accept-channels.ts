import type { UpdateChannel } from '../../application/channels/connect-channel.ts'
import type { CreateChannel } from '../../application/channels/create-channel.ts'
import { acceptMetadata, given, optionalText, requiredText } from './accept-fields.ts'
import { acceptWidget } from './accept-widget.ts'
import { refOf } from './ids.ts'
import type { CreateChannelBody, UpdateChannelBody } from './schema/channels.ts'

const LONGEST_URL = 8192

export function acceptCreateChannel(body: CreateChannelBody): CreateChannel {
  return {
    kind: body.kind,
    name: requiredText(body.name, 'name'),
    ...given('customAppId', body.customAppId, (id) => requiredText(id, 'customAppId')),
    ...given('webhookUrl', body.webhookUrl, (url) => requiredText(url, 'webhookUrl', LONGEST_URL)),
    ...given('group', body.groupId, (id) => refOf('group', id)),
    ...given('defaultBot', body.defaultBotId, (id) => refOf('bot', id)),
    ...given('metadata', body.metadata, acceptMetadata),
    ...given('widget', body.widget, acceptWidget),
  }
}

export function acceptUpdateChannel(id: string, body: UpdateChannelBody): UpdateChannel {
  return {
    channel: refOf('channel', id),
    ...given('name', body.name, (name) => requiredText(name, 'name')),
    ...given('webhookUrl', body.webhookUrl, (url) => optionalText(url, 'webhookUrl', LONGEST_URL)),
    ...given('group', body.groupId, (group) => (group === null ? null : refOf('group', group))),
    ...given('defaultBot', body.defaultBotId, (bot) => (bot === null ? null : refOf('bot', bot))),
    ...given('metadata', body.metadata, acceptMetadata),
    ...given('widget', body.widget, acceptWidget),
  }
}
