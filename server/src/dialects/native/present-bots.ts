import type { Bot } from '../../domain/bot.ts'
import { publicId } from './ids.ts'
import type { BotBody } from './schema/bots.ts'

export function presentBot({ id, number, name, createdAt, updatedAt }: Bot): BotBody {
  return {
    id: publicId('bot', id),
    ...{ number, name },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}
