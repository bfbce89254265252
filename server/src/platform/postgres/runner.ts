import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { chownSync, lchownSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { StartError } from '../start-error.ts'

export interface Owner {
  uid: number
  gid: number
}

/** Who runs PostgreSQL's programs, and how they are told where the data is. */
export interface Runner {
  /** The unprivileged owner when we are root; null: ourselves. */
  owner: Owner | null
  /** Our own name on this system: the only one the database lets in. */
  client: string
  /** How a program that works inside `directory` calls it. */
  path(directory: string): string
  spawn(program: string, args: string[], options: { cwd: string; stdio: StdioOptions }): ChildProcess
}

/**
 * PostgreSQL refuses to run as root, so root hands it to the owner of the data, or to `nobody`.
 *
 * That user often cannot walk to the data: /root is closed to others, and so is a data folder we make. A process that
 * starts inside a directory may still use it, and `/proc/self/cwd` is a name for it which needs no walk. PostgreSQL
 * never leaves its data directory, so the name holds for all of its processes.
 */
export function chooseRunner(directory: string): Runner {
  const owner = process.getuid?.() === 0 ? ownerFor(directory) : null
  if (owner && process.platform !== 'linux') {
    throw new StartError(
      'PostgreSQL does not run as root here: start Parley as an ordinary user or set DATABASE_URL',
    )
  }
  return {
    owner,
    client: clientName(),
    path: (place) => (owner ? '/proc/self/cwd' : place),
    spawn: (program, args, options) =>
      spawn(program, args, {
        ...options,
        ...owner,
        // A session of its own: Ctrl-C in the terminal is for us, and we stop the database last.
        detached: true,
        env: { LC_ALL: 'C', PATH: process.env.PATH },
      }),
  }
}

/** Refuses data of another user, and as root takes over data that was copied by root. */
export function takeOwnership(directory: string, owner: Owner | null) {
  const found = statSync(directory).uid
  if (owner) return found === owner.uid ? undefined : giveAway(directory, owner)
  if (process.getuid && found !== process.getuid()) {
    throw new StartError(
      `${directory} belongs to the user with id ${found}: start Parley as before, or chown it`,
    )
  }
}

function giveAway(directory: string, owner: Owner) {
  for (const entry of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    lchownSync(join(directory, entry), owner.uid, owner.gid)
  }
  chownSync(directory, owner.uid, owner.gid)
}

function ownerFor(directory: string): Owner {
  const found = statSync(directory, { throwIfNoEntry: false })
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : nobody()
}

function nobody(): Owner {
  const line = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  if (!line) {
    throw new StartError(
      'PostgreSQL does not run as root, and there is no user "nobody" to run it: set DATABASE_URL',
    )
  }
  return { uid: Number(line[1]), gid: Number(line[2]) }
}

function clientName(): string {
  try {
    return userInfo().username
  } catch (error) {
    throw new StartError(
      `The user id ${process.getuid?.()} has no name on this system, which PostgreSQL needs: give it one or set DATABASE_URL`,
      error,
    )
  }
}
