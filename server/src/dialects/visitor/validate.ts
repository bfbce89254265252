import { DomainError } from '../../domain/errors.ts'
import { createStrictValidation } from '../../platform/strict-validation.ts'

/** What the schemas say, in our words of refusal. */
export const validateStrictly = createStrictValidation((fault) => new DomainError('invalid', fault))
