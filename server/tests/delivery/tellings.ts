import { lookAtLog } from '../../src/application/live/look-at-log.ts'
import type { Query } from '../../src/application/ports/house.ts'
import type { Telling } from '../../src/application/ports/webhook-dialect.ts'
import { systemActor } from '../../src/domain/actor.ts'
import { BEGINNING } from '../../src/domain/event-log.ts'
import type { DomainEvent } from '../../src/domain/events.ts'
import { EVERY_PERMISSION } from '../../src/domain/permissions.ts'
import { settleLog } from '../event-reader.ts'
import type { TestHouse } from '../house.ts'

export const ORIGIN = 'http://127.0.0.1:3000'

/** All that happened in the first account, with what it is about, as dialects are given it. */
export async function tellingsOf(house: TestHouse): Promise<Telling[]> {
  await settleLog(house)
  const actor = systemActor(house.fixture.id, EVERY_PERMISSION)
  return house.composed.tools.ask(readAll, actor, null)
}

const readAll: Query<null, Telling[]> = async (reader, actor) => {
  const { epoch } = await reader.events.look(BEGINNING, 1)
  const after = { ...BEGINNING, epoch, writtenAt: null }
  const look = await lookAtLog(reader, actor, { after, limit: 1000, isShown: true })
  if (look.kind === 'reset') throw new Error('The log does not begin at its beginning.')
  const account = await reader.accounts.current()
  const tellings = []
  for (const { event, recorded, view, message } of look.news)
    tellings.push({
      ...{ recorded, account, view, message, origin: ORIGIN },
      contact: await found(event, 'contact', (id) => reader.contacts.find({ id })),
      channel: await found(event, 'channel', (id) => reader.channels.find({ id })),
      bot: await found(event, 'bot', (id) => reader.bots.find({ id })),
      ...{ isFirstMessage: false, episodeMessages: [], operators: new Map() },
    })
  return tellings
}

/** What an event of that kind is about; null for another kind's. */
async function found<Thing>(
  event: DomainEvent,
  kind: string,
  find: (id: string) => Promise<Thing | null>,
): Promise<Thing | null> {
  const id = new Map<string, unknown>(Object.entries(event)).get(`${kind}Id`)
  return event.type.startsWith(`${kind}.`) && typeof id === 'string' ? find(id) : null
}
