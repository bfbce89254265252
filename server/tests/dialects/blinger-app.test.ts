import { expect, test } from 'vitest'
import { openHouse } from '../house.ts'
test('smoke', async () => {
  await using house = await openHouse()
  const n = house.fixture.conversations[0]!.number
  console.log(JSON.stringify(house.fixture))
  for (const [p, b] of [
    ['start'],
    ['close'],
    ['unassign'],
    ['assign-operator', { operator_id: house.fixture.operators[1]!.number }],
    ['assign-group', { group_id: house.fixture.groups[1]!.number }],
    ['send-message', { text: 'Hi' }],
    ['send-note', { text: 'Hi' }],
  ] as const) {
    const r = await house.blingerApp.post('/conversations/' + p, { conversation_id: n, ...(b as object) })
    console.log(p, r.status, r.text)
  }
  for (const p of [
    'unassigned',
    'unread',
    'not-answered',
    'get?conversation_id=' + n,
    'get',
    'nope',
    'start',
  ]) {
    const r = await house.blingerApp.get('/conversations/' + p)
    console.log(p, r.status, r.text, r.headers.allow)
  }
  for (const p of [
    'operators/all',
    'operators/groups',
    'users/get?id=' + house.fixture.contacts[0]!.number,
    'users/get?id=' + house.fixture.channels[0]!.number,
    'operators',
    'operators/',
    'conversations',
    'nothing',
  ]) {
    const r = await house.blingerApp.get('/' + p)
    console.log(p, r.status, r.text)
  }
  let r = await house.blingerApp.post('/operators/create', {
    operator_email: 'x@y.example',
    operator_password: 'secret',
  })
  console.log(r.status, r.text)
  r = await house.blingerApp.post('/operators/create', {
    operator_email: 'X@y.example',
    operator_password: 'secret',
  })
  console.log(r.status, r.text)
  r = await house.customApp.post('/message', {
    custom_channel_id: 'harbour-reader-app',
    client_id: 'c1',
    type: 'text',
    data: 'yo',
    info: { a: 1 },
    message_id: 'm1',
  })
  console.log(r.status, r.text)
  expect(1).toBe(1)
})
