/** A request that carries a key of its sender's choice, so that sending it again does nothing again. */
export interface KeyedRequest {
  accountId: string
  /** Dialect, method and path: a key means something only together with it. */
  operation: string
  key: string
  /** The same for the same request, and for no other. */
  fingerprint: Uint8Array
}

/** An answer as it goes out. */
export interface KeptAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** The right to run the request. It ends by itself some time after its holder died. */
export interface ClaimedRequest {
  kind: 'claimed'
  /**
   * The client key of what the request appends. Whoever runs the request after this holder died is given the same one,
   * so that the database knows the message.
   */
  clientId: string
  /** Keeps the answer for all repeats; does nothing once another one holds the request. */
  keep(answer: KeptAnswer): Promise<void>
  /** Gives the right back, without knowing what was done: the key is free for the same request alone. */
  release(): Promise<void>
  /** Gives the right back, knowing that nothing was done: the key is free for any request. */
  forget(): Promise<void>
}

/** What becomes of a keyed request: it is to be run, was answered, is being run, or its key belongs to another one. */
export type Claim =
  ClaimedRequest | { kind: 'answered'; answer: KeptAnswer } | { kind: 'running' } | { kind: 'other' }

/** Remembers, for a day, what keyed requests were answered. */
export interface KeptAnswers {
  claim(request: KeyedRequest): Promise<Claim>
}
