import { expect, test } from 'vitest'
import { createTurnstile } from './turnstile.ts'

test('so many at once, in order, whatever becomes of those before', async () => {
  const turnstile = createTurnstile(2)
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  const begun: number[] = []
  const all = gates.map((gate, at) =>
    turnstile.pass(async () => {
      begun.push(at)
      await gate.promise
      if (at === 1) throw new Error('turned away')
      return at
    }),
  )
  const settled = Promise.allSettled(all)
  expect(begun).toEqual([0, 1])
  gates[1]?.resolve()
  await all[1]?.catch(() => undefined)
  await Promise.resolve()
  expect(begun).toEqual([0, 1, 2])
  for (const gate of gates) gate.resolve()
  expect((await settled).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    ...Array.from({ length: 3 }, () => 'fulfilled'),
  ])
  expect(begun).toEqual([0, 1, 2, 3, 4])
  expect(await turnstile.pass(async () => 'again')).toBe('again')
})
