import { createToken } from '../../application/tokens/create-token.ts'
import { listTokens } from '../../application/tokens/list-tokens.ts'
import { revokeToken } from '../../application/tokens/revoke-token.ts'
import { isPermission, PERMISSIONS, type Permission } from '../../domain/permissions.ts'
import { TOKEN_KINDS, type Token } from '../../domain/token.ts'
import { integerIn, timeIn, wordIn } from './arguments.ts'
import { ACCOUNT, UsageError, type Command, type Given } from './command.ts'
import { readId, readRef } from './refs.ts'
import { facts, table } from './table.ts'

const KINDS = TOKEN_KINDS.join(', ')

const describe = (token: Token) => {
  const { id, kind, name, operatorId, permissions, expiresAt, lastUsedAt, rateLimit, createdAt } = token
  return { id, kind, name, operatorId, permissions, expiresAt, lastUsedAt, rateLimit, createdAt }
}

const create: Command = {
  summary: 'make a token; its secret is shown this once',
  options: [
    ACCOUNT,
    { name: 'kind', value: 'KIND', help: `the API it opens: ${KINDS}`, isRequired: true },
    { name: 'name', value: 'TEXT', help: 'what it is for', isRequired: true },
    { name: 'operator', value: 'NUMBER', help: 'whose deeds its are; the owner’s by default' },
    { name: 'permissions', value: 'LIST', help: 'such as channel.read,message.write; all by default' },
    { name: 'expires', value: 'TIME', help: 'such as 2030-01-31T00:00:00Z; never by default' },
    { name: 'rate-limit', value: 'COUNT', help: 'requests a minute' },
  ],
  run: async (desk, given) => {
    const kind = wordIn(given, 'kind', TOKEN_KINDS) ?? 'native'
    const wanted = {
      ...{ kind, name: given.required('name').trim(), permissions: permissionsIn(given) },
      ...{ expiresAt: timeIn(given, 'expires'), rateLimit: integerIn(given, 'rate-limit') },
    }
    const operator = given.text('operator')
    const ref = operator === undefined ? {} : { operator: readRef(operator, 'operator') }
    const { tools, actor } = await desk.account()
    const { token, secret } = await tools.act(createToken, actor, { ...wanted, ...ref })
    return {
      data: { ...describe(token), secret },
      lines: [
        'The token is there; this is shown once.',
        '',
        ...facts([
          ['Token', secret],
          ['Id', token.id],
        ]),
      ],
    }
  },
}

function permissionsIn(given: Given): Permission[] | undefined {
  const text = given.text('permissions')
  if (text === undefined) return undefined
  const words = text.split(',').map((word) => word.trim())
  const unknown = words.filter((word) => !isPermission(word))
  if (unknown.length > 0)
    throw new UsageError(`--permissions: there is no ${unknown.join(', ')}, only ${PERMISSIONS.join(', ')}`)
  return words.filter(isPermission)
}

const list: Command = {
  summary: 'list the live tokens of an account',
  options: [ACCOUNT, { name: 'kind', value: 'KIND', help: KINDS }],
  run: async (desk, given) => {
    const kind = wordIn(given, 'kind', TOKEN_KINDS)
    const { tools, actor } = await desk.account()
    const tokens = await tools.ask(listTokens, actor, { kind })
    const rows = tokens.map((token) => [
      ...[token.id, token.kind, token.name],
      ...[token.expiresAt?.toISOString() ?? 'never', token.lastUsedAt?.toISOString() ?? 'never'],
    ])
    return { data: tokens.map(describe), lines: table(['id', 'kind', 'name', 'expires', 'last used'], rows) }
  },
}

const revoke: Command = {
  summary: 'end a token, at once',
  options: [ACCOUNT, { name: 'token', value: 'ID', help: 'its id, not its secret', isRequired: true }],
  run: async (desk, given) => {
    const tokenId = readId(given.required('token'), 'token')
    const { tools, actor } = await desk.account()
    await tools.act(revokeToken, actor, { tokenId })
    return { data: { id: tokenId, isRevoked: true }, lines: ['The token has ended.'] }
  },
}

export const TOKEN_COMMANDS = { create, list, revoke }
