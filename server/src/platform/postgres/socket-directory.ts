import { existsSync, lchownSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Owner } from './runner.ts'

/** A socket's whole path fits 103 bytes on every system; `/.s.PGSQL.5432` takes 14 of them. */
const LONGEST = 89

/** Beside the data, where only its user and root come; in a private folder under /tmp when that path is too long. */
export function chooseSocketDirectory(directory: string, name: string, owner: Owner | null): string {
  if (Buffer.byteLength(directory) <= LONGEST) return directory
  // The same name at each start, so that crashes do not litter; another one when somebody else sits on it.
  const usual = join(owner ? '/tmp' : tmpdir(), name)
  if (isOurs(usual, owner)) return usual
  const isTaken = existsSync(usual)
  const place = isTaken ? mkdtempSync(`${usual}-`) : usual
  if (!isTaken) mkdirSync(place, { mode: 0o700 })
  if (owner) lchownSync(place, owner.uid, owner.gid)
  return place
}

export function removeSocketDirectory(socketDirectory: string, directory: string) {
  if (socketDirectory !== directory) rmSync(socketDirectory, { recursive: true, force: true })
}

function isOurs(path: string, owner: Owner | null): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found?.isDirectory() || found.mode & 0o077) return false
  return found.uid === (owner?.uid ?? process.getuid?.())
}
