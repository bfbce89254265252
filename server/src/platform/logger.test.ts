import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const SCRIPT = `
import { createLogger } from '${import.meta.dirname}/logger.ts'
const log = createLogger('info')
const headers = { authorization: 'CANARY', authentication: 'CANARY', 'x-private-api-token': 'CANARY',
  'x-api-key': 'CANARY', 'X-Api-Key': 'CANARY', 'X-Private-Api-Token': 'CANARY', cookie: 'CANARY',
  'set-cookie': ['CANARY'], Authorization: 'CANARY', 'x-request-id': 'seen' }
log.info({ headers }, 'plain')
log.info({ request: { headers } }, 'nested')
log.debug('too quiet to be heard')
`

test('credentials in headers never reach the log', () => {
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', SCRIPT], { encoding: 'utf8' })
  expect(stdout.trim().split('\n')).toHaveLength(2)
  expect(stdout).not.toContain('CANARY')
  expect(stdout.match(/seen/g)).toHaveLength(2)
})
