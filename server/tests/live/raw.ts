import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** The other end of a line without a library on it: it sends what no client would. */
export interface RawLine extends AsyncDisposable {
  socket: Socket
  /** A frame as it is on the wire, masked as a client's must be. */
  frame(opcode: number, payload?: Buffer, bits?: { isFinal?: boolean; isCompressed?: boolean }): Buffer
  write(bytes: Buffer): Promise<void>
  /** The code it was closed with; null when the connection just ended. */
  code: Promise<number | null>
}

export async function connectRaw(port: number, path: string): Promise<RawLine> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const head = [
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    '',
    '',
  ]
  socket.write(head.join('\r\n'))
  await once(socket, 'readable')
  const answer = String(socket.read())
  if (!answer.startsWith('HTTP/1.1 101')) throw new Error(answer)
  const read: Buffer[] = []
  socket.on('data', (chunk: Buffer) => read.push(chunk))
  const ended = new Promise((resolve) => socket.once('close', resolve))
  const code = ended.then(() => closeCodeIn(Buffer.concat(read)))
  return {
    socket,
    frame,
    code,
    write: (bytes) =>
      new Promise((resolve) => {
        if (socket.destroyed || !socket.writable) resolve()
        else socket.write(bytes, () => resolve())
      }),
    [Symbol.asyncDispose]: async () => void socket.destroy(),
  }
}

function frame(
  opcode: number,
  payload = Buffer.alloc(0),
  { isFinal = true, isCompressed = false } = {},
): Buffer {
  const first = (isFinal ? 0x80 : 0) | (isCompressed ? 0x40 : 0) | opcode
  const mask = randomBytes(4)
  const masked = Buffer.from(payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0)))
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 255])
  return Buffer.concat([Buffer.from([first]), length, mask, masked])
}

/** Walks over the server's frames, which are not masked. */
function closeCodeIn(bytes: Buffer): number | null {
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = bytes.readUInt8(at + 1)
    const [head, length] =
      short < 126
        ? [2, short]
        : short === 126
          ? [4, bytes.readUInt16BE(at + 2)]
          : [10, Number(bytes.readBigUInt64BE(at + 2))]
    if ((bytes.readUInt8(at) & 15) === 8) return length >= 2 ? bytes.readUInt16BE(at + head) : 1005
    at += head + length
  }
  return null
}
