import type { JsonObject } from './ref.ts'

/** Somebody on a web page, in one browser: to the core a contact on a web chat. */
export interface Visitor {
  accountId: string
  channelId: string
  /** Names the session; nothing but its socket needs it. */
  sessionId: string
  /** The one name by which the channel knows the visitor: of the browser, or of the verified user. */
  externalId: string
  isVerified: boolean
  /** BCP 47; null when the page did not say. */
  language: string | null
}

/** A session as it is kept; of its token only a hash. */
export interface VisitorSession extends Visitor {
  /** What was proven before there was a contact to keep it. */
  facts: VisitorFacts
  pageUrl: string | null
  pageTitle: string | null
  createdAt: Date
  seenAt: Date
}

/** What is known of a visitor besides its name on the channel. */
export interface VisitorFacts {
  name?: string
  email?: string
  phone?: string
  fields?: JsonObject
}

/** A verified user's name on the channel; anonymous ones begin otherwise. */
export const nameOfUser = (sub: string) => `user:${sub}`
export const isNameOfUser = (externalId: string) => externalId.startsWith(nameOfUser(''))
export const nameOfBrowser = (id: string) => `visitor:${id}`
