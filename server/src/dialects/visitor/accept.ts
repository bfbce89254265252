import type { AnswerReview } from '../../application/visitors/answer-review.ts'
import type { BeginSession } from '../../application/visitors/begin-session.ts'
import type { LeaveCard } from '../../application/visitors/leave-card.ts'
import type { NotePage } from '../../application/visitors/note-page.ts'
import type { VisitPage } from '../../application/visitors/read-visit.ts'
import type { WriteAsVisitor } from '../../application/visitors/write-as-visitor.ts'
import type { StoredFile } from '../../domain/attachment.ts'
import { refuse } from '../../domain/errors.ts'
import { isStorable, unstorablePath } from '../../platform/text.ts'
import { acceptUuid } from './ids.ts'
import type * as wire from './schema/requests.ts'

const PAGE = 30
const LONGEST_TEXT = 10_000
const LANGUAGE = /^[a-z]{2,8}(-[a-z0-9]{1,8}){0,4}$/i

/** All but the channel, which the widget key names. */
export function acceptSession(body: wire.BeginSession): Omit<BeginSession, 'channel'> {
  mustBeStorable(body)
  const { token, identity, page, language } = body
  if (language !== undefined && !LANGUAGE.test(language))
    refuse('invalid', { field: 'language', reason: 'language is no tag such as pt-BR.' })
  return {
    ...(token !== undefined && { token }),
    ...(identity && { claim: acceptClaim(identity) }),
    ...(page && { page: acceptPage(page) }),
    ...(language !== undefined && { language }),
  }
}

function acceptClaim(
  identity: NonNullable<wire.BeginSession['identity']>,
): NonNullable<BeginSession['claim']> {
  if ('jwt' in identity) return { jwt: identity.jwt }
  const { fields, sign } = identity
  return { sign, fields: fields.map(({ name, value }) => ({ name, value })) }
}

export function acceptText({ id, text }: wire.WriteMessage): WriteAsVisitor {
  return { id: acceptUuid(id, 'id'), content: { kind: 'text', text: acceptWords(text, 'text') } }
}

/** The parts of a form beside its file. */
export function acceptFile(fields: [name: string, value: string][], stored: StoredFile): WriteAsVisitor {
  const given = new Map(fields)
  const id = given.get('id') ?? refuse('missing', { field: 'id', reason: 'A part called id is needed.' })
  const text = acceptWords(given.get('text') ?? '', 'text')
  if (text.length > LONGEST_TEXT) refuse('invalid', { field: 'text', reason: 'text is too long.' })
  return { id: acceptUuid(id, 'id'), content: { kind: 'file', text, file: { stored, sourceUrl: null } } }
}

export function acceptList({ before, after, limit = PAGE }: wire.ListMessages): VisitPage {
  if (before !== undefined && after !== undefined)
    refuse('invalid', { field: 'after', reason: 'before and after cannot both be given.' })
  return {
    ...(before !== undefined && { beforeSeq: before }),
    ...(after !== undefined && { afterSeq: after }),
    ...{ order: after === undefined ? 'desc' : 'asc', limit },
  }
}

/** Only pages are kept: what a browser calls its address may be anything. */
export function acceptPage({ url, title }: wire.Page): NotePage {
  mustBeStorable({ url, title })
  const parsed = url === null ? null : URL.parse(url)
  if (url !== null && !/^https?:$/.test(parsed?.protocol ?? ''))
    refuse('invalid', { field: 'url', reason: 'url is no http or https address.' })
  return { url: parsed?.href ?? null, title: title?.trim() || null }
}

export function acceptCard(body: wire.Card): LeaveCard {
  mustBeStorable(body)
  const given = Object.entries(body).map(([field, value]) => [field, value.trim()])
  return Object.fromEntries(given.filter(([, value]) => value !== '')) as LeaveCard
}

export function acceptAnswer(id: string, { mark, text = '', isConfirmed }: wire.Answer): AnswerReview {
  return { reviewId: acceptUuid(id, 'id'), mark, text: acceptWords(text, 'text').trim(), isConfirmed }
}

function acceptWords(text: string, field: string): string {
  if (isStorable(text)) return text
  return refuse('invalid', { field, reason: `${field} has characters that cannot be stored.` })
}

function mustBeStorable(body: unknown): void {
  const bad = unstorablePath(body)
  if (bad !== null) refuse('invalid', { field: bad, reason: `${bad} has characters that cannot be stored.` })
}
