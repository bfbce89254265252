// `npm run bench`: every benchmark, one after the other. See README.md.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const NAMES = ['start', 'send', 'live', 'webhooks', 'lists', 'memory']

for (const name of NAMES) {
  console.log(`\n${name}\n`)
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) process.exitCode = 1
}
