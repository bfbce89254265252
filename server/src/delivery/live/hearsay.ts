import type { House, Query } from '../../application/ports/house.ts'
import type { Follower, Heard } from '../../application/ports/live.ts'
import type { Holding } from '../../application/ports/live-reader.ts'
import { systemActor, type Actor } from '../../domain/actor.ts'
import { EVERY_PERMISSION, isWithin } from '../../domain/permissions.ts'

interface Hearsay {
  accountId: string
  followers: ReadonlySet<Follower>
  heard: Heard
}

/** Who is told what is heard, and what of it. Who holds the conversations that are spoken of is asked only when somebody does not see all. */
export async function heardBy(
  house: Pick<House, 'ask'>,
  { accountId, followers, heard }: Hearsay,
): Promise<{ follower: Follower; told: Heard }[]> {
  const isAnybodyBlinkered = [...followers].some((follower) => follower.actor().reach.kind !== 'all')
  const named = conversationsIn(heard)
  const holdings =
    isAnybodyBlinkered && named.length > 0
      ? await house.ask(findHoldings, systemActor(accountId, EVERY_PERMISSION), named)
      : null
  return [...followers].flatMap((follower) => {
    const told = partFor(follower.actor(), heard, holdings)
    return told ? { follower, told } : []
  })
}

function conversationsIn(heard: Heard): string[] {
  if (heard.type === 'typing') return [heard.conversationId]
  return heard.type === 'viewing' ? heard.conversationIds : []
}

const findHoldings: Query<string[], Map<string, Holding>> = (reader, _actor, ids) => reader.live.holdings(ids)

/** Null for what is not before them. */
function partFor(
  { permissions, reach }: Actor,
  heard: Heard,
  holdings: Map<string, Holding> | null,
): Heard | null {
  const isBefore = (id: string) => {
    const holding = holdings?.get(id)
    return reach.kind === 'all' || (holding !== undefined && isWithin(reach, holding))
  }
  if (heard.type === 'typing')
    return permissions.has('conversation.read') && isBefore(heard.conversationId) ? heard : null
  if (!permissions.has('operator.read')) return null
  if (heard.type === 'presence' || reach.kind === 'all') return heard
  return { ...heard, conversationIds: heard.conversationIds.filter(isBefore) }
}
