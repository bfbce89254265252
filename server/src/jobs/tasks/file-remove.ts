export interface FileRemoveParts {
  /** Whether any account names the bytes. */
  isNamed(digest: string): Promise<boolean>
  remove(digest: string, isNamed: () => Promise<boolean>): Promise<'gone' | 'named' | 'young'>
  /** Has these looked at again later. */
  enqueueLater(digests: string[], delayMs: number): Promise<void>
}

/** As long as a stored file counts as young. */
const LATER_MS = 15 * 60_000

/** `file.remove {digests}`: removes the bytes of files that nothing names any more. Any part of it may be done again. */
export function createFileRemove(parts: FileRemoveParts) {
  return async (payload: unknown): Promise<void> => {
    const young: string[] = []
    for (const digest of parseDigests(payload)) {
      const removed = await parts.remove(digest, () => parts.isNamed(digest))
      if (removed === 'young') young.push(digest)
    }
    if (young.length > 0) await parts.enqueueLater(young, LATER_MS)
  }
}

function parseDigests(payload: unknown): string[] {
  const { digests } = Object(payload) as Record<string, unknown>
  if (!Array.isArray(digests) || !digests.every((digest) => typeof digest === 'string'))
    throw new Error('the job names no files')
  return digests
}
