/** One of the two names of a public row: its UUID or its integer. A dialect speaks one of them. */
export type Ref = { id: string } | { number: number }

/** True when the ref names this row. */
export function names(ref: Ref, row: { id: string; number: number }): boolean {
  return 'id' in ref ? ref.id === row.id : ref.number === row.number
}

/** JSON as it may be stored: no functions, no undefined. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }
