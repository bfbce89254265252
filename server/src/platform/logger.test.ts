import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

/** What a logger wrote, as it would stand on stdout. */
function written(log: (logger: ReturnType<typeof createLogger>) => void): string {
  const chunks: string[] = []
  log(createLogger('info', { write: (text) => void chunks.push(text) }))
  return chunks.join('')
}

test('credentials in headers never reach the log', () => {
  const headers = {
    ...{
      authorization: 'CANARY',
      authentication: 'CANARY',
      'x-private-api-token': 'CANARY',
      'x-api-key': 'CANARY',
    },
    ...{ 'X-Api-Key': 'CANARY', 'X-Private-Api-Token': 'CANARY', cookie: 'CANARY', 'set-cookie': ['CANARY'] },
    ...{ Authorization: 'CANARY', 'x-request-id': 'seen' },
  }
  const lines = written((log) => {
    log.info({ headers }, 'plain')
    log.info({ request: { headers: [headers] } }, 'nested')
    log.debug('too quiet to be heard')
  })
  expect(lines.trim().split('\n')).toHaveLength(2)
  expect(lines).not.toContain('CANARY')
  expect(lines.match(/seen/g)).toHaveLength(2)
})

test('secrets in bodies, URLs and errors never reach the log', () => {
  const fault = Object.assign(new Error('connect postgres://me:CANARY@db/x'), {
    ...{ code: '23505', detail: 'Key (a)=(CANARY)', config: { x: 'CANARY' } },
    cause: new Error('after GET /p1?private_api_token=CANARY&x=1'),
  })
  const lines = written((log) => {
    log.info({
      body: { operator_password: 'CANARY', a: { b: { secretKey: 'CANARY', refreshToken: 'CANARY' } } },
    })
    log.info({ url: '/p1/companies?a=b&private_api_token=CANARY' })
    log.info('GET /p1/companies?private%5Fapi_token=CANARY')
    log.info({ said: 'Authorization: Bearer CANARY' })
    log.info({ said: 'https://CANARY:CANARY@hooks.example/in' })
    log.error({ err: fault }, 'failed')
  })
  expect(lines).not.toContain('CANARY')
  expect(lines.match(/\[hidden\]/g)).toHaveLength(11)
  expect(lines).toContain('"code":"23505"')
  expect(lines).toContain('logger.test.ts')
})

test('nothing that is logged can look like a line of its own', () => {
  const forged = 'x\r\n{"level":60,"msg":"forged"}\u2028\u0085\u001b[31m\u009b2J\u007f'
  const lines = written((log) => log.info({ said: forged, [forged]: 1 }, forged))
  expect(lines.match(/[\n\r\u2028\u2029\u0085]/g)).toHaveLength(1)
  // oxlint-disable-next-line no-control-regex -- these must not be there
  expect(lines).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  expect(JSON.parse(lines)).toMatchObject({ said: forged, msg: forged, [forged]: 1 })
})
