import type { Reply } from './house.ts'

/** Chance alone is past the bar of a short form once in three hundred times: what is past it three times running is no chance. */
export const AGAIN = { retry: 2 }

/** How likely a known person's answer takes longer than a stranger's: 0.5 tells nothing. */
export function areaUnderCurve(known: number[], unknown: number[]): number {
  let longer = 0
  for (const one of known) for (const other of unknown) longer += one > other ? 1 : one === other ? 0.5 : 0
  return longer / (known.length * unknown.length)
}

export async function timed(work: () => Promise<Reply>): Promise<{ reply: Reply; ms: number }> {
  const begunAt = performance.now()
  const reply = await work()
  return { reply, ms: performance.now() - begunAt }
}

/** An answer without what is new in each. */
export const told = ({ status, text }: Reply) => `${status} ${text.replace(/req_[\w-]+/g, '')}`
