import { newId } from './ids.ts'

export const REQUEST_ID_HEADER = 'x-request-id'
const SANE = /^[\w.:-]{1,128}$/

/** The id a request brought, or a new one when it brought none that is fit to be repeated. */
export function requestIdFrom(given: string | string[] | undefined): string {
  return typeof given === 'string' && SANE.test(given) ? given : `req_${newId().replaceAll('-', '')}`
}
