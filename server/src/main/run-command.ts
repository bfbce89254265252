import { setupLink } from '../dialects/native/links.ts'
import { DomainError } from '../domain/errors.ts'
import { readConfig, type Config } from '../platform/config.ts'
import { createLogger } from '../platform/logger.ts'
import { createShutdown, stopOnSignals, type Shutdown } from '../platform/shutdown.ts'
import { StartError } from '../platform/start-error.ts'
import { UsageError } from './commands/command.ts'
import type { Composed } from './compose.ts'
import { describeDemo, readDemo, saveDemo } from './demo.ts'
import { originOf, startServer } from './serve.ts'
import { mountShop } from './shop-page.ts'

const usage = async () => `Parley, a self-hosted conversation server.

  node server/src/main/cli.ts serve   start the server
  node server/src/main/cli.ts demo    start it with accounts and conversations to try it
  node server/src/main/cli.ts account create --name … --owner-email …   begin without the demo

  --roles=web,worker                  what this process does (default: both)

And without anybody’s leave, beside a running server or on its own, each with --help and --json:

${(await loadCommands()).describeAdministration()}
Settings come from the environment: PORT, HOST, DATABASE_URL, PARLEY_DATA_DIR, PARLEY_SECRET and others.
`

const COMMANDS = ['serve', 'demo'] as const
/** What the other commands are about. */
const THINGS = new Set(['account', 'operator', 'token', 'channel', 'webhooks'])
/** Not before they are needed: a server that starts does without. */
const loadCommands = () => import('./commands/administer.ts')

interface Arguments {
  command: (typeof COMMANDS)[number]
  env: NodeJS.ProcessEnv
}

async function start({ command, env }: Arguments) {
  const config = readConfig(env)
  const log = createLogger(config.log.level)
  const shutdown = createShutdown({ log })
  stopOnSignals(shutdown, log)
  const onFailure = (error: Error) => {
    log.fatal({ err: error }, 'the database is lost')
    void stopFailed(shutdown)
  }
  const { prepare, show } = command === 'demo' ? await openDemo(config) : openSetup()
  const server = await startServer(config, { log, onFailure, prepare })
  shutdown.add('server', () => server.close())
  await show(server.origin)
}

/** Seeds the demo before anybody can ask, and tells of it once the address is known. */
async function openDemo(config: Config) {
  let accounts = await readDemo(config.dataDir)
  const { host, port, publicOrigin } = config.http
  return {
    prepare: async (composed: Composed) => {
      accounts = await composed.seedDemo(accounts)
      const chat = accounts[0]?.channels.find(({ widgetKey }) => widgetKey !== undefined)
      if (chat?.widgetKey) await mountShop(composed.app, chat.widgetKey)
      // Whoever waits for the server to answer finds the file complete.
      if (port !== 0) await saveDemo(config.dataDir, publicOrigin ?? originOf(host, port), accounts)
    },
    show: async (origin: string) => {
      const path = await saveDemo(config.dataDir, origin, accounts)
      process.stdout.write(describeDemo(origin, path, accounts))
    },
  }
}

/** Where there is no account yet, whoever sees this terminal may make it. */
function openSetup() {
  let secret: string | null = null
  return {
    prepare: async (composed: Composed) => {
      secret = await composed.offerSetup()
    },
    show: async (origin: string) => {
      if (secret === null) return
      const link = setupLink(origin, secret)
      // Not among the lines of the log, which programs read.
      process.stderr.write(
        `\nThere is no account yet. Make the first one here; the link opens once:\n\n  ${link}\n\n`,
      )
    },
  }
}

function readArguments(args: string[]): Arguments {
  const env = { ...process.env }
  const [word = 'serve', ...rest] = args
  const command = COMMANDS.find((name) => name === word)
  const faults = command
    ? []
    : [
        `There is no command "${word}": try serve, demo, account, operator, token, channel, webhooks or --help`,
      ]
  for (const argument of rest) {
    const roles = /^--roles=(.*)$/.exec(argument)?.[1]
    if (roles) env.PARLEY_ROLES = roles
    else faults.push(`There is no option "${argument}"`)
  }
  if (!command || faults.length > 0) throw new StartError(faults)
  // People read the demo's terminal; the log keeps to what went wrong unless they ask for more.
  if (command === 'demo' && !env.PARLEY_LOG_LEVEL) env.PARLEY_LOG_LEVEL = 'warn'
  return { command, env }
}

async function stopFailed(shutdown: Shutdown) {
  await shutdown.stop()
  process.exit(1)
}

/** Faults people can mend are told in one line each; anything else is a bug, and its stack is worth having. */
function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof DomainError) return `parley: ${error.message}\n`
  if (error instanceof StartError) return error.faults.map((fault) => `parley: ${fault}\n`).join('')
  if (isSystemError(error)) return `parley: ${error.message}\n`
  if (isDatabaseError(error)) return `parley: The database refused: ${error.message}\n`
  return `parley: ${error instanceof Error ? error.stack : String(error)}\n`
}

/** A folder that cannot be written, a full disk: the system's own words are clear. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error
}

/** A role that may not create tables, a database that takes no more connections. */
function isDatabaseError(error: unknown): error is Error {
  return error instanceof Error && 'severity' in error && 'code' in error
}

/** Runs the program with these arguments. A start that fails ends it. */
export async function runCommand(args: string[]) {
  try {
    if (THINGS.has(args[0] ?? ''))
      process.stdout.write(await (await loadCommands()).administer(args, process.env))
    else if (args.includes('--help') || args[0] === 'help') process.stdout.write(await usage())
    else await start(readArguments(args))
  } catch (error) {
    const { code, said } = failureOf(error)
    process.stderr.write(said)
    process.exit(code)
  }
}

/** How the program ends that failed so, and what it says. */
export function failureOf(error: unknown): { code: 1 | 2; said: string } {
  return { code: error instanceof UsageError ? 2 : 1, said: explain(error) }
}
