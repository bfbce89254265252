// PLACEHOLDER: replace the whole file.
import type { ChannelAdapter } from '../../application/ports/channel-adapter.ts'

export const createSandboxAdapter = (): ChannelAdapter => ({ send: async ({ message }) => ({ kind: 'sent', statuses: ['sent', 'delivered', 'read'], providerMessageId: `sandbox-${message.id}` }) })
