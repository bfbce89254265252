import type { ChannelAdapter } from '../../application/ports/channel-adapter.ts'

/** The widget comes for its messages: what is here is sent. Only what was queued when a provider was played here takes this way. */
export function createWebchatAdapter(): ChannelAdapter {
  return { send: async () => ({ kind: 'sent', statuses: ['sent'], providerMessageId: null }) }
}
