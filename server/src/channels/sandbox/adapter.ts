import type { ChannelAdapter } from '../../application/ports/channel-adapter.ts'

/** Stands in for a provider: takes every message and says at once that it was sent, delivered and read. */
export function createSandboxAdapter(): ChannelAdapter {
  return {
    send: async ({ message }) => ({
      kind: 'sent',
      statuses: ['sent', 'delivered', 'read'],
      providerMessageId: `sandbox-${message.id}`,
    }),
  }
}
