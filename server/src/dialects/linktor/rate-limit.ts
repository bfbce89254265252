import type { Quota } from '../../domain/quota.ts'

/** The vendor's headers. A token that nothing limits has no number to tell, and gets none. */
export function quotaHeaders({ limit, remaining, resetAt }: Quota): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.ceil(resetAt.getTime() / 1000)),
  }
}
