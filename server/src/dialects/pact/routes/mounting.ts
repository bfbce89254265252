import type { FastifySchema } from 'fastify'
import type { Door } from '../../../application/ports/door.ts'
import type { Permission } from '../../../domain/permissions.ts'
import type { Call } from '../admit.ts'
import type { Cursors } from '../cursor.ts'

/** What the routes are made with. */
export interface PactDoor extends Door {
  /** Whether a first message is required for whatsapp too, as the documents say and no client does. */
  isTextRequired: boolean
  cursors: Cursors
}

export interface Endpoint {
  /** One path, or several names of the same. */
  url: string | string[]
  schema: FastifySchema
  needs: Permission
  /** Whether a file in the body is wanted, as `form.file`. */
  takesFile?: boolean
  /** Answers with the whole body; the status is 200. */
  handle: (call: Call) => Promise<object>
}

/** Mounts an endpoint: what reaches `handle` has been let in and merged. */
export type Mount = (method: 'GET' | 'POST' | 'PUT', endpoint: Endpoint) => void

/** Bodies are read by their content, whatever they are called; these are the names clients use. */
export const CONSUMES = ['application/x-www-form-urlencoded', 'application/json', 'multipart/form-data']
