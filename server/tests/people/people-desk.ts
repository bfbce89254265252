import { createHmac } from 'node:crypto'
import { expect } from 'vitest'
import type { TestHouse } from '../house.ts'

/** What an authenticator app would show. */
export function codeOf(uri: string, now = Date.now()): string {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  const bits = secret
    .split('')
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
  const bytes =
    bits
      .join('')
      .match(/.{8}/g)
      ?.map((byte) => Number.parseInt(byte, 2)) ?? []
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)))
  const digest = createHmac('sha1', Buffer.from(bytes)).update(counter).digest()
  const at = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** A person of the first account with a known password. */
export async function newOperator(
  house: TestHouse,
  email: string,
): Promise<{ email: string; password: string; number: number }> {
  const password = 'a long enough password'
  const made = await house.blingerApp.post('/operators/create', {
    operator_email: email,
    operator_password: password,
  })
  expect(made.status, made.text).toBe(200)
  return { email, password, number: made.body.data.id }
}
