export type FetchRefusal =
  'bad_url' | 'blocked_address' | 'not_https' | 'too_many_redirects' | 'timeout' | 'too_large' | 'unreachable'

// One sentence a reason: a closed port, a silent one and one that speaks SSH must read the same.
const TEXTS: Record<FetchRefusal, string> = {
  bad_url: 'The URL may not be fetched',
  blocked_address: 'The address may not be reached',
  not_https: 'Only https addresses are sent to',
  too_many_redirects: 'The URL redirects too often',
  timeout: 'The server took too long',
  too_large: 'The answer is too large',
  unreachable: 'The URL could not be fetched',
}

/** Why nothing was fetched. `byForm`: the look of the caller's own URL was enough to tell, no name was resolved. */
export class FetchRefused extends Error {
  override readonly name = 'FetchRefused'
  readonly reason: FetchRefusal
  readonly byForm: boolean

  constructor(reason: FetchRefusal, options: { byForm?: boolean; cause?: unknown } = {}) {
    super(TEXTS[reason], { cause: options.cause })
    this.reason = reason
    this.byForm = options.byForm ?? false
  }
}
