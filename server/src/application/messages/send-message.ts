import type { Actor } from '../../domain/actor.ts'
import { allow } from '../../domain/permissions.ts'
import type { Tools } from '../ports/house.ts'
import type { Append, Appended } from './append.ts'

/** Appends one message from our side, together with whatever else is being appended at the moment. */
export async function sendMessage(tools: Tools, actor: Actor, append: Append): Promise<Appended> {
  allow(actor, 'message.write')
  return tools.append(actor, append)
}
