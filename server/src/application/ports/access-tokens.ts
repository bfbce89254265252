/** What a program shows for a session: signed, short-lived, and worth nothing once the session has ended. */
export interface AccessClaims {
  sessionId: string
  accountId: string
}

export interface AccessTokens {
  /** How long one is good for. */
  readonly lifeS: number
  write(claims: AccessClaims): Promise<string>
  /** Null for anything that was not written here, or is not good any more. */
  read(token: string): Promise<AccessClaims | null>
}
