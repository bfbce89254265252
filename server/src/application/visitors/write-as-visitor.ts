import { channelActor, type Actor } from '../../domain/actor.ts'
import { DomainError } from '../../domain/errors.ts'
import { allowVisitor } from '../../domain/permissions.ts'
import type { Visitor } from '../../domain/visitor.ts'
import { appendOf, receiveMessage, type ReceiveMessage } from '../inbound/receive-message.ts'
import type { Appended, Content } from '../messages/append.ts'
import type { Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'
import { findTalk } from './find-talk.ts'
import type { ToldMessage } from './tell-messages.ts'

/** `id` is the message's own, chosen by the visitor: the same one comes once. */
export interface WriteAsVisitor {
  id: string
  content: Content
}

export interface Written extends ToldMessage {
  isRepeat: boolean
}

/** A visitor says something. The first time it becomes a contact, with all that is known of it, and a conversation begins. */
export async function writeAsVisitor(tools: Tools, actor: Actor, input: WriteAsVisitor): Promise<Written> {
  const { message, isRepeat } = await append(tools, actor, input)
  return { message, author: { id: message.author.id, name: null, avatar: null }, review: null, isRepeat }
}

async function append(tools: Tools, actor: Actor, input: WriteAsVisitor): Promise<Appended> {
  const visitor = allowVisitor(actor)
  const speaker = channelActor(actor, visitor.channelId)
  const received = receivedFrom(visitor, input)
  const talk = await tools.ask(findTalk, actor, null)
  if (!talk) return tools.act(speakFirst, speaker, { visitor, received })
  try {
    return await tools.append(speaker, appendOf(received, talk))
  } catch (error) {
    // The contact was deleted in between: whoever writes after that is somebody new.
    if (!(error instanceof DomainError) || error.code !== 'not_found') throw error
    return tools.act(speakFirst, speaker, { visitor, received })
  }
}

function receivedFrom({ channelId, externalId }: Visitor, { id, content }: WriteAsVisitor): ReceiveMessage {
  return { channel: { id: channelId }, from: { externalId, isStranger: true }, content, id }
}

async function speakFirst(
  tx: Transaction,
  actor: Actor,
  { visitor, received }: { visitor: Visitor; received: ReceiveMessage },
): Promise<Appended> {
  const { sessionId, channelId, externalId } = visitor
  const session = await tx.visitors.byId(sessionId, channelId, externalId)
  const { name, email, phone, fields } = session?.facts ?? {}
  const from = {
    ...received.from,
    ...{ name, email, phone, extraFields: fields, isVerified: session?.isVerified ?? false },
    page: { url: session?.pageUrl ?? null, title: session?.pageTitle ?? null },
  }
  const appended = await receiveMessage(tx, actor, { ...received, from })
  if (session) await tx.visitors.save(session, { facts: {} })
  return appended
}
