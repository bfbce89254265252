import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { DomainError } from '../../domain/errors.ts'

/** Checks what the schemas say, as it stands: nothing is coerced, defaulted or taken away. */
export const validateStrictly: FastifySchemaCompiler<TSchema> = ({ schema }) => {
  const validator = Compile(schema)
  return (value: unknown) => {
    if (validator.Check(value)) return { value }
    const [first] = validator.Errors(value)
    const field = first?.instancePath.slice(1).replaceAll('/', '.') || 'body'
    const reason = `${field} ${first?.message ?? 'is invalid'}.`
    return { error: new DomainError('invalid', { field, reason }) }
  }
}
