import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { JsonRefused, readJson } from '../json.ts'

/** Reads frames of a schema: null for what is none, whether it is other JSON or none at all. */
export function createFrameReader<Schema extends TSchema>(
  schema: Schema,
): (text: string) => Static<Schema> | null {
  const validator = Compile(schema)
  return (text) => {
    try {
      const frame = readJson(text)
      return validator.Check(frame) ? frame : null
    } catch (error) {
      if (error instanceof JsonRefused) return null
      throw error
    }
  }
}
