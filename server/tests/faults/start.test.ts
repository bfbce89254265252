// The real program, started, killed and stopped as people and machines do it.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  copyDataDir,
  databaseProcesses,
  isAlive,
  makeDataDir,
  newFolder,
  NOBODY,
  query,
  launchCli,
  startCli,
  until,
  type Started,
} from './program.ts'

const isRoot = process.getuid?.() === 0

const prepared = newFolder()
beforeAll(async () => {
  const server = await launchCli({ dataDir: prepared }).listening()
  await remember(server, 'before')
  await server.stop()
})
afterAll(() => rmSync(prepared, { recursive: true, force: true }))

/** A directory on which a server has run before, at another place, and where it remembers `before`. */
const usedDataDir = () => copyDataDir(prepared)

async function remember(server: Started, value: string) {
  await query(server, 'create table if not exists remembered (value text)')
  await query(server, 'insert into remembered values ($1)', [value])
}

async function recall(server: Started): Promise<unknown[]> {
  return (await query(server, 'select value from remembered order by 1')).map((row) => row.value)
}

describe('stopping', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s stops the database too, within 5 s', async (signal) => {
    const server = await startCli({ dataDir: usedDataDir() }).listening()
    expect(databaseProcesses(server).length).toBeGreaterThan(0)
    const began = performance.now()
    server.child.kill(signal)
    expect((await server.ended).code).toBe(0)
    expect(performance.now() - began).toBeLessThan(5000)
    expect(databaseProcesses(server)).toEqual([])
  })

  test('a signal during the start leaves nothing running, and a directory that starts', async () => {
    const dataDir = makeDataDir()
    const early = startCli({ dataDir })
    await until('initdb has begun', () => readdirSync(dataDir).some((name) => name.startsWith('postgres')))
    early.child.kill('SIGINT')
    await early.ended
    await remember(await startCli({ dataDir }).listening(), 'a')
  })

  test('a second signal ends the program at once', async () => {
    const server = await startCli({ dataDir: usedDataDir() }).listening()
    server.child.kill('SIGINT')
    server.child.kill('SIGTERM')
    await server.ended
    await until('no database process is left', () => databaseProcesses(server).length === 0)
  })
})

describe('being killed', () => {
  test('kill -9 of the server: the next start ends the orphan and has all data', async () => {
    const dataDir = usedDataDir()
    const first = await startCli({ dataDir }).listening()
    await remember(first, 'kept')
    const orphans = databaseProcesses(first)
    first.child.kill('SIGKILL')
    await first.ended
    expect(orphans.some(isAlive)).toBe(true)

    const next = await startCli({ dataDir }).listening()
    expect(await recall(next)).toEqual(['before', 'kept'])
    expect(databaseProcesses(next).filter((pid) => orphans.includes(pid))).toEqual([])
  })

  test('kill -9 of the server and of its database, backends left behind', async () => {
    const dataDir = usedDataDir()
    const first = await startCli({ dataDir }).listening()
    await remember(first, 'kept')
    // A backend that is busy does not notice the death of its server.
    const busy = query(first, 'select pg_sleep(30)').catch(() => undefined)
    await until('a backend sleeps', async () => {
      const rows = await query(first, "select from pg_stat_activity where query like 'select pg_sleep%'")
      return rows.length > 0
    })
    first.child.kill('SIGKILL')
    process.kill(first.postmaster(), 'SIGKILL')
    await first.ended

    const next = await startCli({ dataDir }).listening()
    await busy
    expect(await recall(next)).toEqual(['before', 'kept'])
  })

  test('kill -9 of the database: the server brings it back by itself', async () => {
    const server = await startCli({ dataDir: usedDataDir() }).listening()
    await remember(server, 'kept')
    const killed = server.postmaster()
    process.kill(killed, 'SIGKILL')
    await until('the database is another process', () => server.postmaster() !== killed)
    await until(
      'the server is ready again',
      async () => (await fetch(`${server.origin}/ready`)).status === 200,
    )
    expect(await recall(server)).toEqual(['before', 'kept'])
    expect(isAlive(server.child.pid ?? 0)).toBe(true)
  })

  test('kill -9 at many moments of the first start leaves a directory that starts', async () => {
    const dataDir = makeDataDir()
    const moments = ['parley.lock', 'postgres.new-', 'postgres', 'postgres/postmaster.pid']
    for (const moment of moments) {
      const early = startCli({ dataDir })
      await until(`${moment} is there`, () => hasBegun(dataDir, moment))
      early.child.kill('SIGKILL')
      await early.ended
    }
    const server = await startCli({ dataDir }).listening()
    await remember(server, 'a')
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres.new-'))).toEqual([])
  })

  function hasBegun(dataDir: string, moment: string): boolean {
    if (existsSync(join(dataDir, moment))) return true
    return (
      existsSync(dataDir) &&
      readdirSync(dataDir).some((name) => moment.endsWith('-') && name.startsWith(moment))
    )
  }
})

describe('what a crash leaves behind', () => {
  test('lock files that name a live process of somebody else do not refuse the start', async () => {
    const dataDir = usedDataDir()
    // The pids are those of this test: alive, and no Parley.
    const pid = `${process.pid}`
    writeFileSync(join(dataDir, 'parley.pid'), pid)
    writeFileSync(
      join(dataDir, 'postgres/postmaster.pid'),
      `${pid}\n${dataDir}/postgres\n1\n5432\n.\n\n0 0\nready\n`,
    )
    writeFileSync(join(dataDir, 'postgres/.s.PGSQL.5432.lock'), `${pid}\n${dataDir}/postgres\n1\n5432\n.\n`)
    expect(await recall(await startCli({ dataDir }).listening())).toEqual(['before'])
  })

  test('a directory that was moved starts at its new place', async () => {
    const dataDir = join(makeDataDir(), 'elsewhere')
    execFileSync('mv', [usedDataDir(), dataDir])
    expect(await recall(await startCli({ dataDir }).listening())).toEqual(['before'])
  })
})

describe('a start that fails says why, in one line each', () => {
  test('a second server on the directory', async () => {
    const dataDir = usedDataDir()
    const first = await startCli({ dataDir }).listening()
    const second = await startCli({ dataDir }).ended
    expect(second).toEqual({
      code: 1,
      stderr: `parley: Another Parley (process ${first.child.pid}) is running on ${dataDir}\n`,
    })
    expect((await fetch(`${first.origin}/ready`)).status).toBe(200)
  })

  test('a taken port', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await until('the port is taken', () => other.listening)
    const address = other.address()
    const port = address && typeof address === 'object' ? address.port : 0
    const dataDir = usedDataDir()
    const failed = startCli({ dataDir, env: { PORT: String(port) } })
    const { code, stderr } = await failed.ended
    expect(code).toBe(1)
    expect(stderr).toMatch(
      new RegExp(`^parley: Cannot listen on 127\\.0\\.0\\.1 port ${port}: the port is taken[^\\n]*\\n$`),
    )
    expect(databaseProcesses({ dataDir })).toEqual([])
  })

  test('an unreachable database, without its password', async () => {
    const env = { DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/parley' }
    const { code, stderr } = await startCli({ dataDir: makeDataDir(), env }).ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^parley: The database parley at 127\.0\.0\.1:1 cannot be reached: [^\n]+\n$/)
    expect(stderr).not.toContain('hunter2')
  })

  test('wrong settings, all of them', async () => {
    const env = { PORT: 'x', PARLEY_SECRET: ' ', PARLEY_ROLES: 'cook', DATABASE_URL: '' }
    const { code, stderr } = await startCli({ dataDir: makeDataDir(), env }).ended
    expect(code).toBe(1)
    const lines = stderr.trim().split('\n')
    expect(lines).toHaveLength(4)
    for (const line of lines) expect(line).toMatch(/^parley: \w+ must be /)
  })

  test('a folder that cannot be', async () => {
    const { code, stderr } = await startCli({ dataDir: '/dev/null/parley' }).ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^parley: [^\n]*\/dev\/null\/parley[^\n]*\n$/)
  })

  test('data of another PostgreSQL', async () => {
    const dataDir = usedDataDir()
    writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '17\n')
    const { code, stderr } = await startCli({ dataDir }).ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^parley: [^\n]* was made by PostgreSQL 17, this is 18[^\n]*\n$/)
  })

  test('an unknown command', async () => {
    const { code, stderr } = await startCli({ dataDir: makeDataDir(), args: ['sing'] }).ended
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'parley: There is no command "sing": try serve, demo, account, operator, token, channel, webhooks or --help\n',
    })
  })
})

describe('where it runs', () => {
  test.skipIf(!isRoot)('as root in a folder whose parents nobody else can enter', async () => {
    const dataDir = join(makeDataDir(), 'closed', 'data')
    execFileSync('install', ['-d', '-m', '0700', join(dataDir, '..')])
    const server = await startCli({ dataDir }).listening()
    await remember(server, 'kept')
    await server.stop()
    const again = await startCli({ dataDir }).listening()
    expect(await recall(again)).toEqual(['kept'])
    expect(readFileSync(`/proc/${again.postmaster()}/status`, 'utf8')).toMatch(/^Uid:\s+(?!0\b)/m)
  })

  test.skipIf(!isRoot)('as root on data that was copied by root', async () => {
    const dataDir = join(makeDataDir(), 'copy')
    execFileSync('cp', ['-r', usedDataDir(), dataDir])
    expect(await recall(await startCli({ dataDir }).listening())).toEqual(['before'])
  })

  test('in a folder with a long name, spaces and foreign letters', async () => {
    const dataDir = join(makeDataDir(), 'where it lies ü & 日本', 'x'.repeat(120))
    const server = await startCli({ dataDir }).listening()
    await remember(server, 'kept')
    expect(await recall(server)).toEqual(['kept'])
    await server.stop()
  })

  test.skipIf(!isRoot || !NOBODY.canRun)('as an ordinary user, with files nobody else can read', async () => {
    const dataDir = makeDataDir(NOBODY)
    const server = await startCli({ dataDir, user: NOBODY }).listening()
    expect((await fetch(`${server.origin}/ready`)).status).toBe(200)
    expect(readFileSync(`/proc/${server.postmaster()}/status`, 'utf8')).toMatch(
      new RegExp(`^Uid:\\s+${NOBODY.uid}`, 'm'),
    )
    await server.stop()
    const modes = execFileSync('find', [dataDir, '-type', 'f', '-perm', '/077'])
    expect(modes.toString()).toBe('')
  })

  test('the database lets in no other user, durability is on, and case is folded for all letters', async () => {
    const server = await startCli({ dataDir: usedDataDir() }).listening()
    const hba = readFileSync(join(server.dataDir, 'postgres/pg_hba.conf'), 'utf8')
    expect(hba).toBe('local all parley peer map=parley\n')
    expect(await query(server, "select setting from pg_settings where name = 'listen_addresses'")).toEqual([
      { setting: '' },
    ])
    // To be somebody else takes root.
    if (isRoot) await expect(server.connectAs(NOBODY)).rejects.toThrow(/peer authentication failed|EACCES/i)
    const [row] = await query(
      server,
      `select current_setting('fsync') f, current_setting('synchronous_commit') s,
        current_setting('full_page_writes') p, 'ПРИВЕТ Ærø' ilike '%привет æRØ' i`,
    )
    expect(row).toEqual({ f: 'on', s: 'on', p: 'on', i: true })
    await query(server, 'alter system set full_page_writes = off')
    await query(server, 'select pg_reload_conf()')
    await until('it is no longer ready', async () => (await fetch(`${server.origin}/ready`)).status === 503)
    expect((await fetch(`${server.origin}/live`)).status).toBe(200)
  })
})
