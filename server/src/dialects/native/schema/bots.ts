import type { Static } from 'typebox'
import { Type } from 'typebox'
import { born, publicIdOf } from './fields.ts'

const name = Type.String({ minLength: 1, maxLength: 255 })

export const BotBody = Type.Object({
  id: publicIdOf('bot'),
  number: Type.Integer(),
  name: Type.String(),
  ...born,
})
export type BotBody = Static<typeof BotBody>

export const CreateBotBody = Type.Object({ name }, { additionalProperties: false })
export type CreateBotBody = Static<typeof CreateBotBody>

export const UpdateBotBody = Type.Object({ name: Type.Optional(name) }, { additionalProperties: false })
export type UpdateBotBody = Static<typeof UpdateBotBody>

export const DeleteBotQuery = Type.Object(
  {
    transferTo: Type.Optional(
      Type.String({
        description:
          'Who gets the conversations it handles: `op_…` or `bot_…`. Without it they refuse it: 409.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type DeleteBotQuery = Static<typeof DeleteBotQuery>
