import type { PointCompanyWebhook } from '../../application/webhooks/point-company-webhook.ts'
import type { Params } from './fields.ts'
import { flagOf, invalid, nameOf, phoneOf, textOf } from './fields.ts'

const LONGEST_DESCRIPTION = 2000

/** Only the keys present change; empty and null clear what may be empty. */
export function acceptCompany(params: Params): Omit<PointCompanyWebhook, 'dialect'> {
  // Nothing here shows companies, so that there is nothing to hide.
  flagOf(params, 'hidden')
  const name = nameOf(params, 'name')
  const url = acceptUrl(params)
  return {
    ...(url !== undefined && { url }),
    account: {
      ...(name !== undefined && { name }),
      ...('phone' in params && { phone: phoneOf(params, 'phone') ?? null }),
      ...('description' in params && { description: acceptDescription(params) }),
    },
  }
}

function acceptDescription(params: Params): string | null {
  const description = textOf(params, 'description')?.trim() || null
  return description && description.length > LONGEST_DESCRIPTION
    ? invalid('description', `must not be more than ${LONGEST_DESCRIPTION} symbols`)
    : description
}

function acceptUrl(params: Params): string | null | undefined {
  return 'webhook_url' in params ? textOf(params, 'webhook_url')?.trim() || null : undefined
}
