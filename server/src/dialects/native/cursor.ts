import { createHash } from 'node:crypto'
import type { EventPosition } from '../../domain/event-log.ts'
import { isUuid } from '../../platform/ids.ts'

const VERSION = 1
const CHECK_BYTES = 6
/** Version, epoch, account, transaction id, event id, moment. */
const BODY_BYTES = 1 + 16 + 16 + 8 + 8 + 8

/**
 * A position as clients hold it: opaque, 84 characters of base64url. It names its account, so that another one's is refused. Nothing in it
 * is secret, and nobody reads another account's events by forging one; the check at its end tells a mangled cursor from a strange one.
 */
export function writeCursor(accountId: string, position: EventPosition): string {
  const body = Buffer.alloc(BODY_BYTES)
  body.writeUInt8(VERSION, 0)
  body.write(position.epoch.replaceAll('-', ''), 1, 'hex')
  body.write(accountId.replaceAll('-', ''), 17, 'hex')
  body.writeBigUInt64BE(BigInt(position.transactionId), 33)
  body.writeBigUInt64BE(BigInt(position.id), 41)
  body.writeBigUInt64BE(BigInt(position.writtenAt?.getTime() ?? 0), 49)
  return Buffer.concat([body, checkOf(body)]).toString('base64url')
}

/** Null for anything that was not written for this account. */
export function readCursor(accountId: string, cursor: string): EventPosition | null {
  const bytes = Buffer.from(cursor, 'base64url')
  const body = bytes.subarray(0, BODY_BYTES)
  if (bytes.length !== BODY_BYTES + CHECK_BYTES || bytes.toString('base64url') !== cursor) return null
  if (body.readUInt8(0) !== VERSION || !checkOf(body).equals(bytes.subarray(BODY_BYTES))) return null
  const epoch = uuidAt(body, 1)
  const [transactionId, id, writtenAt] = [33, 41, 49].map((at) => Number(body.readBigUInt64BE(at)))
  if (uuidAt(body, 17) !== accountId || !isUuid(epoch)) return null
  if (!isCount(transactionId) || !isCount(id) || !isCount(writtenAt)) return null
  return { epoch, transactionId, id, writtenAt: writtenAt === 0 ? null : new Date(writtenAt) }
}

function checkOf(body: Buffer): Buffer {
  return createHash('sha256').update(body).digest().subarray(0, CHECK_BYTES)
}

function uuidAt(body: Buffer, at: number): string {
  return body.toString('hex', at, at + 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

const isCount = (number: number | undefined): number is number => Number.isSafeInteger(number)
