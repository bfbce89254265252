import type { ChannelAdapter, SendOutcome } from '../../application/ports/channel-adapter.ts'
import { render } from './render.ts'

/** The way out to the customer's application; its maker sees to addresses and time limits. */
export interface CustomAppNetwork {
  post(url: string, headers: Record<string, string>, body: string): Promise<{ status: number }>
}

/** Statuses that the same message will meet again. Anything else may be mended on their side: a token, a proxy, a restart. */
const FINAL = new Set([400, 404, 410, 413, 422])

/** Posts operators' messages to the customer's own application. Without a webhook URL they stay here, sent. */
export function createCustomAppAdapter(network: CustomAppNetwork): ChannelAdapter {
  return {
    send: async (outbound) => {
      const { channel, token } = outbound
      if (channel.webhookUrl === null) return { kind: 'sent', statuses: ['sent'], providerMessageId: null }
      const headers: Record<string, string> = { 'content-type': 'application/json' }
      if (token !== null) headers.authorization = `Bearer ${token}`
      try {
        const { status } = await network.post(channel.webhookUrl, headers, JSON.stringify(render(outbound)))
        return outcomeOf(status)
      } catch (error) {
        return {
          kind: 'deferred',
          reason: error instanceof Error ? error.message : 'The app was not reached',
        }
      }
    },
  }
}

function outcomeOf(status: number): SendOutcome {
  if (status >= 200 && status < 300)
    return { kind: 'sent', statuses: ['sent', 'delivered'], providerMessageId: null }
  const reason = `The app answered ${status}`
  return FINAL.has(status) ? { kind: 'refused', reason } : { kind: 'deferred', reason }
}
