import { link, mkdir, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Where a blob is, and where it goes while it is found out whether it may be removed. */
export interface BlobPlaces {
  path: string
  aside: string
}

type Removed = 'gone' | 'named' | 'young'

/** Bytes are named within a request of being stored, and none lasts as long. */
const YOUNG_MS = 15 * 60_000

/**
 * Removes a blob that nothing names. Somebody may store the same bytes at any moment, name them a moment later, and be another process:
 * so the blob is first taken aside, which leaves room for theirs, and only then it is asked whether it is young or named. What was
 * stored before is old enough to have its name by then, or never gets one; what is stored after has a file of its own.
 */
export async function removeBlob(places: BlobPlaces, isNamed: () => Promise<boolean>): Promise<Removed> {
  // Of one who died at it.
  if (await exists(places.aside)) await putBack(places)
  const reason = await whyStays(places.path, isNamed)
  if (reason === 'absent') return 'gone'
  if (reason) return reason
  await mkdir(dirname(places.aside), { recursive: true })
  if (!(await isDone(rename(places.path, places.aside)))) return 'gone'
  const second = await whyStays(places.aside, isNamed)
  if (second === 'named' || second === 'young') {
    await putBack(places)
    return second
  }
  await isDone(unlink(places.aside))
  return 'gone'
}

async function whyStays(
  path: string,
  isNamed: () => Promise<boolean>,
): Promise<'absent' | 'young' | 'named' | null> {
  const found = await stat(path).catch(() => null)
  if (!found) return 'absent'
  if (Date.now() - found.mtimeMs < YOUNG_MS) return 'young'
  return (await isNamed()) ? 'named' : null
}

/** Never over bytes that came meanwhile: they are the same, and younger. */
async function putBack({ path, aside }: BlobPlaces): Promise<void> {
  await isDone(link(aside, path))
  await isDone(unlink(aside))
}

const exists = async (path: string) => (await stat(path).catch(() => null)) !== null

/** False when somebody else was faster. */
async function isDone(work: Promise<void>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT' || code === 'EEXIST') return false
    throw error
  }
}
