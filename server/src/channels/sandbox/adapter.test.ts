import { expect, test } from 'vitest'
import type { Outbound } from '../../application/ports/channel-adapter.ts'
import { createSandboxAdapter } from './adapter.ts'

test('everything arrives and is read', async () => {
  const outbound = { message: { id: 'm-1' } } as Outbound
  expect(await createSandboxAdapter().send(outbound)).toEqual({
    kind: 'sent',
    statuses: ['sent', 'delivered', 'read'],
    providerMessageId: 'sandbox-m-1',
  })
})
