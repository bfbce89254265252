import { join } from 'node:path'
import { writeFileAtomically } from '../platform/write-file.ts'

/** What the demo made, and all a person needs to try it. */
export interface DemoAccounts {
  people: { role: string; email: string; password: string }[]
  /** `header` is what the dialect's clients send the token in. */
  credentials: { name: string; header: string; token: string }[]
  examples: { title: string; command: string }[]
}

/** Keeps the accounts in `<dataDir>/demo.json` for programs, readable for us alone. */
export async function saveDemo(dataDir: string, origin: string, accounts: DemoAccounts): Promise<string> {
  const path = join(dataDir, 'demo.json')
  const content = { origin, docs: docsUrl(origin), ...accounts }
  await writeFileAtomically(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  return path
}

/** The same for people. */
export function describeDemo(origin: string, path: string, accounts: DemoAccounts): string {
  const places = [
    ['Parley', origin],
    ['Documentation', docsUrl(origin)],
    ['All of this', path],
  ]
  const people = accounts.people.map(({ role, email, password }) => [role, email, password])
  const credentials = accounts.credentials.map(({ name, header, token }) => [name, `${header}: ${token}`])
  const examples = accounts.examples.flatMap(({ title, command }) => [`  ${title}`, indent(command), ''])
  return [
    '',
    'Parley is running.',
    '',
    ...columns(places),
    ...section('Sign in', columns(people)),
    ...section('API tokens', columns(credentials)),
    ...section('Try', examples),
    'Ctrl-C stops it. The data stays.',
    '',
  ].join('\n')
}

function docsUrl(origin: string): string {
  return `${origin}/docs`
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [title, '', ...lines]
}

/** Rows with their cells under each other, and an empty line after the last. */
function columns(rows: string[][]): string[] {
  const widthOf = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widthOf(column))).join('   '))
  return lines.length === 0 ? [] : [...lines.map((line) => `  ${line.trimEnd()}`), '']
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}
