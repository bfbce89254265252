import { isUtf8 } from 'node:buffer'
import { parse } from 'qs'
import { refuse } from '../../domain/errors.ts'
import { readJson } from '../../platform/json.ts'
import type { Params } from './fields.ts'

/** Bounds against bodies that are made to be slow; `arrayLimit` is also the longest `name[]` kept as an array. */
const FORM = {
  depth: 6,
  arrayLimit: 200,
  parameterLimit: 1000,
  plainObjects: true,
  ignoreQueryPrefix: true,
} as const

const NAME = /^[A-Za-z_]\w*$/

/** `a=1&b[]=2&c[d]=3` in Rails' and PHP's syntax. No key can reach a prototype. */
export function parseForm(text: string): Params {
  return parse(text, FORM)
}

/** Parameters in the query string of a URL. */
export function parseQuery(url: string): Params {
  const start = url.indexOf('?')
  return start === -1 ? {} : parseForm(url.slice(start + 1))
}

/** The same syntax, from a multipart form's fields. */
export function parseFields(fields: [name: string, value: string][]): Params {
  return parseForm(new URLSearchParams(fields).toString())
}

/**
 * Any body but a multipart one, whatever its Content-Type says: the Python SDK sends forms that it calls JSON, and
 * other clients the reverse. Refuses `invalid` for what is neither.
 */
export function parseBody(bytes: Buffer, contentType: string): Params {
  if (bytes.length === 0) return {}
  if (!isUtf8(bytes)) refuse('invalid', { reason: 'The body is not UTF-8 text' })
  const text = bytes.toString('utf8').trim()
  if (text === '') return {}
  const isJson = /[/+]json\b/i.test(contentType) || text.startsWith('{')
  if (!isJson) return parseForm(text)
  return (
    parseJson(text) ??
    parseMisnamedForm(text) ??
    refuse('invalid', { reason: 'The body is not a JSON object' })
  )
}

function parseJson(text: string): Params | null {
  try {
    const value: unknown = readJson(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value))
      : null
  } catch {
    return null
  }
}

/** Broken JSON must not pass for a form with one odd name. */
function parseMisnamedForm(text: string): Params | null {
  if (!text.includes('=') || /^[{["]/.test(text)) return null
  const form = parseForm(text)
  return Object.keys(form).some((name) => NAME.test(name)) ? form : null
}
