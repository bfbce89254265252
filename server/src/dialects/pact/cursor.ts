import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Order } from '../../application/ports/reader.ts'

/** The last row of a page, and the order it was read in. */
export interface Place {
  after: number
  order: Order
}

/** `list` says of what: a token of one list means nothing to another. */
export interface Cursors {
  write(list: string, place: Place): string
  /** Null for anything that was not written for this list. */
  read(list: string, token: string): Place | null
}

const TOKEN = /^([ad])(\d{1,16})\.([\w-]{22})$/
const MAC_BYTES = 16

/** Makes `next_page` tokens: opaque, at most 60 characters, valid for as long as the key is. */
export function createCursors(key: Buffer): Cursors {
  const mac = (list: string, place: string) =>
    createHmac('sha256', key).update(`pact:${list}:${place}`).digest().subarray(0, MAC_BYTES)

  return {
    write: (list, { after, order }) => {
      const place = `${order.charAt(0)}${after}`
      return Buffer.from(`${place}.${mac(list, place).toString('base64url')}`).toString('base64url')
    },
    read: (list, token) => {
      const [, letter, after, signature = ''] =
        TOKEN.exec(Buffer.from(token, 'base64url').toString('latin1')) ?? []
      if (letter === undefined || after === undefined) return null
      const signed = Buffer.from(signature, 'base64url')
      if (signed.length !== MAC_BYTES || !timingSafeEqual(signed, mac(list, letter + after))) return null
      return { after: Number(after), order: letter === 'a' ? 'asc' : 'desc' }
    },
  }
}
