// As much of PostgreSQL's protocol as the proxy must understand: where a message ends, and what it asks.

/** One message of the protocol; the first one of a client has no type. */
export interface Frame {
  type: string
  bytes: Buffer
}

/** Cuts a stream into its messages; what is incomplete waits for the next chunk. */
export function createFramer(side: 'client' | 'server'): (chunk: Buffer) => Frame[] {
  let rest: Buffer = Buffer.alloc(0)
  let isStarting = side === 'client'
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const frames: Frame[] = []
    for (;;) {
      const typeLength = isStarting ? 0 : 1
      if (rest.length < typeLength + 4) return frames
      const length = typeLength + rest.readInt32BE(typeLength)
      if (rest.length < length) return frames
      const type = isStarting ? '' : rest.toString('latin1', 0, 1)
      frames.push({ type, bytes: rest.subarray(0, length) })
      rest = rest.subarray(length)
      isStarting = false
    }
  }
}

/** The process that serves a connection, from its BackendKeyData. */
export function backendPid({ type, bytes }: Frame): number | null {
  return type === 'K' ? bytes.readInt32BE(5) : null
}

/** Remembers prepared statements, so that a Bind, which only names one, has a text too. */
export function createStatements(): (frame: Frame) => string | null {
  const prepared = new Map<string, string>()
  return ({ type, bytes }) => {
    if (type === 'Q') return textAt(bytes, 5)
    if (type === 'P') {
      const name = textAt(bytes, 5)
      prepared.set(name, textAt(bytes, 5 + Buffer.byteLength(name) + 1))
    }
    if (type !== 'B') return null
    const portal = textAt(bytes, 5)
    return prepared.get(textAt(bytes, 5 + Buffer.byteLength(portal) + 1)) ?? ''
  }
}

function textAt(bytes: Buffer, start: number): string {
  return bytes.toString('utf8', start, bytes.indexOf(0, start))
}
