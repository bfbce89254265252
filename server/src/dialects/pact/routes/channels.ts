import { pageChannels } from '../../../application/channels/read-channels.ts'
import { createConversation } from '../../../application/conversations/create-conversation.ts'
import { acceptPage, acceptWriteFirst } from '../accept.ts'
import { refIn } from '../ids.ts'
import { presentChannel, presentFirstJob, presentPage } from '../present.ts'
import { ChannelPath, CompanyPath, PageQuery, WriteFirst } from '../schema/requests.ts'
import { answers, ChannelPage, JobAnswer } from '../schema/responses.ts'
import { CONSUMES } from './mounting.ts'
import type { Mount, PactDoor } from './mounting.ts'

const tags = ['Channels']

export function mountChannels(mount: Mount, { house, cursors }: PactDoor): void {
  mount('GET', {
    url: '/companies/:cid/channels',
    needs: 'channel.read',
    schema: {
      summary: 'Get all channels',
      tags,
      params: CompanyPath,
      querystring: PageQuery,
      response: answers(ChannelPage),
    },
    handle: async ({ actor, params }) => {
      const list = `channels:${actor.accountId}`
      const request = acceptPage(params, cursors, list)
      const rows = await house.ask(pageChannels, actor, request.keyset)
      const { shown, ...next } = presentPage(rows, request, { cursors, list, placeOf: (row) => row.number })
      return { status: 'ok', data: { channels: shown.map(presentChannel), ...next } }
    },
  })

  mount('POST', {
    // The Python SDK posts its first message to the channel itself.
    url: ['/companies/:cid/channels/:chid/conversations', '/companies/:cid/channels/:chid'],
    needs: 'conversation.write',
    schema: {
      summary: 'Write first to a phone through a channel',
      tags,
      consumes: CONSUMES,
      params: ChannelPath,
      body: WriteFirst,
      response: answers(JobAnswer),
    },
    handle: async ({ actor, path, params }) => {
      const input = acceptWriteFirst(params, refIn(path['chid'], 'channel'))
      const created = await house.act(createConversation, actor, input)
      return { status: 'ok', data: presentFirstJob(created, actor.accountNumber) }
    },
  })
}
