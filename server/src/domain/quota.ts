/** What whoever asks may still ask before it is too much. */
export interface Quota {
  /** Requests a minute. */
  limit: number
  remaining: number
  /** When all of the limit is there again, if nothing more is asked. */
  resetAt: Date
}
