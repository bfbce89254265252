import { createHmac, randomBytes } from 'node:crypto'
import type { Ids } from '../application/ports/ids.ts'
import { newId } from '../platform/ids.ts'
import { deriveKey, seal, unseal } from '../platform/secrets.ts'
import type { Secrets } from '../storage/secrets.ts'
import { hashSecret, signSubject } from '../storage/secrets.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export const ids: Ids = {
  next: newId,
  // 64 letters: six bits of a byte each, without bias.
  token: (length) => Array.from(randomBytes(length), (byte) => ALPHABET[byte & 63]).join(''),
  bytes: (count) => randomBytes(count),
}

/** What storage does with secrets, each with a key of its own. */
export function createSecrets(root: string): Secrets {
  const channelKey = deriveKey(root, 'channel tokens')
  const answerKey = deriveKey(root, 'kept answers')
  const socketKey = deriveKey(root, 'end user sockets')
  return {
    hash: hashSecret,
    seal: (secret) => seal(secret, channelKey),
    unseal: (sealed) => unsealed('A channel token', sealed, channelKey),
    sealAnswer: (body) => seal(body, answerKey),
    unsealAnswer: (sealed) => unsealed('A kept answer', sealed, answerKey),
    signSubject: (id, secretKey) =>
      signSubject(id, createHmac('sha256', socketKey).update(secretKey).digest()),
  }
}

function unsealed(what: string, sealed: string, key: Buffer): string {
  const text = unseal(sealed, key)
  if (text === null) throw new Error(`${what} was sealed with another secret: was PARLEY_SECRET changed?`)
  return text
}
