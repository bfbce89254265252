// `npm run contracts`: writes what is generated and checked in. With --check it writes nothing and fails when anything is stale.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { format } from 'prettier'
import { compose } from '../src/main/compose.ts'
import { readConfig } from '../src/platform/config.ts'
import { createLogger } from '../src/platform/logger.ts'
import { openPostgres } from '../src/platform/postgres/open.ts'
import { migrate } from '../src/storage/migrate.ts'
import { drawRooms } from './draw-rooms.ts'
import { dumpSchema } from './dump-schema.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Path below the root → content. */
type Generated = Map<string, string>

async function generate(): Promise<Generated> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-contracts-'))
  const log = createLogger('error')
  try {
    await using postgres = await openPostgres({ dataDir, log, extraSettings: { fsync: 'off' } })
    await migrate(postgres.url)
    const generated: Generated = new Map([['server/migrations/schema.sql', await dumpSchema(postgres.url)]])
    const config = readConfig({ PARLEY_DATA_DIR: dataDir, PARLEY_PUBLIC_ORIGIN: 'http://127.0.0.1:3000' })
    const composed = await compose({ config, databaseUrl: postgres.url, secret: 'x'.repeat(32), log })
    await composed.app.ready()
    for (const { name, document } of composed.contracts)
      generated.set(
        `contracts/${name}/openapi.json`,
        await format(JSON.stringify(document()), { parser: 'json', printWidth: 110 }),
      )
    await composed.close()
    return generated
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function generateAll(): Promise<Generated> {
  const architecture = await readFile(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
  return (await generate()).set('ARCHITECTURE.md', drawRooms(ROOT, architecture))
}

const isCheck = process.argv.includes('--check')
const stale: string[] = []
for (const [path, content] of await generateAll()) {
  const file = join(ROOT, path)
  const found = await readFile(file, 'utf8').catch(() => null)
  if (found === content) continue
  stale.push(path)
  if (isCheck) continue
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
}
for (const path of stale) console.log(`${isCheck ? 'stale' : 'written'}  ${path}`)
if (isCheck && stale.length > 0) {
  console.log('Run `npm run contracts` and commit what it writes.')
  process.exitCode = 1
}
