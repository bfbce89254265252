import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { DomainError } from '../../domain/errors.ts'
import { createStrictValidation } from '../../platform/strict-validation.ts'

/** What the schemas say, in our words of refusal. */
export const validateStrictly = createStrictValidation((fault) => new DomainError('invalid', fault))

/** The same, where a form may come in place of a JSON body: it is looked at as it is read. */
export const validateUnlessForm: FastifySchemaCompiler<TSchema> = (route) => {
  const validate = validateStrictly(route)
  return (given: unknown) =>
    route.httpPart === 'body' && given === null ? { value: given } : validate(given)
}
