import { Type } from 'typebox'
import type { TSchema } from 'typebox'

const refusal = Type.Object(
  {
    error: Type.Union([Type.String(), Type.Record(Type.String(), Type.String())], {
      description: 'A sentence; for some invalid input, sentences by attribute.',
    }),
    status: Type.Integer({ description: 'The HTTP status again' }),
  },
  { title: 'Refusal' },
)

/** Every success is told twice, by the HTTP status and in the body. */
const success = (data: TSchema) => Type.Object({ status: Type.Literal(200), data })

/** What a route of this dialect answers. */
export const answers = (data: TSchema) => ({
  200: success(data),
  400: refusal,
  401: refusal,
  default: refusal,
})
