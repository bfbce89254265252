import type { House, Tools } from '../application/ports/house.ts'
import { createAppendQueue } from '../application/messages/append-queue.ts'
import { allow } from '../domain/permissions.ts'
import type { Storage } from '../storage/house.ts'
import { passwords } from '../storage/people.ts'

type Given =
  | 'files'
  | 'ids'
  | 'liveFeed'
  | 'signals'
  | 'mail'
  | 'signIn'
  | 'memberships'
  | 'addresses'
  | 'visitorProofs'
  | 'webhooks'

/** The house as doors see it, over one storage. */
export function createHouse(
  parts: { storage: Storage; onAppended(messages: number): void } & Pick<Tools, Given>,
): Tools {
  const { storage, onAppended, ...given } = parts
  const queue = createAppendQueue(storage.runBatch, onAppended)
  const house: House = {
    act: (useCase, actor, input) => storage.transact(actor, (tx) => useCase(tx, actor, input)),
    ask: (query, actor, input) => storage.read(actor, (reader) => query(reader, actor, input)),
    perform: (procedure, actor, input) => procedure(tools, actor, input),
    append: async (actor, append) => {
      const isInbound = 'contact' in append.speaker || append.echo !== undefined
      allow(actor, isInbound ? 'channel.speak' : 'message.write')
      return queue({
        accountId: actor.accountId,
        actorOperatorId: actor.operatorId,
        reach: actor.reach,
        append,
      })
    },
  }
  const tools: Tools = { ...house, ...given, passwords }
  return tools
}
