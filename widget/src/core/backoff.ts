const BASE = 500
/** Longer would leave people waiting after the server is back. */
const CAP = 15_000

/** Full jitter: any moment up to a bound that doubles with every failure, so that thousands do not come back at once. */
export function waitAfter(failures: number, random: () => number): number {
  return Math.round(random() * Math.min(CAP, BASE * 2 ** Math.min(failures, 10)))
}
