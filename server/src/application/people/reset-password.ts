import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import type { Operator } from '../../domain/operator.ts'
import { allow, allowGranting } from '../../domain/permissions.ts'
import type { Ref } from '../../domain/ref.ts'
import { powersOf } from '../../domain/role.ts'
import type { Tools } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'
import type { Whereabouts } from '../ports/sign-in.ts'
import { resetLetter } from './letters.ts'

/**
 * A link for an operator who cannot come in, for whoever manages them to hand on. Refuses `forbidden` for an operator who can do more, and
 * `conflict` for a person who works in another account too: one account must not open another.
 */
export async function makeResetLink(
  tools: Tools,
  actor: Actor,
  input: { operator: Ref; linkOf(token: string): string; from: Whereabouts },
): Promise<{ link: string }> {
  const { email } = await tools.ask(findResettable, actor, { operator: input.operator })
  const found = email === null ? null : await tools.signIn.requestReset(email, input.from)
  if (!found) return refuse('conflict', { what: 'operator', reason: 'The operator cannot sign in.' })
  const memberships = await tools.memberships.list(found.person.id)
  if (memberships.some(({ account }) => account.id !== actor.accountId))
    refuse('conflict', {
      what: 'operator',
      reason: 'The operator works in another account too, and has to ask for the link themselves.',
    })
  await found.tell()
  return { link: input.linkOf(found.token) }
}

async function findResettable(
  reader: Reader,
  actor: Actor,
  { operator: ref }: { operator: Ref },
): Promise<Operator> {
  allow(actor, 'operator.write')
  const operator = (await reader.operators.find(ref)) ?? refuse('not_found', { what: 'operator' })
  const custom = operator.roleId === null ? null : await reader.roles.find(operator.roleId)
  allowGranting(actor, powersOf(operator, custom).permissions)
  return operator
}

/** Sends the link by mail, if there is such a person and a server for mail; nobody is told which. `onFailure` hears of a letter that was not taken. */
export async function askForReset(
  tools: Tools,
  _actor: Actor,
  input: {
    email: string
    from: Whereabouts
    linkOf(token: string): string
    onFailure(error: unknown): void
  },
): Promise<void> {
  const found = await tools.signIn.requestReset(input.email, input.from)
  if (!found) return
  // Not waited for: that would tell who is known by how long it takes.
  found.tell().catch(input.onFailure)
  tools.mail
    ?.send(resetLetter({ to: found.person.email, link: input.linkOf(found.token) }))
    .catch(input.onFailure)
}
