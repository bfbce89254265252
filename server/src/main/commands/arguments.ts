import { parseArgs } from 'node:util'
import { UsageError, type Command, type Given, type Option } from './command.ts'

const JSON_OPTION: Option = { name: 'json', value: null, help: 'one JSON object, for programs' }

export const optionsOf = ({ options }: Command): Option[] => [...options, JSON_OPTION]

/** Reads what stands after a command's name. Whatever is not one of its options is refused in one line. */
export function readGiven(command: Command, args: string[]): Given {
  const options = optionsOf(command)
  const values = parse(args, options)
  const text = (name: string) => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  const missing = options.filter(({ name, isRequired }) => isRequired && !text(name)?.trim())
  if (missing.length > 0)
    throw new UsageError(`${missing.map(({ name }) => `--${name}`).join(', ')} must be given`)
  return {
    text,
    required: (name) => text(name) ?? '',
    isOn: (name) => values[name] === true,
  }
}

function parse(args: string[], options: Option[]): Record<string, unknown> {
  const known = options.map(
    ({ name, value }) => [name, { type: value === null ? 'boolean' : 'string' }] as const,
  )
  try {
    return parseArgs({ args, options: Object.fromEntries(known), strict: true, allowPositionals: false })
      .values
  } catch (error) {
    // Node explains at length; its first sentence says it.
    const [first = ''] = error instanceof Error ? error.message.split(/\.\s|\n/) : []
    throw new UsageError(first.replace(/\.$/, ''))
  }
}

/** A whole number above 0. */
export function integerIn(given: Given, name: string): number | undefined {
  const text = given.text(name)
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--${name} must be a whole number above 0`)
  return Number(text)
}

/** A moment in ISO form, or a day. */
export function timeIn(given: Given, name: string): Date | undefined {
  const text = given.text(name)
  if (text === undefined) return undefined
  const moment = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) ? new Date(text) : null
  if (moment && !Number.isNaN(moment.getTime())) return moment
  throw new UsageError(`--${name} must be a time such as 2030-01-31T00:00:00Z`)
}

/** One of some words. */
export function wordIn<Word extends string>(
  given: Given,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const text = given.text(name)
  if (text === undefined) return undefined
  return words.find((word) => word === text) ?? refuseWord(name, words)
}

function refuseWord(name: string, words: readonly string[]): never {
  throw new UsageError(`--${name} must be one of ${words.join(', ')}`)
}
