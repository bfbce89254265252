import type { Account } from '../../domain/account.ts'
import type { Actor } from '../../domain/actor.ts'
import { refuse } from '../../domain/errors.ts'
import { allow } from '../../domain/permissions.ts'
import { EVERY_EVENT, hintOf, newSecret, type Webhook, type WebhookDialect } from '../../domain/webhook.ts'
import { updateAccount, type UpdateAccount } from '../accounts/update-account.ts'
import type { Query, Tools } from '../ports/house.ts'
import type { Transaction } from '../ports/transaction.ts'
import type { KeyedWebhook } from '../ports/webhooks.ts'
import { allowWebhooks, insertWebhook } from './create-webhook.ts'
import { deleteWebhook } from './delete-webhook.ts'
import { oldestWebhook } from './read-company.ts'
import { saveWebhook } from './update-webhook.ts'

export interface PointCompanyWebhook {
  dialect: WebhookDialect
  /** Where to tell what happens; null ends it, absent leaves it. */
  url?: string | null
  account: UpdateAccount
}

/**
 * Changes an account together with its one webhook of a dialect. An address that is given is called first, also when it is the one there
 * was: what does not answer as the dialect wants refuses all of it (`invalid`), and so does one that nothing would be sent to.
 */
export async function pointCompanyWebhook(
  tools: Tools,
  actor: Actor,
  input: PointCompanyWebhook,
): Promise<Account> {
  allow(actor, 'account.write')
  if (input.url !== undefined) allowWebhooks(actor)
  if (typeof input.url === 'string') await mustAnswer(tools, actor, input.dialect, input.url)
  return tools.act(saveCompany, actor, input)
}

async function mustAnswer(tools: Tools, actor: Actor, dialect: WebhookDialect, url: string): Promise<void> {
  const why = await tools.addresses.whyNot(url, { isHttpsOnly: true })
  if (why !== null) refuseUrl(why)
  const { speeches, attempt, deliveryId } = tools.webhooks
  const { keyed, account, now } = await tools.ask(findKeyed, actor, dialect)
  const webhook = keyed?.webhook ?? unsaved(tools, actor, { dialect, url, now })
  const eventKey = `test_${tools.ids.next().replaceAll('-', '')}`
  const { event, body } = speeches[dialect].test(webhook, { eventKey, at: now, account })
  const { error } = await attempt(
    { webhook: { ...webhook, url }, secrets: keyed?.secrets ?? [newSecret(tools.ids)] },
    { id: deliveryId(webhook.id, eventKey), eventKey, event, body: JSON.stringify(body) },
  )
  if (error !== null) refuseUrl(`the test call failed: ${error}`)
}

const refuseUrl = (reason: string): never => refuse('invalid', { field: 'webhookUrl', reason })

const findKeyed: Query<WebhookDialect, { keyed: KeyedWebhook | null; account: Account; now: Date }> = async (
  reader,
  _actor,
  dialect,
) => {
  const webhook = await oldestWebhook(reader, dialect)
  const secrets = webhook ? await reader.webhooks.secrets(webhook.id) : []
  const { now } = reader
  return { keyed: webhook && { webhook, secrets }, account: await reader.accounts.current(), now }
}

/** What the first call of a webhook to be is made as. */
function unsaved(
  { ids }: Pick<Tools, 'ids'>,
  { accountId }: Actor,
  { dialect, url, now }: { dialect: WebhookDialect; url: string; now: Date },
): Webhook {
  return {
    ...{ id: ids.next(), number: 0, accountId, dialect, url, description: null, events: [EVERY_EVENT] },
    ...{ headers: {}, signature: 'none', timeoutMs: null, maxAttempts: null, secretHint: hintOf('') },
    ...{ isActive: true, pause: null, failingSince: null, createdAt: now, updatedAt: now },
  }
}

async function saveCompany(tx: Transaction, actor: Actor, input: PointCompanyWebhook): Promise<Account> {
  if (input.url !== undefined) await point(tx, actor, { ...input, url: input.url })
  return updateAccount(tx, actor, input.account)
}

async function point(
  tx: Transaction,
  actor: Actor,
  { dialect, url }: { dialect: WebhookDialect; url: string | null },
): Promise<void> {
  // Two at once must not make two.
  await tx.webhooks.serialize()
  const known = await oldestWebhook(tx, dialect)
  if (url === null) {
    if (known) await deleteWebhook(tx, actor, { webhookId: known.id })
  } else if (!known) await insertWebhook(tx, actor, { dialect, url, signature: 'none' })
  else if (known.url !== url || !known.isActive)
    await saveWebhook(tx, actor, { webhookId: known.id, url, ...(!known.isActive && { isActive: true }) })
}
