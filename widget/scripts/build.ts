// `npm run build -w widget`: the loader, the panel in parts, and a manifest that names the panel. Does nothing when dist is newer than the sources.
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build, type InlineConfig, type Rolldown } from 'vite'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')
/** Built beside it and then put in its place, so that nobody is served half a widget. */
const BENCH = join(ROOT, `dist.${process.pid}`)
const SOURCES = [
  ...['src', 'scripts'].flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  ),
  join(ROOT, 'package.json'),
]

const BASE: InlineConfig = {
  root: ROOT,
  base: './',
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  mode: 'production',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
}

async function bundle(entry: string, output: Rolldown.OutputOptions): Promise<string> {
  const outcome = await build({
    ...BASE,
    build: {
      outDir: BENCH,
      emptyOutDir: false,
      target: 'es2022',
      cssTarget: ['chrome123', 'safari17.5', 'firefox121'],
      modulePreload: false,
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: join(ROOT, entry),
        preserveEntrySignatures: 'allow-extension',
        output,
      },
    },
  })
  const [first] = [outcome].flat()
  const chunk =
    first && 'output' in first
      ? first.output.find((part) => part.type === 'chunk' && part.isEntry)
      : undefined
  if (!chunk) throw new Error(`${entry} made no chunk`)
  return chunk.fileName
}

function isFresh(): boolean {
  const manifest = join(DIST, 'manifest.json')
  if (!existsSync(manifest)) return false
  const built = statSync(manifest).mtimeMs
  return SOURCES.every((path) => statSync(path).mtimeMs <= built)
}

/** The server writes the channel's look over the one place that asks for it. */
function checkLoader(): void {
  const loader = readFileSync(join(BENCH, 'loader.js'), 'utf8')
  const places = loader.split('__PARLEY_CONFIG__').length - 1
  if (places !== 1) throw new Error(`the loader asks for its look in ${places} places, not in one`)
}

export async function buildWidget(): Promise<void> {
  if (isFresh()) return
  await bundle('src/embed/loader.ts', { format: 'iife', entryFileNames: 'loader.js' })
  checkLoader()
  const names = 'assets/[name]-[hash].js'
  const panel = await bundle('src/embed/panel.tsx', {
    format: 'es',
    entryFileNames: names,
    chunkFileNames: names,
  })
  writeFileSync(join(BENCH, 'manifest.json'), `${JSON.stringify({ panel: `assets/${basename(panel)}` })}\n`)
  rmSync(DIST, { recursive: true, force: true })
  renameSync(BENCH, DIST)
}

if (import.meta.main) await buildWidget()
