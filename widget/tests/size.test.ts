import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { buildWidget } from '../scripts/build.ts'

const DIST = join(import.meta.dirname, '../dist')
const SOURCES = join(import.meta.dirname, '../src')
const LOADER_MOST = 3_000
const PANEL_MOST = 30_000

/** What others make a visitor fetch, gzipped: before the first look, and to chat. Their widgets were built or downloaded, and measured. */
const FIELD = [
  ['Linktor (minimal)', '4.2 kB', '4.2 kB'],
  ['Rocket.Chat livechat', '3.1 kB', '72.8 kB'],
  ['Papercups', '119 kB', '119 kB'],
  ['Libredesk', '5.3 kB', '224 kB'],
  ['Live Helper Chat', '29.4 kB', '238 kB'],
]

const read = (file: string) => readFileSync(join(DIST, file), 'utf8')
const packed = (file: string) => gzipSync(read(file), { level: 9 }).length

/** A file and everything it needs before it can run; what it fetches later is not counted. */
function eager(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, name] of read(file).matchAll(/(?:import|from)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)) {
    if (name) eager(`assets/${name}`, seen)
  }
  return seen
}

let panel: string
beforeAll(async () => {
  await buildWidget()
  panel = (JSON.parse(read('manifest.json')) as { panel: string }).panel
})

test('the loader is at most 3 kB, the panel with all it needs at most 30 kB', () => {
  const loader = packed('loader.js')
  const parts = [...eager(panel)]
  const whole = parts.reduce((sum, part) => sum + packed(part), 0)
  const rows = [['Parley', `${(loader / 1000).toFixed(1)} kB`, `${(whole / 1000).toFixed(1)} kB`], ...FIELD]
  const table = rows.map(
    ([name = '', first = '', all = '']) => `${name.padEnd(24)}${first.padStart(9)}${all.padStart(10)}`,
  )
  console.log(['gzip -9'.padEnd(24) + 'loader'.padStart(9) + 'to chat'.padStart(10), ...table].join('\n'))
  expect(loader).toBeLessThanOrEqual(LOADER_MOST)
  expect(whole).toBeLessThanOrEqual(PANEL_MOST)
})

test('the loader stands alone, and asks for its look in one place', () => {
  const loader = read('loader.js')
  expect(loader.split('__PARLEY_CONFIG__')).toHaveLength(2)
  expect(loader).not.toMatch(/\b(?:import|export)\s*[{*"'`]/)
  const look = {
    key: 'k',
    color: '#000000',
    position: 'right',
    isPoweredShown: true,
    name: '</script>',
    panel,
  }
  const filled = loader.replace('__PARLEY_CONFIG__', () => JSON.stringify(look))
  expect(() => new Script(filled)).not.toThrow()
})

test('languages and rare parts come when they are asked for', () => {
  const lazy = [...read(panel).matchAll(/import\([`"']\.\/([\w.-]+?)-[\w-]{8}\.js[`"']\)/g)].map(
    ([, name]) => name,
  )
  expect(lazy.sort()).toEqual(['EmojiPicker', 'Viewer', 'es', 'pt-BR', 'ru'])
  expect([...eager(panel)]).toEqual([panel])
})

test('nothing in it needs more than the strictest policy of a page allows', () => {
  const built = ['loader.js', ...readdirSync(join(DIST, 'assets')).map((name) => `assets/${name}`)]
  const forbidden =
    /\beval\(|new Function|document\.write|createObjectURL|insertAdjacentHTML|createElement\(["'`]style/
  expect(built.filter((file) => forbidden.test(read(file)))).toEqual([])
  const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.tsx?$/.test(name),
  )
  const markup = /innerHTML|dangerouslySetInnerHTML|setAttribute\('style'|style="/i
  expect(sources.length).toBeGreaterThan(40)
  expect(sources.filter((name) => markup.test(readFileSync(join(SOURCES, name), 'utf8')))).toEqual([])
})

test('nothing of the machine it was built on is in it', () => {
  const built = ['loader.js', ...readdirSync(join(DIST, 'assets')).map((name) => `assets/${name}`)]
  expect(built.filter((file) => /fileName|lineNumber|\/src\/|node_modules/.test(read(file)))).toEqual([])
})
