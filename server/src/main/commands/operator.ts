import { changeOperator } from '../../application/operators/change-operator.ts'
import { createOperator } from '../../application/operators/create-operator.ts'
import { listOperators } from '../../application/operators/list-operators.ts'
import type { Operator } from '../../domain/operator.ts'
import { BUILT_IN_ROLES, type BuiltInRole } from '../../domain/role.ts'
import { readPassword } from './account.ts'
import { wordIn } from './arguments.ts'
import { ACCOUNT, type Command, type Option } from './command.ts'
import { readRef } from './refs.ts'
import { facts, table } from './table.ts'

const ROLES = (Object.keys(BUILT_IN_ROLES) as BuiltInRole[]).filter((role) => role !== 'owner')
const OPERATOR: Option = { name: 'operator', value: 'NUMBER', help: 'its number or id', isRequired: true }

const describe = ({ id, number, name, email, role, status, isActive }: Operator) => ({
  ...{ id, number, name, email, role, status, isActive },
})

const create: Command = {
  summary: 'make an operator who can sign in at once',
  options: [
    ACCOUNT,
    { name: 'email', value: 'EMAIL', help: 'whom they sign in as', isRequired: true },
    { name: 'name', value: 'TEXT', help: 'what they are called' },
    { name: 'role', value: 'ROLE', help: `${ROLES.join(', ')}; operator by default` },
    { name: 'password-stdin', value: null, help: 'read the password from the input; else one is made' },
  ],
  run: async (desk, given) => {
    const role = wordIn(given, 'role', ROLES)
    const { tools, actor } = await desk.account()
    const { password, shown, told } = await readPassword(desk, given, 'password-stdin')
    const [email, name] = [given.required('email'), given.text('name')?.trim() || undefined]
    const operator = await tools.perform(createOperator, actor, { email, password, name, role })
    return {
      data: { ...describe(operator), ...shown },
      lines: [
        `Operator ${operator.number} is there.`,
        '',
        ...facts([
          ['Name', operator.name],
          ['Sign in as', operator.email],
          ['Password', told],
        ]),
      ],
    }
  },
}

const list: Command = {
  summary: 'list the operators of an account',
  options: [ACCOUNT],
  run: async (desk) => {
    const { tools, actor } = await desk.account()
    const { operators } = await tools.ask(listOperators, actor, null)
    const rows = operators.map(({ number, name, email, role, isActive }) => [
      ...[number, name, email, role, isActive ? 'active' : 'disabled'],
    ])
    return {
      data: operators.map(describe),
      lines: table(['number', 'name', 'e-mail', 'role', 'standing'], rows),
    }
  },
}

const turn = (isActive: boolean): Command => ({
  summary: isActive ? 'let an operator in again' : 'end what an operator can do, at once',
  options: [ACCOUNT, OPERATOR],
  run: async (desk, given) => {
    const ref = readRef(given.required('operator'), 'operator')
    const { tools, actor } = await desk.account()
    const { operator } = await tools.act(changeOperator, actor, { operator: ref, isActive })
    return {
      data: describe(operator),
      lines: [`${operator.name} is ${isActive ? 'active' : 'disabled'}.`],
    }
  },
})

export const OPERATOR_COMMANDS = { create, list, disable: turn(false), enable: turn(true) }
