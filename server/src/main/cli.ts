import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Half of a start is Node compiling what it compiled the last time: 0.75 s without this cache, 0.4 s with it. Beside
// the packages, where only those who may change the program can write; a place we may not write to is left alone.
enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/parley'))
const { runCommand } = await import('./run-command.ts')
await runCommand(process.argv.slice(2))
