/** Which addresses this server sends to, by the rules it sends by. */
export interface Addresses {
  /**
   * Null when something may be sent there, else why not. A name that nobody knows yet may come to be. `isHttpsOnly`: without TLS only to
   * addresses that the owner of this server opened.
   */
  whyNot(url: string, rules?: { isHttpsOnly?: boolean }): Promise<string | null>
}
