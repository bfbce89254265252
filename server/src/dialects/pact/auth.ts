import type { FastifyRequest } from 'fastify'
import type { Credentials } from '../../application/ports/credentials.ts'
import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { noteSpeaker } from '../../platform/request-log.ts'
import { parseQuery } from './body.ts'
import type { Params } from './fields.ts'

const NAME = 'private_api_token'

/** Who asks. The token stands in the header, the query string or the body; the first place that has one decides. */
export interface Auth {
  /** Before the body is read: lets in who shows a token outside it. Refuses an unknown one at once. */
  atDoor(request: FastifyRequest): Promise<void>
  /** Who was let in at the door; null when the token may still come in the body. */
  known(request: FastifyRequest): Actor | null
  /** Refuses `unauthenticated`. */
  inBody(request: FastifyRequest, params: Params): Promise<Actor>
}

export function createAuth(credentials: Credentials): Auth {
  const actors = new WeakMap<FastifyRequest, Actor>()
  const actorOf = async (secret: string, request: FastifyRequest) => {
    const actor = (await credentials.actorOfToken('pact', secret, request.ip)) ?? refuse('unauthenticated')
    noteSpeaker(request, actor)
    return actor
  }

  return {
    atDoor: async (request) => {
      const secret = textIn(request.headers['x-private-api-token']) ?? textIn(parseQuery(request.url)[NAME])
      if (secret !== null) actors.set(request, await actorOf(secret, request))
    },
    known: (request) => actors.get(request) ?? null,
    inBody: async (request, params) => actorOf(textIn(params[NAME]) ?? refuse('unauthenticated'), request),
  }
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
