import { createHmac } from 'node:crypto'
import type { Signing } from '../../application/ports/webhook-dialect.ts'
import { standardNames } from '../../platform/standard-webhooks.ts'
import { writeId } from './ids.ts'

/**
 * The vendor's headers, and those that every delivery has. The secret is its whole text, `whsec_` included. The header has room for one
 * signature: during a rotation it is the new secret's.
 */
export function sign(signing: Signing): Record<string, string> {
  const { signature, secrets, timestamp, deliveryId, eventKey, event, body } = signing
  const [secret] = secrets
  if (!secret) throw new Error('A delivery is not signed without a secret.')
  const digest = (text: string) => createHmac('sha256', secret).update(text).digest('hex')
  return {
    'X-Linktor-Signature': signature === 'body' ? digest(body) : `sha256=${digest(`${timestamp}.${body}`)}`,
    'X-Linktor-Timestamp': String(timestamp),
    'X-Linktor-Event': event,
    'X-Linktor-Delivery-Id': writeId('delivery', deliveryId),
    ...standardNames({ id: eventKey, timestamp }),
  }
}
