import type { VisitorFacts, VisitorSession } from '../../domain/visitor.ts'

/** Who a visitor is, as its site says it: a signed token, or Blinger's signed fields in the order in which they were signed. */
export type VisitorClaim = { jwt: string } | { fields: { name: string; value: unknown }[]; sign: string }

/** What a claim proves. `sub` is the user's id at the site; null where only facts are proven. */
export type VisitorProof = { sub: string | null; facts: VisitorFacts } | { refused: string }

export interface VisitorProofs {
  /** Holds a claim against the channel's secret key. Never throws for what a visitor sent. */
  check(claim: VisitorClaim, secretKey: string, now: Date): Promise<VisitorProof>
}

/** What changes in a session; the rest stays. */
export type VisitorNews = Partial<
  Pick<VisitorSession, 'facts' | 'isVerified' | 'pageUrl' | 'pageTitle' | 'language' | 'seenAt'>
>

/** Sessions of visitors, within one account. */
export interface VisitorSessions {
  /** The session of that token on the channel. */
  bySecret(channelId: string, secret: string): Promise<VisitorSession | null>
  byId(sessionId: string, channelId: string, externalId: string): Promise<VisitorSession | null>
  /** Stores a hash of the secret, never the secret. */
  insert(session: VisitorSession, secret: string): Promise<void>
  save(
    session: Pick<VisitorSession, 'sessionId' | 'channelId' | 'externalId'>,
    news: VisitorNews,
  ): Promise<void>
  end(session: Pick<VisitorSession, 'sessionId' | 'channelId' | 'externalId'>): Promise<void>
  /** Ends all of a channel's, or those that are verified: the key that vouched for them may have leaked. */
  endOfChannel(channelId: string, which: 'all' | 'verified'): Promise<void>
}
