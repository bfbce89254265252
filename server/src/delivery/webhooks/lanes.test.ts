import { expect, test } from 'vitest'
import { createLanes } from './lanes.ts'

test('of each lane one is out at a time, in order', () => {
  const lanes = createLanes<number>()
  lanes.add('a', 1)
  lanes.add('a', 2)
  lanes.add('b', 3)
  expect(lanes.take()).toEqual({ lane: 'a', item: 1 })
  expect(lanes.take()).toEqual({ lane: 'b', item: 3 })
  expect(lanes.take()).toBeNull()
  expect(lanes.size()).toBe(1)
  lanes.finish('a')
  expect(lanes.take()).toEqual({ lane: 'a', item: 2 })
  lanes.finish('a')
  lanes.finish('b')
  lanes.add('b', 4)
  expect(lanes.take()).toEqual({ lane: 'b', item: 4 })
  expect(lanes.size()).toBe(0)
})

test('the lanes take turns', () => {
  const lanes = createLanes<number>()
  for (const item of [1, 2, 3]) lanes.add('long', item)
  lanes.add('short', 4)
  const taken = []
  for (let next = lanes.take(); next; next = lanes.take()) {
    taken.push(next.item)
    lanes.finish(next.lane)
  }
  expect(taken).toEqual([1, 4, 2, 3])
})
