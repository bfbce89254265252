/** People and their passwords, in the sign-in store. */
export interface Passwords {
  /** A hash fit for storing; slow on purpose. */
  hash(password: string): Promise<string>
}
