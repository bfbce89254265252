import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'
import { createShutdown, within } from './shutdown.ts'

const log = createLogger('silent')

test('steps run once, the last added first, and a failing one stops nobody', async () => {
  const shutdown = createShutdown({ log })
  const stopped: string[] = []
  shutdown.add('database', async () => void stopped.push('database'))
  shutdown.add('broken', () => Promise.reject(new Error('broken')))
  shutdown.add('server', async () => void stopped.push('server'))
  await Promise.all([shutdown.stop(), shutdown.stop()])
  await shutdown.stop()
  expect(stopped).toEqual(['server', 'database'])
})

test('a step that hangs does not hold the stop beyond its limit', async () => {
  const shutdown = createShutdown({ log, limitMs: 20 })
  shutdown.add('hanging', () => new Promise(() => undefined))
  await shutdown.stop()
})

test('waiting within a limit tells which came first', async () => {
  expect(await within(1000, Promise.resolve())).toBe('done')
  expect(await within(1, new Promise(() => undefined))).toBe('late')
  await expect(within(1000, Promise.reject(new Error('x')))).rejects.toThrow('x')
})
