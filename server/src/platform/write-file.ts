import { randomBytes } from 'node:crypto'
import { link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface WriteFile {
  mode: number
  /** Who shall own the file, when we are root and write for somebody else. */
  owner?: { uid: number; gid: number } | undefined
}

/**
 * Puts a file in place whole or not at all, also when the power fails. It never follows a link that somebody planted
 * at `path`: the new file is made under a random name and renamed over whatever was there.
 */
export async function writeFileAtomically(path: string, text: string, { mode, owner }: WriteFile) {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const file = await open(draft, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.chmod(mode)
      if (owner) await file.chown(owner.uid, owner.gid)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncDirectory(dirname(path))
}

/** Makes the names in a directory durable. */
export async function syncDirectory(path: string) {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** Writes a file unless there is one. Of two processes at the same moment one wins, whole; both find the same text. */
export async function createFileOnce(path: string, text: string, mode: number) {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeFileAtomically(draft, text, { mode })
  try {
    await link(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await rm(draft, { force: true })
  }
  await syncDirectory(dirname(path))
}
