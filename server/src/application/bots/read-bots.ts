import type { Actor } from '../../domain/actor.ts'
import type { Bot } from '../../domain/bot.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import type { Keyset, Reader } from '../ports/reader.ts'

/** A page by number. */
export async function pageBots(reader: Reader, actor: Actor, keyset: Keyset): Promise<Bot[]> {
  allow(actor, 'bot.read')
  return reader.bots.page(keyset)
}

/** Refuses `not_found`. */
export async function getBot(reader: Reader, actor: Actor, input: { bot: Ref }): Promise<Bot> {
  allow(actor, 'bot.read')
  return (await reader.bots.find(input.bot)) ?? refuse('not_found', { what: 'bot' })
}
