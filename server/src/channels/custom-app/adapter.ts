// PLACEHOLDER: replace the whole file.
import type { ChannelAdapter } from '../../application/ports/channel-adapter.ts'

export const createCustomAppAdapter = (_parts: object): ChannelAdapter => ({ send: async () => ({ kind: 'sent', statuses: ['sent'], providerMessageId: null }) })
