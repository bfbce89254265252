import { visitorActor, type Actor } from '../../domain/actor.ts'
import { mustBeActive, type Channel } from '../../domain/channel.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import {
  isNameOfUser,
  nameOfBrowser,
  nameOfUser,
  type VisitorFacts,
  type VisitorSession,
} from '../../domain/visitor.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'
import type { VisitorClaim, VisitorProof } from '../ports/visitors.ts'
import { applyFacts } from './apply-facts.ts'

export interface BeginSession {
  channel: Channel
  token?: string
  claim?: VisitorClaim
  page?: { url: string | null; title: string | null }
  language?: string
}

/** `token` is told here and nowhere else; the one that was shown, when the session went on. */
export interface SessionBegun {
  session: VisitorSession
  /** The visitor, at the door. */
  actor: Actor
  token: string
  isNew: boolean
  /** Why what the site said of the visitor was not believed; null when it was, or said nothing. */
  refused: string | null
}

type Proven = Exclude<VisitorProof, { refused: string }>

/** Characters of a visitor's token: 256 random bits. */
const TOKEN_LENGTH = 43

/**
 * Lets a visitor in, again or for the first time. A verified user gets their own conversation; what an anonymous visitor said before becomes
 * theirs when the channel did not know them. Whoever becomes another, in the eyes of the channel, gets another token.
 */
export async function beginSession(tools: Tools, actor: Actor, input: BeginSession): Promise<SessionBegun> {
  allow(actor, 'channel.speak')
  const { channel } = input
  mustBeActive(channel)
  const proof = await prove(tools, actor, input)
  const refused = proof && 'refused' in proof ? proof.refused : null
  const proven = proof && !('refused' in proof) ? proof : null
  if (channel.widget?.isIdentityRequired && !proven?.sub)
    refuse('forbidden', { what: 'identity', reason: refused ?? 'A verified identity is required here.' })
  const { endedId, ...begun } = await tools.act(openSession, actor, { ...input, proven })
  if (endedId) tools.signals.send(actor.accountId, { type: 'farewell', sessionId: endedId })
  return { ...begun, refused, actor: visitorActor(actor, begun.session) }
}

/** `endedId`: the session that this one takes the place of. */
type Opened = Omit<SessionBegun, 'refused' | 'actor'> & { endedId: string | null }

/** Null where the site says nothing. */
async function prove(
  tools: Tools,
  actor: Actor,
  { channel, claim }: BeginSession,
): Promise<VisitorProof | null> {
  if (!claim) return null
  const now = await tools.ask(async (reader) => reader.now, actor, null)
  return tools.visitorProofs.check(claim, channel.secretKey, now)
}

async function openSession(
  tx: Transaction,
  _actor: Actor,
  input: BeginSession & { proven: Proven | null },
): Promise<Opened> {
  const { channel, token, proven } = input
  const known = token === undefined ? null : await tx.visitors.bySecret(channel.id, token)
  const name = proven?.sub ? nameOfUser(proven.sub) : (known?.externalId ?? null)
  const opened =
    known && token !== undefined && known.externalId === name
      ? await goOn(tx, { session: known, token }, input)
      : await start(tx, { name, known }, input)
  if (proven) await applyFacts(tx, { session: opened.session, facts: proven.facts, isProven: true })
  return opened
}

async function goOn(
  tx: Transaction,
  { session, token }: { session: VisitorSession; token: string },
  input: BeginSession & { proven: Proven | null },
): Promise<Opened> {
  const { page, language, proven } = input
  const news = {
    seenAt: tx.now,
    ...(page && { pageUrl: page.url, pageTitle: page.title }),
    ...(language !== undefined && { language }),
    ...(proven && { isVerified: true }),
  }
  await tx.visitors.save(session, news)
  return { session: { ...session, ...news }, token, isNew: false, endedId: null }
}

async function start(
  tx: Transaction,
  { name, known }: { name: string | null; known: VisitorSession | null },
  { channel, page, language, proven }: BeginSession & { proven: Proven | null },
): Promise<Opened> {
  const sessionId = tx.ids.next()
  const token = tx.ids.token(TOKEN_LENGTH)
  const externalId = name ?? nameOfBrowser(tx.ids.next())
  // Somebody who says now who they are keeps what they said before; an other user's words stay theirs.
  const before = known && !isNameOfUser(known.externalId) ? known : null
  const isTaken = (await tx.contacts.identityOn(channel.id, externalId)) !== null
  if (before && !isTaken) await tx.contacts.renameIdentity(channel.id, before.externalId, externalId)
  const facts: VisitorFacts = isTaken ? {} : (before?.facts ?? {})
  const session: VisitorSession = {
    ...{ accountId: tx.accountId, channelId: channel.id, sessionId, externalId },
    ...{ isVerified: proven !== null, facts, language: language ?? known?.language ?? null },
    ...{ pageUrl: page?.url ?? null, pageTitle: page?.title ?? null, createdAt: tx.now, seenAt: tx.now },
  }
  if (known) await tx.visitors.end(known)
  await tx.visitors.insert(session, token)
  return { session, token, isNew: true, endedId: known?.sessionId ?? null }
}
