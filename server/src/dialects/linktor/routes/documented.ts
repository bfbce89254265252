import type { TObject } from 'typebox'
import { Failure } from '../schema/responses.ts'

interface Documented {
  summary: string
  params?: TObject
  querystring?: TObject
  body?: TObject
  response: Record<number, TObject>
}

/** A route's schema with what all routes of a resource share. */
export function documented(tag: string, schema: Documented) {
  return { ...schema, tags: [tag], response: { ...schema.response, '4xx': Failure, '5xx': Failure } }
}
