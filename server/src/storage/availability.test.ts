import { expect, test } from 'vitest'
import { available } from './availability.ts'

const failing = (code: string | null, message = 'it failed', more: object = {}) =>
  Object.assign(new Error(message), code === null ? more : { code, ...more })

const systemError = (code: string) => failing(code, `connect ${code}`, { syscall: 'connect', errno: -1 })

test.each([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNABORTED'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'ENOENT', 'EMFILE'],
])('a connection that fails with %s leaves open what was done: it is `overloaded`', async (code) => {
  const refused = available(() => Promise.reject(systemError(code)))
  await expect(refused).rejects.toMatchObject({ name: 'DomainError', code: 'overloaded' })
})

test.each([
  'timeout exceeded when trying to connect',
  'Connection terminated unexpectedly',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Query read timeout',
])('so does the driver’s own %j', async (message) => {
  await expect(available(() => Promise.reject(failing(null, message)))).rejects.toMatchObject({
    code: 'overloaded',
  })
})

test.each(['08006', '57P01', '53300', '40003'])('so does SQLSTATE %s', async (code) => {
  await expect(available(() => Promise.reject(failing(code)))).rejects.toMatchObject({ code: 'overloaded' })
})

test.each(['23505', '22P02', '40001'])('what the database refuses (%s) stays what it is', async (code) => {
  await expect(available(() => Promise.reject(failing(code)))).rejects.toMatchObject({ code })
})

test('a bug stays a bug', async () => {
  await expect(available(() => Promise.reject(new TypeError('x is not a function')))).rejects.toThrow(
    TypeError,
  )
})
