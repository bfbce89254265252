import { createToken } from '../../src/application/tokens/create-token.ts'
import { systemActor } from '../../src/domain/actor.ts'
import { EVERY_PERMISSION, type Permission } from '../../src/domain/permissions.ts'
import { composeForTests } from '../compose.ts'
import type { TestHouse } from '../house.ts'
import { visit, webchatOf, type TestVisitor } from '../visitor/visitor-desk.ts'
import { connect, listen, type LineOptions, type TestLine } from './wire.ts'

export const SOCKET = '/parley/v1/socket'

export const bearer = (token: string): LineOptions => ({ headers: { authorization: `Bearer ${token}` } })

/** A native token that acts for an operator of the first account. */
export async function tokenFor(
  house: TestHouse,
  operatorId: string,
  permissions?: Permission[],
): Promise<string> {
  const actor = systemActor(house.fixture.id, EVERY_PERMISSION)
  const input = { kind: 'native' as const, name: 'a line', permissions, operator: { id: operatorId } }
  return (await house.composed.tools.act(createToken, actor, input)).secret
}

/** A line that was let in by a token, or by whatever is given, and has said hello. */
export async function greet(port: number, by: string | LineOptions, hello: object = {}): Promise<TestLine> {
  const line = await connect(port, SOCKET, typeof by === 'string' ? bearer(by) : by)
  line.send({ type: 'hello', ...hello })
  await Promise.race([line.first('ready'), line.closed])
  return line
}

/** A visitor's line that has said what it has. */
export async function enter(
  port: number,
  { house, visitor, after = 0 }: { house: TestHouse; visitor: Pick<TestVisitor, 'token'>; after?: number },
  headers: Record<string, string> = {},
): Promise<TestLine> {
  const path = `/visitor/v1/socket?widget=${webchatOf(house).widgetKey}`
  const protocols = ['parley.visitor.v1', `token.${visitor.token}`]
  const line = await connect(port, path, { protocols, headers })
  line.send({ type: 'hello', after })
  await Promise.race([line.find(({ type }) => type === 'ready' || type === 'reset'), line.closed])
  return line
}

/** A second process of the same server, as far as anything can tell: it shares the database alone. */
export async function secondProcess(house: TestHouse): Promise<{ port: number } & AsyncDisposable> {
  const composed = await composeForTests(house.databaseUrl, house.dataDir, { clock: house.clock.now })
  return { port: await listen(composed), [Symbol.asyncDispose]: () => composed.close() }
}

/** A visitor whose conversation has begun. */
export async function talker(house: TestHouse): Promise<TestVisitor & { conversationId: string }> {
  const visitor = await visit(house)
  await visitor.says('Hello')
  const { body } = await visitor.ask('POST', '/seen', {})
  return { ...visitor, conversationId: body.conversationId }
}
