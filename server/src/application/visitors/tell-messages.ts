import type { Attachment } from '../../domain/attachment.ts'
import type { Message } from '../../domain/message.ts'
import type { Review } from '../../domain/review.ts'
import type { Reader } from '../ports/reader.ts'

/** Who speaks to a visitor, as far as it may know. */
export interface Face {
  id: string | null
  name: string | null
  avatar: Attachment | null
}

/** A message with its author's face, and the review it asks for. */
export interface ToldMessage {
  message: Message
  author: Face
  review: Review | null
}

/** Finds faces and reviews. Never notes or system lines: whoever calls leaves them out. */
export async function tellMessages(reader: Reader, messages: Message[]): Promise<ToldMessage[]> {
  const faces = new Map<string, Face>()
  const told: ToldMessage[] = []
  for (const message of messages) {
    const { kind, id } = message.author
    const name = `${kind}:${id}`
    const author = faces.get(name) ?? (await faceOf(reader, message.author))
    faces.set(name, author)
    const review = message.reviewId === null ? null : await reader.reviews.find({ id: message.reviewId })
    told.push({ message, author, review })
  }
  return told
}

/** A contact is the visitor itself, who knows its name. */
export async function faceOf(reader: Reader, { kind, id }: Message['author']): Promise<Face> {
  const nobody = { id, name: null, avatar: null }
  if (id === null || kind === 'contact' || kind === 'system') return nobody
  if (kind === 'bot') return { ...nobody, name: (await reader.bots.find({ id }))?.name ?? null }
  const operator = await reader.operators.find({ id })
  return { id, name: operator?.name ?? null, avatar: operator?.avatar ?? null }
}
