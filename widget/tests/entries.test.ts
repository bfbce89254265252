import { describe, expect, test } from 'vitest'
import { faultsOf, isCardDue } from '../src/core/card.ts'
import { hueOf, initialsOf, readableOn } from '../src/core/colors.ts'
import { asDraft } from '../src/core/drafts.ts'
import { arrange } from '../src/core/entries.ts'
import { countUnread, mergeMessages, withReviews } from '../src/core/messages.ts'
import type { Message, State, Visitor, Widget } from '../src/core/protocol.ts'
import { messageOf, WIDGET } from './false-server.ts'

const own: Partial<Message> = { author: { kind: 'visitor', id: 'v', name: null, avatarUrl: null } }
const at = (day: number, hour: number, minute = 0) => ({
  createdAt: new Date(2026, 0, day, hour, minute).toISOString(),
})

describe('messages', () => {
  test('are held once, in order, whatever order they come in', () => {
    const [one, two, three] = [1, 2, 3].map((seq) => messageOf(seq))
    const held = mergeMessages(mergeMessages([], [three!, one!]), [two!, one!, three!])
    expect(held).toEqual([one, two, three])
    expect(held[0]).toBe(one)
    expect(mergeMessages(held, [])).toBe(held)
  })

  test('keep the name they had here when they are told again', () => {
    const held = mergeMessages([], [{ ...messageOf(1), localId: 'here' }])
    expect(mergeMessages(held, [messageOf(1, { text: 'edited' })])).toMatchObject([
      { text: 'edited', localId: 'here' },
    ])
  })

  test('of one’s own are never unread', () => {
    expect(countUnread([messageOf(1), messageOf(2, own), messageOf(3)], 1)).toBe(1)
  })

  test('stay the same list while no review in them changes', () => {
    const review = { id: 'r', mark: 0, text: '', isConfirmed: false, createdAt: '' }
    const held = [messageOf(1), messageOf(2, { review })]
    expect(withReviews(held, [{ ...review }])).toBe(held)
    expect(withReviews(held, [{ ...review, mark: 3 }])[1]?.review?.mark).toBe(3)
  })
})

describe('a conversation on the screen', () => {
  const shape = (messages: Message[], newAfter: number | null = null) =>
    arrange(messages, [], newAfter).map(({ runs }) =>
      runs.map(
        ({ entries, isFirstNew }) =>
          (isFirstNew ? 'new:' : '') + entries.map(({ message }) => message?.seq).join(),
      ),
    )

  test('has days, and in them runs by one author', () => {
    const messages = [
      messageOf(1, { ...own, ...at(1, 9) }),
      messageOf(2, { ...own, ...at(1, 9, 1) }),
      messageOf(3, at(1, 9, 2)),
      messageOf(4, {
        ...at(1, 9, 3),
        author: { kind: 'operator', id: 'bruno', name: 'Bruno', avatarUrl: null },
      }),
      messageOf(5, at(1, 9, 4)),
      messageOf(6, at(1, 9, 30)),
      messageOf(7, at(2, 0, 1)),
    ]
    expect(shape(messages)).toEqual([['1,2', '3', '4', '5', '6'], ['7']])
  })

  test('says where what is new begins, once, with the team’s first new message', () => {
    const messages = [
      messageOf(1, at(1, 9)),
      messageOf(2, { ...own, ...at(1, 9) }),
      messageOf(3, at(1, 9)),
      messageOf(4, at(1, 9)),
    ]
    expect(shape(messages, 1)).toEqual([['1', '2', 'new:3,4']])
    expect(shape(messages, 4)).toEqual([['1', '2', '3,4']])
    expect(shape([messageOf(1, at(1, 9)), messageOf(2, at(1, 9))], 1)).toEqual([['1', 'new:2']])
  })

  test('a clock that is behind does not begin yesterday again', () => {
    expect(shape([messageOf(1, at(2, 0, 1)), messageOf(2, at(1, 23, 59))])).toEqual([['1,2']])
  })

  test('what waits comes last, and not at all once its message is there', () => {
    const draft = asDraft({ id: 'd', text: 'waiting', createdAt: Date.parse(at(1, 9).createdAt) })
    const message = messageOf(1, { ...own, ...at(1, 9) })
    expect(arrange([message], [draft], null)[0]?.runs[0]?.entries.map(({ key }) => key)).toEqual([
      'message 1',
      'd',
    ])
    expect(arrange([message], [{ ...draft, shownAs: 'message 1' }], null)[0]?.runs[0]?.entries).toHaveLength(
      1,
    )
  })
})

describe('the card', () => {
  const state = { isTeamOnline: true } as State
  const visitor: Visitor = { id: 'v', name: null, email: null, phone: null, isVerified: false }
  const widget = (card: Partial<Widget['card']>): Widget => ({
    ...WIDGET,
    card: { when: 'before', fields: ['name', 'email'], required: [], ...card },
  })

  test('is asked for when the channel says so, and only while something is missing', () => {
    expect(isCardDue(widget({ when: 'never' }), visitor, state)).toBe(false)
    expect(isCardDue(widget({}), visitor, state)).toBe(true)
    expect(isCardDue(widget({}), { ...visitor, name: 'Mia' }, state)).toBe(false)
    expect(isCardDue(widget({ required: ['email'] }), { ...visitor, name: 'Mia' }, state)).toBe(true)
    expect(isCardDue(widget({ required: ['email'] }), { ...visitor, email: 'a@b.example' }, state)).toBe(
      false,
    )
    expect(isCardDue(widget({ required: ['email'] }), { ...visitor, isVerified: true }, state)).toBe(false)
  })

  test('may be asked for only while nobody is there: hours decide, where there are any', () => {
    const offline = widget({ when: 'offline' })
    expect(isCardDue(offline, visitor, state)).toBe(false)
    expect(isCardDue(offline, visitor, { ...state, isTeamOnline: false })).toBe(true)
    const hours = { timeZone: 'UTC', days: [], isOpen: false, opensAt: null }
    expect(isCardDue({ ...offline, hours }, visitor, state)).toBe(true)
    expect(
      isCardDue({ ...offline, hours: { ...hours, isOpen: true } }, visitor, {
        ...state,
        isTeamOnline: false,
      }),
    ).toBe(false)
  })

  test('is looked over before it is sent', () => {
    expect(faultsOf({ name: ' ', email: 'mia@' }, ['name'])).toEqual(['name', 'email'])
    expect(faultsOf({ name: 'Mia', email: 'mia@shop.example', phone: '+49 30 1234' }, ['name'])).toEqual([])
    expect(faultsOf({ phone: '12' }, [])).toEqual(['phone'])
  })
})

describe('colours', () => {
  const luminance = (color: string) =>
    [1, 3, 5]
      .map((from) => Number.parseInt(color.slice(from, from + 2), 16) / 255)
      .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4))
      .reduce((sum, share, place) => sum + share * [0.2126, 0.7152, 0.0722][place]!, 0)

  test('words on any brand colour have a contrast of 4.5 at least', () => {
    for (let red = 0; red < 256; red += 15) {
      for (let green = 0; green < 256; green += 15) {
        for (let blue = 0; blue < 256; blue += 15) {
          const color = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
          const light = readableOn(color) === '#fff'
          const contrast = light ? 1.05 / (luminance(color) + 0.05) : (luminance(color) + 0.05) / 0.05
          expect(contrast, color).toBeGreaterThanOrEqual(4.5)
        }
      }
    }
  })

  test('a face has one hue for life', () => {
    expect(hueOf('019a-anna')).toBe(hueOf('019a-anna'))
    expect(new Set(Array.from({ length: 50 }, (_, n) => hueOf(`id ${n}`))).size).toBeGreaterThan(30)
  })

  test('initials are whole characters of any script', () => {
    expect(
      ['Anna Schmidt', 'mira', ' Ana  Luísa  de Sá ', 'נועה לוי', '😀 Smith', ''].map(initialsOf),
    ).toEqual(['AS', 'M', 'AS', 'נל', '😀S', ''])
  })
})
