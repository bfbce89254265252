import { beforeAll, expect, test } from 'vitest'
import { follow, now } from '../event-reader.ts'
import {
  act,
  channelOf,
  clientSays,
  group,
  house,
  newConversation,
  operator,
  site,
  useHouse,
} from './blinger-app-desk.ts'

useHouse()

/** What the log says happened during a deed, in order, each with whether it is silent. */
async function logOf(
  deed: () => Promise<unknown>,
  count: number,
): Promise<[type: string, silent: boolean][]> {
  const after = await now(house)
  await deed()
  // One deed more, which nothing else comes before.
  await house.native.patch('/account', { description: 'the end' })
  const { events } = await follow(house.native, { count: count + 1, after })
  expect(events.at(-1)?.type).toBe('account.updated')
  return events.slice(0, -1).map(({ type, silent }) => [type, silent])
}

let talk: Awaited<ReturnType<typeof newConversation>>
let helper = 0
beforeAll(async () => {
  talk = await newConversation()
})

const post = async (path: string, body: object) => {
  const reply = await house.blingerApp.post(path, body)
  expect(reply.status, reply.text).toBe(200)
  return reply.body.data
}
const onTalk =
  (path: string, more: () => object = () => ({})) =>
  (flag: object) =>
    act(path, { conversation_id: talk.id, ...more(), ...flag })

/** In order: each finds what the one before left. */
const DEEDS: [deed: string, does: (flag: object) => Promise<unknown>, events: string[]][] = [
  [
    'custom-app/message',
    (flag) =>
      house.customApp.post('/message', clientSays('Hello', { client_id: `new-${(helper += 1)}`, ...flag })),
    ['contact.created', 'conversation.created', 'conversation.opened', 'message.received'],
  ],
  ['start', onTalk('start', () => ({ operator_id: operator(1) })), ['conversation.assigned']],
  [
    'assign-operator',
    onTalk('assign-operator', () => ({ operator_id: operator(2) })),
    ['conversation.assigned'],
  ],
  ['assign-group', onTalk('assign-group', () => ({ group_id: group(1) })), ['conversation.grouped']],
  ['send-message', onTalk('send-message', () => ({ text: 'Hello' })), ['message.queued']],
  [
    'send-file-message',
    onTalk('send-file-message', () => ({ file_url: site.url('/pixel.png') })),
    ['message.queued'],
  ],
  ['send-note', onTalk('send-note', () => ({ text: 'Between us' })), ['message.noted']],
  ['unassign', onTalk('unassign'), ['conversation.unassigned']],
  ['close', onTalk('close'), ['conversation.closed']],
  ['start of a closed one', onTalk('start'), ['conversation.reopened', 'conversation.assigned']],
  [
    'users/update',
    (flag) => post('/users/update', { blinger_user_id: talk.user, custom_name: 'Kim', ...flag }),
    ['contact.updated'],
  ],
  [
    'operators/create',
    (flag) =>
      post('/operators/create', {
        operator_email: `helper-${(helper += 1)}@harbour.example`,
        operator_password: 'a good password',
        ...flag,
      }),
    ['operator.created'],
  ],
]

for (const silence of [1, 0])
  test(`disable_webhook=${silence}: exactly what a call does is ${silence ? 'silent' : 'told'}`, async () => {
    talk = await newConversation()
    for (const [deed, does, types] of DEEDS) {
      const log = await logOf(() => does({ disable_webhook: silence }), types.length)
      expect({ deed, log }).toEqual({ deed, log: types.map((type) => [type, silence === 1]) })
    }
  })

test.each([1, 0])('operators/delete with disable_webhook=%i: what was in its hands too', async (silence) => {
  const email = `leaver-${silence}@harbour.example`
  const { id } = await post('/operators/create', {
    operator_email: email,
    operator_password: 'a good password',
  })
  const { id: conversation_id } = await newConversation()
  await act('start', { conversation_id, operator_id: id })
  const remove = () => post('/operators/delete', { operator_id: id, disable_webhook: silence })
  expect(await logOf(remove, 2)).toEqual([
    ['conversation.unassigned', silence === 1],
    ['operator.deleted', silence === 1],
  ])
})

test('a known client’s message, a repeat, and a refused call', async () => {
  const say = (more: object) =>
    house.customApp.post(
      '/message',
      clientSays('Again', { client_id: talk.client, message_id: 'm-1', ...more }),
    )
  expect(await logOf(() => say({ disable_webhook: 1 }), 1)).toEqual([['message.received', true]])
  // A repeat does nothing, whatever it says of silence.
  expect(await logOf(() => say({ disable_webhook: 0 }), 0)).toEqual([])
  const refused = () =>
    house.blingerApp.post('/conversations/send-message', { conversation_id: talk.id, disable_webhook: 1 })
  expect(await logOf(refused, 0)).toEqual([])
})

test('messages of one batch are silent each for itself, and their delivery is told', async () => {
  const whatsapp = house.fixture.conversations.find(
    ({ channelId }) => channelId === channelOf('whatsapp').id,
  )!
  const flags = [1, 0, 0, 1, 1, 0, 1, 0]
  const sendAll = () =>
    Promise.all(
      flags.map((disable_webhook) =>
        act('send-message', {
          conversation_id: whatsapp.number,
          text: `Silence ${disable_webhook}`,
          disable_webhook,
        }),
      ),
    )
  expect(await logOf(sendAll, flags.length)).toHaveLength(flags.length)
  const told = await house.sql<{ text: string; silent: boolean }>(
    `select m.text, e.is_silent as silent from event e join message m on m.id = (e.data ->> 'messageId')::uuid
      where e.type = 'message.queued' and m.conversation_id = $1 and m.text like 'Silence %'`,
    [whatsapp.id],
  )
  expect(told.map(({ text, silent }) => [text, silent]).toSorted()).toEqual(
    flags.map((flag) => [`Silence ${flag}`, flag === 1]).toSorted(),
  )
  const delivered = await logOf(() => house.settle(), flags.length)
  expect(delivered).toEqual(flags.map(() => ['message.advanced', false]))
})
