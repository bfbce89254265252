import type { Account } from '../../domain/account.ts'
import { allow } from '../../domain/permissions.ts'
import type { Webhook, WebhookDialect } from '../../domain/webhook.ts'
import type { Query } from '../ports/house.ts'
import type { Reader } from '../ports/reader.ts'

/** An account as a dialect sees it that knows one webhook an account: its oldest. */
export interface Company {
  account: Account
  /** Null without one, and for whoever may not read webhooks: an address may hold credentials. */
  webhookUrl: string | null
}

/** The oldest webhook of a dialect, for whoever is let in already. */
export async function oldestWebhook(reader: Reader, dialect: WebhookDialect): Promise<Webhook | null> {
  return (await reader.webhooks.list()).find((webhook) => webhook.dialect === dialect) ?? null
}

/** The actor's own account, with where a dialect tells what happens in it. */
export const readCompany: Query<{ dialect: WebhookDialect }, Company> = async (
  reader,
  actor,
  { dialect },
) => {
  allow(actor, 'account.read')
  const account = await reader.accounts.current()
  const isShown = actor.permissions.has('webhook.read') && actor.reach.kind === 'all'
  const webhook = isShown ? await oldestWebhook(reader, dialect) : null
  return { account, webhookUrl: webhook?.url ?? null }
}
