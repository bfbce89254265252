import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomically } from '../platform/write-file.ts'

interface Named {
  id: string
  number: number
  name: string
}

/** An account of the demo with everything one needs to use it; the shape is a contract. */
export interface DemoAccount extends Named {
  owner: { email: string; password: string }
  tokens: Record<'blingerApp' | 'blingerWidget' | 'pact' | 'linktor' | 'native', string>
  operators: (Named & { email: string | null })[]
  groups: Named[]
  bots: Named[]
  contacts: (Named & { channelId: string; identityId: string; externalId: string })[]
  channels: (Named & { kind: string; customAppId?: string; token?: string; widgetKey?: string })[]
  conversations: { id: string; number: number; channelId: string }[]
}

const pathIn = (dataDir: string) => join(dataDir, 'demo.json')

/** The accounts of an earlier seeding; none when there was none. */
export async function readDemo(dataDir: string): Promise<DemoAccount[]> {
  try {
    const { accounts } = JSON.parse(await readFile(pathIn(dataDir), 'utf8')) as { accounts: DemoAccount[] }
    return accounts
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** Keeps the accounts in `<dataDir>/demo.json` for programs, readable for us alone. */
export async function saveDemo(dataDir: string, origin: string, accounts: DemoAccount[]): Promise<string> {
  const path = pathIn(dataDir)
  await writeFileAtomically(path, `${JSON.stringify({ origin, accounts }, null, 2)}\n`, { mode: 0o600 })
  return path
}

/** The same for people. */
export function describeDemo(origin: string, path: string, accounts: DemoAccount[]): string {
  const [first] = accounts
  const tokens = accounts.flatMap(({ name, tokens: t }) => [
    ...section(
      `${name}: API tokens`,
      columns([
        ['Blinger app', `Authentication: ${t.blingerApp}`],
        ['Blinger widget', `Authorization: ${t.blingerWidget}`],
        ['Pact', `X-Private-Api-Token: ${t.pact}`],
        ['Linktor', `Authorization: Bearer ${t.linktor}`],
        ['Parley', `Authorization: Bearer ${t.native}`],
      ]),
    ),
  ])
  return [
    '',
    'Parley is running.',
    '',
    ...columns([
      ['Server', origin],
      ['Documentation', `${origin}/docs`],
      ['A shop with a chat', `${origin}/demo`],
      ['All of this', path],
    ]),
    ...section('Owners', columns(accounts.map(({ name, owner }) => [name, owner.email, owner.password]))),
    ...tokens,
    ...section('Try', first ? examples(origin, first) : []),
    'Ctrl-C stops it. The data stays.',
    '',
  ].join('\n')
}

function examples(origin: string, account: DemoAccount): string[] {
  const conversation = account.conversations[0]
  const whatsapp = account.channels.find(({ kind }) => kind === 'whatsapp')
  const asNative = `-H 'Authorization: Bearer ${account.tokens.native}'`
  const commands = [
    [
      'Write in the shop, then answer whoever wrote last',
      `curl -s '${origin}/parley/v1/conversations?limit=1' ${asNative} \\\n` +
        `  | grep -o 'conv_[0-9a-f]*' | head -1 \\\n` +
        `  | xargs -I{} curl -s ${origin}/parley/v1/conversations/{}/messages ${asNative} \\\n` +
        `    --json '{"text":"Good morning"}'`,
    ],
    [
      'Who waits for an answer',
      `curl ${origin}/api/conversations/unassigned -H 'Authentication: ${account.tokens.blingerApp}'`,
    ],
    [
      'Answer',
      `curl ${origin}/api/conversations/send-message -H 'Authentication: ${account.tokens.blingerApp}' \\\n` +
        `  -d conversation_id=${conversation?.number} -d 'text=Good morning'`,
    ],
    [
      'Be the customer',
      `curl ${origin}/parley/v1/sandbox/messages ${asNative} \\\n` +
        `  --json '{"channelId":"${whatsapp?.id}","from":"4790000303","name":"Kim","text":"Hello"}'`,
    ],
  ]
  return commands.flatMap(([title, command]) => [`  ${title}`, indent(command ?? ''), ''])
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
