import { expect, test } from 'vitest'
import { openHouse } from '../house.ts'

const DAY = 86_400_000

test('a snoozed conversation opens at its time, and not before', async () => {
  await using house = await openHouse()
  const { id } = house.fixture.conversations[0]!
  const path = `/conversations/conv_${id.replaceAll('-', '')}`
  const statusOf = async () => (await house.linktor.get(path)).body.data.attributes.status
  const snooze = (days: number) =>
    house.linktor.patch(path, {
      status: 'snoozed',
      snoozedUntil: new Date(house.clock.now().getTime() + days * DAY).toISOString(),
    })

  expect((await snooze(1)).status).toBe(200)
  await house.settle()
  expect(await statusOf()).toBe('snoozed')
  // Woken too early, by a job that was meant for an older wish: it sleeps on.
  await house.hurry()
  await house.settle()
  expect(await statusOf()).toBe('snoozed')

  expect((await snooze(2)).status).toBe(200)
  house.clock.advance(2 * DAY)
  await house.hurry()
  await house.settle()
  expect(await statusOf()).toBe('open')
  const events = await house.sql<{ data: { changed: string[] } }>(
    `select data from event where type = 'conversation.updated' order by id`,
  )
  expect(events.map(({ data }) => data.changed)).toEqual([
    ['status', 'snoozedUntil'],
    ['status', 'snoozedUntil'],
    ['status'],
  ])
})

test('a customer’s word wakes it at once', async () => {
  await using house = await openHouse()
  const { id } = house.fixture.conversations[0]!
  const path = `/conversations/conv_${id.replaceAll('-', '')}`
  await house.linktor.patch(path, { status: 'snoozed' })
  await house.blingerWidget.post(`/conversation/${id}/send-text-message`, { text: 'Anybody there?' })
  expect((await house.linktor.get(path)).body.data.attributes.status).toBe('open')
})
