import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

/** How a door refuses what a schema does not allow. */
export type ValidationRefusal = (fault: { field: string; reason: string }) => Error

/** Checks what the schemas say, as it stands: nothing is coerced, defaulted or taken away. */
export const createStrictValidation =
  (refusal: ValidationRefusal): FastifySchemaCompiler<TSchema> =>
  ({ schema, httpPart }) => {
    const validator = Compile(schema)
    const isQuery = httpPart === 'querystring'
    return (given: unknown) => {
      const value = isQuery ? readIntegers(schema, given) : given
      if (validator.Check(value)) return { value }
      const [first] = validator.Errors(value)
      const field = first?.instancePath.slice(1).replaceAll('/', '.') || (isQuery ? 'query' : 'body')
      const said = first?.keyword === 'boolean' ? 'is not known here' : (first?.message ?? 'is invalid')
      return { error: refusal({ field, reason: `${field} ${said}.` }) }
    }
  }

const INTEGER = /^(0|-?[1-9]\d{0,14})$/

/** A query is all text: what its schema calls an integer is read as one where it is written as one. */
function readIntegers(schema: TSchema, query: unknown): unknown {
  const { properties = {} } = schema as { properties?: Record<string, { type?: string }> }
  return Object.fromEntries(
    Object.entries(Object(query)).map(([name, value]) => {
      const isInteger = Object.hasOwn(properties, name) && properties[name]?.type === 'integer'
      return [name, isInteger && typeof value === 'string' && INTEGER.test(value) ? Number(value) : value]
    }),
  )
}
