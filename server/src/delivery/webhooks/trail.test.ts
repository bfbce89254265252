import { expect, test } from 'vitest'
import { createTrail } from './trail.ts'

const at = (id: number) => ({ transactionId: 1, id })

test('is only as far as everything before was tried', () => {
  const trail = createTrail(at(0))
  const [one, two, three] = [trail.add(at(1), 1), trail.add(at(2), 2), trail.add(at(3), 1)]
  trail.tick(three)
  trail.tick(two)
  expect([trail.place(), trail.length()]).toEqual([at(0), 3])
  trail.tick(one)
  expect([trail.place(), trail.length()]).toEqual([at(1), 2])
  trail.tick(two)
  expect([trail.place(), trail.length()]).toEqual([at(3), 0])
})

test('passes over events of which nothing is told', () => {
  const trail = createTrail(at(0))
  trail.add(at(1), 0)
  expect(trail.place()).toEqual(at(1))
  const open = trail.add(at(2), 1)
  trail.add(at(3), 0)
  expect(trail.place()).toEqual(at(1))
  trail.tick(open)
  expect(trail.place()).toEqual(at(3))
})
