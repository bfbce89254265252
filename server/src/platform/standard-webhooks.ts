import { createHmac } from 'node:crypto'

/** What one attempt of a delivery says by the Standard Webhooks specification. */
export interface StandardDelivery {
  /** The same on every try. */
  id: string
  /** Unix seconds of this try. */
  timestamp: number
  body: string
}

const PREFIX = 'whsec_'
/** Fewer bytes than the specification allows could be guessed. */
const FEWEST_BYTES = 24

/** Which delivery it is, and when it is tried; they prove nothing. */
export function standardNames({ id, timestamp }: Omit<StandardDelivery, 'body'>): Record<string, string> {
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp) }
}

/** The same with a signature for each secret (`whsec_…`), newest first: any of them is enough for whoever checks. */
export function standardHeaders(
  delivery: StandardDelivery,
  secrets: readonly string[],
): Record<string, string> {
  if (secrets.length === 0) throw new Error('A delivery is not signed without a secret.')
  const { id, timestamp, body } = delivery
  const signed = `${id}.${timestamp}.${body}`
  const signatures = secrets.map((secret) => {
    return `v1,${createHmac('sha256', keyOf(secret)).update(signed).digest('base64')}`
  })
  return { ...standardNames(delivery), 'webhook-signature': signatures.join(' ') }
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '', 'base64')
  if (key.length < FEWEST_BYTES) throw new Error('A delivery is not signed with a secret of that form.')
  return key
}
