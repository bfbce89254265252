import { createInterface } from 'node:readline'
import type { Account } from '../../domain/account.ts'
import { systemActor } from '../../domain/actor.ts'
import { EVERY_PERMISSION } from '../../domain/permissions.ts'
import { names, type Ref } from '../../domain/ref.ts'
import { readConfig, type Config } from '../../platform/config.ts'
import { createLogger, type Logger } from '../../platform/logger.ts'
import { joinPostgres } from '../../platform/postgres/join.ts'
import { reachDatabase } from '../../platform/postgres/reach.ts'
import { loadSecret } from '../../platform/secrets.ts'
import type { Composed } from '../compose.ts'
import { ACCOUNT_COMMANDS } from './account.ts'
import { optionsOf, readGiven } from './arguments.ts'
import { CHANNEL_COMMANDS } from './channel.ts'
import { UsageError, type Command, type Desk, type Given } from './command.ts'
import { OPERATOR_COMMANDS } from './operator.ts'
import { readRef } from './refs.ts'
import { TOKEN_COMMANDS } from './token.ts'
import { WEBHOOK_COMMANDS } from './webhooks.ts'

/** What can be administered, and how. */
const THINGS: Record<string, Record<string, Command>> = {
  account: ACCOUNT_COMMANDS,
  operator: OPERATOR_COMMANDS,
  token: TOKEN_COMMANDS,
  channel: CHANNEL_COMMANDS,
  webhooks: WEBHOOK_COMMANDS,
}

/** All of them, a line each. */
export function describeAdministration(): string {
  const rows = Object.entries(THINGS).flatMap(([thing, verbs]) =>
    Object.entries(verbs).map(([verb, { summary }]) => `  ${`${thing} ${verb}`.padEnd(22)}${summary}\n`),
  )
  return rows.join('')
}

/** What is meant when a thing is named alone. */
const USUAL: Record<string, string> = { webhooks: 'list' }

/** Does what the command line says, on the database that the environment names, and says what was done. */
export async function administer([thing = '', ...words]: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const usual = USUAL[thing]
  const isNamed = words[0] !== undefined && (!words[0].startsWith('--') || words[0] === '--help')
  const [verb = '', ...args] = isNamed || !usual ? words : [usual, ...words]
  const verbs = THINGS[thing] ?? {}
  const command = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
  if (args.includes('--help') || verb === '--help')
    return describeCommands(thing, command ? { [verb]: command } : verbs)
  if (!command) throw new UsageError(`${thing} ${verb}: try ${Object.keys(verbs).join(', ')} or --help`)
  const given = readGiven(command, args)
  await using opened = new AsyncDisposableStack()
  const { data, lines } = await command.run(deskOf(given, env, opened), given)
  if (given.isOn('json')) return data === undefined ? '' : `${JSON.stringify(data)}\n`
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function describeCommands(thing: string, verbs: Record<string, Command>): string {
  const blocks = Object.entries(verbs).map(([verb, command]) => {
    const options = optionsOf(command).map(({ name, value, help, isRequired }) => {
      const written = `--${name}${value === null ? '' : ` ${value}`}`
      return `      ${written.padEnd(26)}${help}${isRequired ? ' (needed)' : ''}\n`
    })
    return `  parley ${thing} ${verb}: ${command.summary}\n${options.join('')}`
  })
  return blocks.join('\n')
}

/** The rooms over the database, whether a server runs on it or not; nothing listens and no job is worked off. */
async function openRooms(env: NodeJS.ProcessEnv, opened: AsyncDisposableStack): Promise<Composed> {
  const config = readConfig(env)
  // What is written to stdout is the outcome alone.
  const log = createLogger(config.log.level === 'info' ? 'warn' : config.log.level, process.stderr)
  const secret = await loadSecret(config)
  const databaseUrl = await openDatabase(config, log, opened)
  const [{ migrate }, { compose }] = await Promise.all([
    import('../../storage/migrate.ts'),
    import('../compose.ts'),
  ])
  await migrate(databaseUrl)
  const composed = await compose({ config, databaseUrl, secret, log })
  opened.defer(() => composed.close())
  return composed
}

async function openDatabase(config: Config, log: Logger, opened: AsyncDisposableStack): Promise<string> {
  if (config.database.url === null)
    return opened.use(await joinPostgres({ dataDir: config.dataDir, log })).url
  await reachDatabase(config.database.url)
  return config.database.url
}

function deskOf(given: Given, env: NodeJS.ProcessEnv, opened: AsyncDisposableStack): Desk {
  let rooms: Promise<Composed> | null = null
  let stop: AbortSignal | null = null
  const open = () => (rooms ??= openRooms(env, opened))
  return {
    open,
    account: async () => {
      const wanted = given.text('account')
      const ref = wanted === undefined ? null : readRef(wanted, 'account')
      const { tools, accounts } = await open()
      const account = chooseAccount(await accounts(), ref)
      return { tools, account, actor: systemActor(account.id, EVERY_PERMISSION) }
    },
    readLine,
    say: (line) => void process.stdout.write(`${line}\n`),
    get until() {
      return (stop ??= stopOnInterrupt())
    },
  }
}

/** The first Ctrl-C ends it in peace. */
function stopOnInterrupt(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort())
  return controller.signal
}

function chooseAccount(accounts: Account[], ref: Ref | null): Account {
  if (ref === null && accounts.length > 1)
    throw new UsageError('there are several accounts: say which by --account')
  const account = accounts.find((one) => ref === null || names(ref, one))
  if (account) return account
  throw new UsageError(ref === null ? 'there is no account yet' : 'there is no such account')
}

async function readLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line
  throw new UsageError('the input is empty')
}
