/** Which addresses this server sends to, by the rules it sends by. */
export interface Addresses {
  /** Null when something may be sent there, else why not. A name that nobody knows yet may come to be. */
  whyNot(url: string): Promise<string | null>
}
