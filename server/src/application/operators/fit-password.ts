import { refuse } from '../../domain/errors.ts'

const SHORTEST = 8
/** Longer passwords only cost the server time. */
const LONGEST = 256

/** The password, if it can be one. Refuses `invalid`. */
export function fitPassword(password: string, field = 'password'): string {
  if (password.length < SHORTEST)
    refuse('invalid', { field, reason: `Password is shorter than ${SHORTEST} characters.` })
  if (password.length > LONGEST)
    refuse('invalid', { field, reason: `Password is longer than ${LONGEST} characters.` })
  return password
}
