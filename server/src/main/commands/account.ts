import { foundAccount } from '../../application/accounts/found-account.ts'
import { fitPassword } from '../../application/operators/fit-password.ts'
import type { Account } from '../../domain/account.ts'
import { systemActor } from '../../domain/actor.ts'
import { EVERY_PERMISSION } from '../../domain/permissions.ts'
import { ACCOUNT, type Command, type Desk, type Given } from './command.ts'
import { facts, table } from './table.ts'

const create: Command = {
  summary: 'make an account with its owner',
  options: [
    { name: 'name', value: 'TEXT', help: 'what it is called', isRequired: true },
    { name: 'owner-email', value: 'EMAIL', help: 'whom the owner signs in as', isRequired: true },
    { name: 'owner-name', value: 'TEXT', help: 'what the owner is called' },
    { name: 'owner-password-stdin', value: null, help: 'read the password from the input; else one is made' },
  ],
  run: async (desk, given) => {
    const { tools } = await desk.open()
    const made = await readPassword(desk, given, 'owner-password-stdin')
    const email = given.required('owner-email')
    const name = given.text('owner-name')?.trim() || (email.split('@')[0] ?? email)
    const actor = systemActor(tools.ids.next(), EVERY_PERMISSION)
    const account = await tools.perform(foundAccount, actor, {
      name: given.required('name').trim(),
      owner: { email, name, password: made.password },
    })
    const owner = {
      id: account.ownerId,
      number: account.ownerNumber,
      email: email.trim().toLowerCase(),
      name,
    }
    return {
      data: { ...describe(account), owner: { ...owner, ...made.shown } },
      lines: [
        `Account ${account.number} is there.`,
        '',
        ...facts([
          ['Account', account.name],
          ['Owner', owner.email],
          ['Password', made.told],
        ]),
      ],
    }
  },
}

/** A password that was given is not shown again; one that was made is shown this once. */
export async function readPassword(
  desk: Desk,
  given: Given,
  option: string,
): Promise<{ password: string; shown: { password?: string }; told: string }> {
  if (given.isOn(option))
    return { password: fitPassword(await desk.readLine()), shown: {}, told: 'the one given' }
  const password = (await desk.open()).tools.ids.token(20)
  return { password, shown: { password }, told: password }
}

const describe = ({ id, number, name, createdAt }: Account) => ({ id, number, name, createdAt })

const list: Command = {
  summary: 'list all accounts',
  options: [],
  run: async (desk) => {
    const accounts = await (await desk.open()).accounts()
    const rows = accounts.map(({ number, id, name }) => [number, name, id])
    return { data: accounts.map(describe), lines: table(['number', 'name', 'id'], rows) }
  },
}

const show: Command = {
  summary: 'show an account',
  options: [ACCOUNT],
  run: async (desk) => {
    const { account } = await desk.account()
    const { phone, description, ownerId, ownerNumber } = account
    return {
      data: { ...describe(account), phone, description, owner: { id: ownerId, number: ownerNumber } },
      lines: facts(
        [
          ...([
            ['number', account.number],
            ['id', account.id],
            ['name', account.name],
          ] as const),
          ...([
            ['phone', phone],
            ['description', description],
            ['owner', ownerNumber],
          ] as const),
        ].map(([name, value]) => [name, value]),
      ),
    }
  },
}

export const ACCOUNT_COMMANDS = { create, list, show }
