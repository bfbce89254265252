/** Names and secrets for what is born. */
export interface Ids {
  /** A new UUID, version 7. */
  next(): string
  /** Unguessable characters of `[A-Za-z0-9_-]`, exactly this many. */
  token(length: number): string
  /** Cryptographically random bytes. */
  bytes(count: number): Uint8Array
}
