import type { Actor } from '../../domain/actor.ts'
import type { Operator } from '../../domain/operator.ts'
import type { Procedure, Tools } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { Append, Appended } from './append.ts'
import type { SendFile } from './send-file.ts'
import { sendFile } from './send-file.ts'
import { sendMessage } from './send-message.ts'

/** A message with the operator who wrote it, for doors that show authors in full. */
export interface Signed extends Appended {
  /** Null when the contact wrote it, or an operator who has been deleted since. */
  operator: Operator | null
}

/** Sends a message and says in full who signed it. */
export const sendSignedMessage: Procedure<Append, Signed> = async (tools, actor, append) =>
  sign(tools, actor, await sendMessage(tools, actor, append))

/** Fetches and sends a file and says in full who signed it. */
export const sendSignedFile: Procedure<SendFile, Signed> = async (tools, actor, input) =>
  sign(tools, actor, await sendFile(tools, actor, input))

/** A contact's message, the usual one, costs no further question. */
async function sign(tools: Tools, actor: Actor, appended: Appended): Promise<Signed> {
  const { author } = appended.message
  const operator = author.kind === 'operator' ? await tools.ask(findOperator, actor, author.id) : null
  return { ...appended, operator }
}

async function findOperator(reader: Reader, _actor: Actor, id: string | null): Promise<Operator | null> {
  return id === null ? null : reader.operators.find({ id })
}
