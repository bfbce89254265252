import { createHash, createHmac } from 'node:crypto'

/** What storage does with secrets: keeps hashes of those it only compares, seals those it must show again. */
export interface Secrets {
  hash(secret: string): Buffer
  seal(secret: string): string
  unseal(sealed: string): string
  sealAnswer(body: string): string
  unsealAnswer(sealed: string): string
  /** A JWT of exactly `{"sub": id}`, HS256, without times: the same for a user as long as its channel's secret key is. */
  signSubject(id: string, secretKey: string): string
}

/** Tokens are long and random, so one round of SHA-256 is all their hashing needs. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

export function signSubject(id: string, key: Buffer): string {
  const content = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode({ sub: id })}`
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`
}
