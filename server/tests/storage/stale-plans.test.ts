import { expect, test } from 'vitest'
import { openHouse } from '../house.ts'

test('a table that gets a column under the running server disturbs nobody', async () => {
  await using house = await openHouse()
  const conversation_id = house.fixture.conversations[0]!.number
  const round = async () => {
    const read = await house.blingerApp.get('/conversations/get', { conversation_id })
    const sent = await house.blingerApp.post('/conversations/send-message', {
      conversation_id,
      text: 'Hello',
    })
    return [read.status, sent.status]
  }
  // Often enough that every connection has prepared its statements.
  for (let time = 0; time < 8; time += 1) expect(await round()).toEqual([200, 200])
  await house.sql('alter table conversation add column later text')
  await house.sql('alter table message add column later text')
  for (let time = 0; time < 8; time += 1) expect(await round()).toEqual([200, 200])
})
