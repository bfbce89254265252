import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply, TestHouse } from '../house.ts'
import { openHouse } from '../house.ts'
import type { PictureServer } from '../picture-server.ts'
import { openPictureServer } from '../picture-server.ts'

/** A conversation on its way: what has been said and who has it, as everybody should tell it. */
interface Story {
  house: TestHouse
  number: number
  id: string
  /** What a customer and an operator said, in order; files by their kind. */
  said: string[]
  /** The operator who has it, by integer name; null when nobody does. */
  holder: number | null
  isClosed: boolean
}

type Step = (story: Story) => Promise<void>

let provider: PictureServer
let pictureUrl = ''

beforeAll(async () => {
  provider = await openPictureServer()
  pictureUrl = provider.url
})
afterAll(() => provider[Symbol.asyncDispose]())

function ok(reply: Reply): Reply {
  expect(reply.status, reply.text).toBeLessThan(300)
  return reply
}

const operator = (house: TestHouse, index: number) => house.fixture.operators[index]!
const hex = (id: string) => id.replaceAll('-', '')
const talk = ({ house, number }: Story) => `/companies/${house.fixture.number}/conversations/${number}`
const conv = ({ id }: Story) => `/conversations/conv_${hex(id)}`

/** The conversation by the name that only one of the dialects told. */
async function learnNames(story: Story, known: { id: string } | { number: number }): Promise<void> {
  const [column, value] = 'id' in known ? ['id', known.id] : ['number', known.number]
  const [row] = await story.house.sql<{ id: string; number: string }>(
    `select id, number from conversation where ${column} = $1`,
    [value],
  )
  story.id = row!.id
  story.number = Number(row!.number)
}

const writes: Record<string, Step> = {
  'custom app': async (story) => {
    const reply = await story.house.customApp.post('/message', {
      custom_channel_id: 'harbour-reader-app',
      client_id: 'reader-1001',
      client_name: 'Vera',
      type: 'text',
      data: 'Where is my parcel?',
    })
    ok(reply)
    const [row] = await story.house.sql<{ id: string }>(
      `select conversation_id as id from message where number = $1`,
      [reply.body.data.id],
    )
    await learnNames(story, { id: row!.id })
    story.said.push('Where is my parcel?')
  },
  sandbox: async (story) => {
    const channel = story.house.fixture.channels.find(({ kind }) => kind === 'telegram')!
    const reply = await story.house.native.post('/sandbox/messages', {
      channelId: channel.id,
      from: 'vera-1001',
      name: 'Vera',
      text: 'Where is my parcel?',
    })
    ok(reply)
    const [row] = await story.house.sql<{ id: string }>(
      `select conversation_id as id from message where text = 'Where is my parcel?'`,
    )
    await learnNames(story, { id: row!.id })
    story.said.push('Where is my parcel?')
  },
  widget: async (story) => {
    const first = story.house.fixture.conversations[0]!
    await learnNames(story, { id: first.id })
    ok(
      await story.house.blingerWidget.post(`/conversation/${first.id}/send-text-message`, {
        text: 'Where is my parcel?',
      }),
    )
    story.said.push('Hello, do you ship to Lisbon?', 'Where is my parcel?')
  },
}

const starts: Record<string, Step> = {
  'Blinger app': async (story) => {
    const { house, number: conversation_id } = story
    const anna = operator(house, 1).number
    ok(await house.blingerApp.post('/conversations/start', { conversation_id, operator_id: anna }))
    story.holder = anna
  },
  Linktor: async (story) => {
    ok(
      await story.house.linktor.post(`${conv(story)}/assign`, {
        assigneeId: `user_${hex(operator(story.house, 1).id)}`,
      }),
    )
    story.holder = operator(story.house, 1).number
  },
  Pact: async (story) => {
    ok(await story.house.pact.put(`${talk(story)}/assign`, { assignee_id: operator(story.house, 1).number }))
    story.holder = operator(story.house, 1).number
  },
  widget: async (story) => {
    const { house, id } = story
    ok(await house.blingerWidget.post(`/conversation/${id}/assign-agent`, { agentId: operator(house, 1).id }))
    story.holder = operator(house, 1).number
  },
}

const answers: Record<string, Step> = {
  'Blinger app': async (story) => {
    const { house, number: conversation_id } = story
    ok(await house.blingerApp.post('/conversations/send-message', { conversation_id, text: 'I am looking.' }))
    story.said.push('I am looking.')
  },
  Linktor: async (story) => {
    const content = { type: 'text', text: 'I am looking.' }
    const [row] = await story.house.sql<{ channel: string }>(
      `select channel_id as channel from conversation where id = $1`,
      [story.id],
    )
    const channelId = `ch_${hex(row!.channel)}`
    ok(
      await story.house.linktor.post('/messages', {
        channelId,
        conversationId: `conv_${hex(story.id)}`,
        content,
      }),
    )
    story.said.push('I am looking.')
  },
  Pact: async (story) => {
    ok(await story.house.pact.post(`${talk(story)}/messages`, { message: 'I am looking.' }))
    story.said.push('I am looking.')
  },
  widget: async (story) => {
    const { house, id } = story
    const body = { text: 'I am looking.', agentId: operator(house, 1).id }
    ok(await house.blingerWidget.post(`/conversation/${id}/send-text-message`, body))
    story.said.push('I am looking.')
  },
}

const pictures: Record<string, Step> = {
  'Blinger app': async (story) => {
    const { house, number: conversation_id } = story
    ok(
      await house.blingerApp.post('/conversations/send-file-message', {
        conversation_id,
        file_url: pictureUrl,
      }),
    )
    story.said.push('(image)')
  },
  Linktor: async (story) => {
    const [row] = await story.house.sql<{ channel: string }>(
      `select channel_id as channel from conversation where id = $1`,
      [story.id],
    )
    const content = { type: 'image', url: pictureUrl }
    const body = { channelId: `ch_${hex(row!.channel)}`, conversationId: `conv_${hex(story.id)}`, content }
    ok(await story.house.linktor.post('/messages', body))
    story.said.push('(image)')
  },
  Pact: async (story) => {
    const upload = ok(
      await story.house.pact.post(`${talk(story)}/messages/attachments`, { file_url: pictureUrl }),
    )
    const attachments_ids = [upload.body.data.external_id]
    ok(await story.house.pact.post(`${talk(story)}/messages`, { attachments_ids }))
    story.said.push('(image)')
  },
  widget: async (story) => {
    const { house, id } = story
    const body = { file: pictureUrl, agentId: operator(house, 1).id }
    ok(await house.blingerWidget.post(`/conversation/${id}/send-file-message`, body))
    story.said.push('(image)')
  },
}

const notes: Record<string, Step> = {
  'Blinger app': async ({ house, number: conversation_id }) => {
    ok(await house.blingerApp.post('/conversations/send-note', { conversation_id, text: 'Only between us.' }))
  },
  Linktor: async (story) => {
    const assigneeId = `user_${hex(operator(story.house, 1).id)}`
    ok(await story.house.linktor.post(`${conv(story)}/assign`, { assigneeId, note: 'Only between us.' }))
  },
  Pact: async (story) => {
    ok(await story.house.pact.put(`${talk(story)}/note`, { note: 'Only between us.' }))
  },
}

const handovers: Record<string, Step> = {
  'Blinger app': async (story) => {
    const { house, number: conversation_id } = story
    const boris = operator(house, 2).number
    ok(await house.blingerApp.post('/conversations/assign-operator', { conversation_id, operator_id: boris }))
    story.holder = boris
  },
  Linktor: async (story) => {
    const boris = operator(story.house, 2)
    ok(
      await story.house.linktor.post(`${conv(story)}/transfer`, {
        toAssigneeId: `user_${hex(boris.id)}`,
        summary: 'A parcel.',
      }),
    )
    story.holder = boris.number
  },
  Pact: async (story) => {
    ok(await story.house.pact.put(`${talk(story)}/assign`, { assignee_id: operator(story.house, 2).number }))
    story.holder = operator(story.house, 2).number
  },
  widget: async (story) => {
    const { house, id } = story
    ok(await house.blingerWidget.post(`/conversation/${id}/assign-agent`, { agentId: operator(house, 2).id }))
    story.holder = operator(house, 2).number
  },
}

const closings: Record<string, Step> = {
  'Blinger app': async (story) => {
    ok(await story.house.blingerApp.post('/conversations/close', { conversation_id: story.number }))
    story.isClosed = true
  },
  'Linktor close': async (story) => {
    ok(await story.house.linktor.post(`${conv(story)}/close`, { resolution: 'resolved', notes: 'Found it.' }))
    story.isClosed = true
  },
  'Linktor patch': async (story) => {
    ok(await story.house.linktor.patch(conv(story), { status: 'closed' }))
    story.isClosed = true
  },
}

/** The same customer, on whatever channel it wrote on. */
const returns: Record<string, Step> = {
  customer: async (story) => {
    const { house, id } = story
    const [row] = await house.sql<{ kind: string; channel: string; external: string }>(
      `select ch.kind, ch.id as channel, i.external_id as external from conversation c join channel ch on ch.id = c.channel_id
         join contact_identity i on i.id = c.identity_id where c.id = $1`,
      [id],
    )
    const text = 'One more thing.'
    const app = {
      custom_channel_id: 'harbour-reader-app',
      client_id: row!.external,
      type: 'text',
      data: text,
    }
    const reply =
      row!.kind === 'custom_app'
        ? await house.customApp.post('/message', app)
        : await house.native.post('/sandbox/messages', { channelId: row!.channel, from: row!.external, text })
    ok(reply)
    story.said.push(text)
    story.holder = null
    story.isClosed = false
  },
}

/** How each dialect tells the story. The widget API has no call that reads. */
type Told = Pick<Story, 'said' | 'holder' | 'isClosed'>
const tellers: Record<string, (story: Story) => Promise<Told>> = {
  'Blinger app': async ({ house, number }) => {
    const { data } = ok(await house.blingerApp.get('/conversations/get', { conversation_id: number })).body
    const said = data.messages.map((m: { type: string; message: string }) =>
      m.type === 'image' ? '(image)' : m.message,
    )
    return { said, holder: data.operator_id, isClosed: data.status === 'closed' }
  },
  Linktor: async (story) => {
    const query = { includeMessages: true, messageLimit: 100 }
    const { attributes, relationships } = ok(await story.house.linktor.get(conv(story), query)).body.data
    const holder = attributes.assignee
    const number =
      holder && story.house.fixture.operators.find(({ id }) => `user_${hex(id)}` === holder.id)?.number
    const said = relationships.messages.map(({ content }: { content: { type: string; text?: string } }) =>
      content.type === 'image' ? '(image)' : content.text,
    )
    return { said, holder: number ?? null, isClosed: attributes.status === 'closed' }
  },
  Pact: async (story) => {
    await story.house.settle()
    const { data } = ok(await story.house.pact.get(`${talk(story)}/messages`, { per: 100 })).body
    ok(await story.house.pact.get(talk(story)))
    const said = data.messages.map((m: { message: string; attachments: unknown[] }) =>
      m.attachments.length > 0 ? '(image)' : m.message,
    )
    // Pact tells neither who has it nor whether it is closed.
    return { said, holder: story.holder, isClosed: story.isClosed }
  },
}

const STEPS = { writes, starts, answers, pictures, notes, handovers, closings, returns }
const doors = Object.entries(STEPS).flatMap(([step, variants]) =>
  Object.keys(variants).map((door) => ({ step, door })),
)

describe.each(doors)('$step by $door', ({ step, door }) => {
  test('every dialect tells the same story after every step', async () => {
    await using house = await openHouse({ env: { PARLEY_FETCH_ALLOW: provider.place } })
    const story: Story = { house, number: 0, id: '', said: [], holder: null, isClosed: false }
    for (const [name, variants] of Object.entries(STEPS)) {
      const chosen = name === step ? variants[door] : Object.values(variants)[0]
      await chosen?.(story)
      for (const [teller, tell] of Object.entries(tellers)) {
        const told = await tell(story)
        const { said, isClosed } = story
        // Blinger remembers who closed it; a customer who returns finds nobody.
        expect(told, `${teller} after ${name}`).toEqual({ said, holder: story.holder, isClosed })
      }
    }
  })
})
