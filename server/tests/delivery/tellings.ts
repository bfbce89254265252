import type { Telling } from '../../src/application/ports/webhook-dialect.ts'
import { readTellings } from '../../src/application/webhooks/read-tellings.ts'
import { systemActor } from '../../src/domain/actor.ts'
import { BEGINNING } from '../../src/domain/event-log.ts'
import { settleLog } from '../event-reader.ts'
import type { TestHouse } from '../house.ts'

export const ORIGIN = 'http://127.0.0.1:3000'

/** All that happened in the first account, as dialects are given it to tell. */
export async function tellingsOf(house: TestHouse): Promise<Telling[]> {
  await settleLog(house)
  const actor = systemActor(house.fixture.id, new Set(['event.read']))
  const asked = { after: BEGINNING, limit: 1000, origin: ORIGIN }
  return (await house.composed.tools.ask(readTellings, actor, asked)).tellings
}
