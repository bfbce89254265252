/** What a line may do, and how long it may be silent. Tests choose their own. */
export interface SocketBounds {
  /** Of one frame that comes in. */
  frameBytes: number
  /** What comes in on one line, whatever it is made of: so much at once, and so much a second for ever. */
  burstBytes: number
  bytesPerSecond: number
  /** The same for frames and pings. */
  burstFrames: number
  framesPerSecond: number
  /** What may wait for a reader that does not read. */
  waitingBytes: number
  /** Between two beats of a line. */
  beatMs: number
  /** Without anything from the other side for so long a line is dead. With `tickMs` it is found in less than 45 s. */
  deadMs: number
  /** Until the first frame. */
  helloMs: number
  /** A line that was closed, and does not go. */
  closingMs: number
  /** How often lines are looked at: one timer for all of them. */
  tickMs: number
  /** Lines from one place on the network, and lines of one account. */
  perPlace: number
  perAccount: number
}

export const SOCKET_BOUNDS: SocketBounds = {
  frameBytes: 65_536,
  burstBytes: 262_144,
  bytesPerSecond: 32_768,
  burstFrames: 200,
  framesPerSecond: 20,
  waitingBytes: 262_144,
  beatMs: 20_000,
  deadMs: 40_000,
  helloMs: 10_000,
  closingMs: 3000,
  tickMs: 1000,
  perPlace: 20_000,
  perAccount: 20_000,
}
