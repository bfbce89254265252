import { expect, test } from 'vitest'
import { acceptPage } from './accept.ts'
import { createCursors } from './cursor.ts'
import { presentPage } from './present.ts'

const cursors = createCursors(Buffer.alloc(32))
const request = acceptPage({ per: '2' }, cursors, 'numbers')
const next = { cursors, list: 'numbers', placeOf: (row: number) => row }

test('the next page begins after the last row shown, and only when there is one', () => {
  expect(presentPage([], request, next)).toEqual({ shown: [] })
  expect(presentPage([1, 2], request, next)).toEqual({ shown: [1, 2] })
  const page = presentPage([1, 2, 3], request, next)
  expect(page.shown).toEqual([1, 2])
  const { keyset, bounds } = acceptPage({ from_: page.next_page, per: 2 }, cursors, 'numbers')
  expect(keyset).toEqual({ after: 2, order: 'asc', limit: 3 })
  expect(bounds).toEqual({ afterSeq: 2, order: 'asc', limit: 3 })
})
