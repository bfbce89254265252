import { describe, expect, test } from 'vitest'
import { settle } from './false-clock.ts'
import { createFalseServer, messageOf } from './false-server.ts'
import { createFalseKeep, openLive, openVisit } from './visit.ts'

describe('a text', () => {
  test('goes over the line, is waiting until it is stored, and is then one message with the same name', async () => {
    const visit = await openLive()
    visit.server.isMute = true
    visit.chat.write('  hello  ')
    const [draft] = visit.now().drafts
    expect(draft).toMatchObject({ text: 'hello', status: 'sending' })
    visit.server.isMute = false
    visit.server.cut()
    await visit.clock.pass(1_000)
    expect(visit.now().drafts).toEqual([])
    expect(visit.now().messages).toMatchObject([{ text: 'hello', localId: draft?.id }])
    expect(visit.keep.drafts()).toEqual([])
    expect(visit.keep.hasSpoken).toBe(true)
  })

  test('whose message arrives before its acknowledgement is not shown twice', async () => {
    const visit = await openLive()
    visit.server.isMute = true
    visit.chat.write('hello')
    expect(visit.texts()).toEqual(['hello'])
    expect(visit.now().drafts).toMatchObject([{ shownAs: visit.now().messages[0]?.id }])
  })

  test('written without a line waits in order, and is sent under the same id after a reload', async () => {
    const visit = await openLive()
    visit.server.isDown = true
    visit.server.cut()
    for (const text of ['one', 'two', 'three']) visit.chat.write(text)
    await visit.clock.pass(40_000)
    const ids = visit.now().drafts.map(({ id }) => id)
    expect(visit.now().drafts.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
    expect(visit.server.messages).toEqual([])

    const { server, keep, clock } = visit
    server.isDown = false
    const next = await openLive({ server, keep, clock })
    expect(next.texts()).toEqual(['one', 'two', 'three'])
    expect(server.messages.map(({ details }) => details?.clientId)).toEqual(ids)
    expect(next.now().drafts).toEqual([])
    expect(keep.drafts()).toEqual([])
  })

  test('that was stored while its answer was lost is stored once', async () => {
    const visit = await openLive()
    visit.server.isMute = true
    visit.chat.write('once')
    visit.server.cut()
    await visit.clock.pass(3_000)
    visit.server.isMute = false
    await visit.clock.pass(30_000)
    expect(visit.server.messages.map(({ text }) => text)).toEqual(['once'])
    expect(visit.texts()).toEqual(['once'])
    expect(visit.now().drafts).toEqual([])
  })

  test('that a line takes and never answers is sent again over another', async () => {
    const visit = await openLive()
    const [first] = visit.server.sockets
    if (first) first.isHalfOpen = true
    visit.chat.write('into the void')
    await visit.clock.pass(15_000)
    await visit.clock.pass(1_000)
    expect(visit.texts()).toEqual(['into the void'])
    expect(visit.now().drafts).toEqual([])
  })

  test('that is refused is shown as such, kept, and can be sent again or removed', async () => {
    const visit = await openLive()
    visit.server.refusal = 'invalid'
    visit.chat.write('one')
    visit.chat.write('two')
    const [one, two] = visit.now().drafts
    expect([one?.status, two?.status, one?.reason]).toEqual(['failed', 'failed', 'invalid'])
    await visit.clock.pass(60_000)
    expect(visit.now().drafts[0]?.status).toBe('failed')
    visit.server.refusal = null
    visit.chat.retry(one?.id ?? '')
    visit.chat.cancel(two?.id ?? '')
    await settle()
    expect(visit.texts()).toEqual(['one'])
    expect(visit.now().drafts).toEqual([])
    expect(visit.keep.drafts()).toEqual([])
  })

  test('that comes too fast for the server is sent again by itself', async () => {
    const visit = await openLive()
    visit.server.refusal = 'rate_limited'
    visit.chat.write('patience')
    expect(visit.now().drafts).toMatchObject([{ status: 'queued' }])
    visit.server.refusal = null
    await visit.clock.pass(1_000)
    expect(visit.texts()).toEqual(['patience'])
  })

  test('another tab has sent is let go of, and what it could not send is taken over', async () => {
    const keep = createFalseKeep()
    const server = createFalseServer()
    const first = await openLive({ keep, server })
    server.isDown = true
    server.cut()
    first.chat.write('from the first tab')
    const second = openVisit({ keep, server, clock: first.clock })
    second.chat.begin()
    server.isDown = false
    await first.clock.pass(60_000)
    second.chat.keptElsewhere()
    first.chat.keptElsewhere()
    for (const tab of [first, second]) {
      expect(tab.texts()).toEqual(['from the first tab'])
      expect(tab.now().drafts).toEqual([])
    }
    expect(server.messages).toHaveLength(1)
  })

  test('of nothing is nothing, and no more than fifty wait', async () => {
    const visit = openVisit()
    visit.chat.write(' \n ')
    for (let n = 0; n < 60; n++) visit.chat.write(`text ${n}`)
    expect(visit.now().drafts).toHaveLength(50)
    expect(visit.keep.drafts()).toHaveLength(50)
  })
})

describe('a file', () => {
  const file = (name: string) => ({ name, size: 10, mimeType: 'text/plain', content: null })

  test('shows how far it is, and becomes a message', async () => {
    const visit = await openLive()
    visit.chat.attach([file('a.txt'), file('b.txt'), file('c.txt')])
    const sent = () => visit.server.uploads.map(({ upload }) => upload.file.name)
    expect(sent()).toEqual(['a.txt'])
    visit.server.uploads[0]?.upload.onProgress(0.4)
    expect(visit.now().drafts[0]?.progress).toBe(0.4)
    visit.server.uploads[0]?.answer({ status: 201, body: messageOf(1, { kind: 'file', text: '' }) })
    await settle()
    expect(visit.now().messages).toMatchObject([{ kind: 'file' }])
    expect(sent()).toEqual(['a.txt', 'b.txt'])
  })

  test('can be called off', async () => {
    const visit = await openLive()
    visit.chat.attach([file('a.txt')])
    visit.chat.cancel(visit.now().drafts[0]?.id ?? '')
    await settle()
    expect(visit.server.uploads[0]?.isCancelled).toBe(true)
    expect(visit.now().drafts).toEqual([])
  })

  test('that the network broke off begins again when it is back; one that was refused does not', async () => {
    const visit = await openLive()
    visit.chat.attach([file('a.txt'), file('b.txt')])
    visit.server.uploads[0]?.answer({ status: 0, body: null })
    await settle()
    visit.server.uploads[1]?.answer({ status: 413, body: { code: 'file_too_large' } })
    await settle()
    expect(visit.now().drafts.map(({ reason }) => reason)).toEqual(['network', 'file_too_large'])
    visit.server.cut()
    await visit.clock.pass(1_000)
    expect(visit.server.uploads.map(({ upload }) => upload.id)).toEqual(
      ['a.txt', 'b.txt', 'a.txt'].map(
        (name) => visit.now().drafts.find((draft) => draft.file?.name === name)?.id,
      ),
    )
  })
})
