import { DatabaseError } from 'pg'
import { refuse, type ErrorDetails } from '../domain/errors.ts'

/** Two at once may ask for the same name; the index lets one have it, and the other is refused: `conflict`. */
export function takenIf(constraint: string, details: ErrorDetails): (error: unknown) => never {
  return (error) => {
    if (error instanceof DatabaseError && error.constraint === constraint) refuse('conflict', details, error)
    throw error
  }
}
