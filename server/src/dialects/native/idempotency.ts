import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { ClaimedRequest, KeptAnswer, KeptAnswers } from '../../application/ports/kept-answers.ts'
import { DomainError, refuse } from '../../domain/errors.ts'
import { fingerprintOf } from '../../platform/fingerprint.ts'
import { readIdempotencyKey } from '../../platform/idempotency-key.ts'
import { actorOf } from './auth.ts'
import { answerWith } from './errors.ts'

const CLAIM = 'nativeClaim'
/** What an answer is made of besides status and body. */
const KEPT_HEADERS = ['content-type', 'location']
/** Refusals that the same request may outgrow: too slow, too early, too often. */
const PASSING = new Set([408, 425, 429])

const KeyHeader = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description:
        'Of the sender’s choice. Within 24 hours the same request with the same key does nothing again: it gets the first ' +
        'one’s answer, with `Idempotent-Replayed: true`. 409 while the first one runs, 422 for another request.',
    }),
  ),
})

/** Every POST of the scope understands `Idempotency-Key`. Whoever asks is known by then, and the body is parsed. */
export function keepAnswers(scope: FastifyInstance, answers: KeptAnswers): void {
  scope.addHook('onRoute', (route) => {
    if ([route.method].flat().includes('POST')) route.schema = { ...route.schema, headers: KeyHeader }
  })
  scope.decorateRequest(CLAIM, null)
  scope.addHook('preValidation', async (request, reply) => {
    const header = request.headers['idempotency-key']
    if (header === undefined || request.method !== 'POST') return undefined
    const found = await answers.claim(keyedRequest(request, keyIn(header), scope.prefix))
    if (found.kind === 'answered') return replay(reply, found.answer)
    if (found.kind === 'running') return refuseRunning(reply)
    if (found.kind === 'other') return refuseOther(reply)
    request.setDecorator(CLAIM, found)
    return undefined
  })
  scope.addHook('onError', async (request, _reply, error) => {
    // The file may be there the next time.
    const isPassing = error instanceof DomainError && error.code === 'file_unreachable'
    if (isPassing) await settle(request, (claim) => claim.forget())
  })
  scope.addHook('onSend', async (request, reply, body) => {
    await settle(request, (claim) => conclude(claim, reply, body))
  })
}

/** The client key of what this request appends; none without an Idempotency-Key. */
export function clientIdOf(request: FastifyRequest): string | undefined {
  return request.getDecorator<ClaimedRequest | null>(CLAIM)?.clientId
}

function keyIn(header: string | string[]): string {
  const reason = 'Idempotency-Key: 1 to 255 characters, none of them a control character.'
  return readIdempotencyKey(header) ?? refuse('invalid', { field: 'Idempotency-Key', reason })
}

function keyedRequest(request: FastifyRequest, key: string, prefix: string) {
  const { accountId, operatorId, permissions } = actorOf(request)
  const { query, body } = request
  return {
    ...{ accountId, key, operation: `native POST ${pathOf(request, prefix)}` },
    // The same words from another operator, or with other rights, are another request.
    fingerprint: fingerprintOf({ query, body, operatorId, permissions: [...permissions].sort() }),
  }
}

/** The path as the route knows it: below the prefix, however its slashes and escapes were written. */
function pathOf({ routeOptions, params }: FastifyRequest, prefix: string): string {
  const values = new Map(Object.entries(params ?? {}))
  const pattern = (routeOptions.url ?? '').slice(prefix.length)
  return pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values.get(name))))
}

function replay(reply: FastifyReply, { status, headers, body }: KeptAnswer): FastifyReply {
  // As bytes, which nothing serializes again.
  return reply.code(status).headers(headers).header('idempotent-replayed', 'true').send(Buffer.from(body))
}

/** Final answers are kept. Whether an answer of 500 and above did anything nobody knows, so its request may be sent again. */
async function conclude(claim: ClaimedRequest, reply: FastifyReply, body: unknown): Promise<void> {
  const { statusCode: status } = reply
  if (status >= 500 || typeof body !== 'string') return claim.release()
  if (PASSING.has(status)) return claim.forget()
  const kept = KEPT_HEADERS.map((name) => [name, reply.getHeader(name)] as const)
  const headers = Object.fromEntries(kept.flatMap(([name, value]) => (value ? [[name, String(value)]] : [])))
  return claim.keep({ status, headers, body })
}

/** The answer goes out whatever becomes of the claim: a claim that nobody ends ends by itself. */
async function settle(request: FastifyRequest, end: (claim: ClaimedRequest) => Promise<void>): Promise<void> {
  const claim = request.getDecorator<ClaimedRequest | null>(CLAIM)
  if (!claim) return
  request.setDecorator(CLAIM, null)
  await end(claim).catch((error: unknown) => request.log.warn({ err: error }, 'an answer was not kept'))
}

function refuseRunning(reply: FastifyReply): FastifyReply {
  return answerWith(reply.header('retry-after', '1'), {
    status: 409,
    title: 'Request in progress',
    detail: 'The first request with this Idempotency-Key is still running.',
    code: 'request_in_progress',
  })
}

function refuseOther(reply: FastifyReply): FastifyReply {
  return answerWith(reply, {
    status: 422,
    title: 'Idempotency-Key reused',
    detail: 'This Idempotency-Key was used for another request.',
    code: 'idempotency_key_reused',
  })
}
