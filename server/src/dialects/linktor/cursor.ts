const LAST_SEQ = 2_147_483_647

/** Where a page of messages ended, unreadable on purpose. */
export function writeCursor(seq: number): string {
  return Buffer.from(JSON.stringify({ seq })).toString('base64url')
}

/** Null for anything `writeCursor` did not write. */
export function readCursor(cursor: string): number | null {
  const [, digits] = /^\{"seq":(\d{1,10})\}$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  const seq = Number(digits)
  return seq <= LAST_SEQ && writeCursor(seq) === cursor ? seq : null
}
