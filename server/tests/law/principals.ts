import { createOperator } from '../../src/application/operators/create-operator.ts'
import { createToken } from '../../src/application/tokens/create-token.ts'
import { systemActor } from '../../src/domain/actor.ts'
import { EVERY_PERMISSION, type Permission } from '../../src/domain/permissions.ts'
import { BUILT_IN_ROLES, type BuiltInRole } from '../../src/domain/role.ts'
import type { TokenKind } from '../../src/domain/token.ts'
import { openBrowser, ORIGIN } from '../browser.ts'
import type { TestHouse } from '../house.ts'
import type { Sample } from '../requests.ts'
import { visit, webchatOf } from '../visitor/visitor-desk.ts'

/** The doors that an account's own people and programs come through. */
export type Dialect = Exclude<Sample['dialect'], 'visitor'>

/** Somebody who knocks at every door. */
export interface Principal {
  name: string
  /** Whether any door lets them in at all. */
  isKnown: boolean
  permissions: ReadonlySet<Permission>
  /** The headers of their credential at a dialect's door. */
  headers(dialect: Sample['dialect']): Record<string, string>
}

const KINDS: Record<Dialect, TokenKind> = {
  'blinger-app': 'blinger_app',
  'blinger-widget': 'blinger_widget',
  ...{ pact: 'pact', linktor: 'linktor', native: 'native' },
}
const DIALECTS = Object.keys(KINDS) as Dialect[]
const NOTHING: ReadonlySet<Permission> = new Set()

function headersOf(dialect: Dialect, secret: string): Record<string, string> {
  if (dialect === 'blinger-app') return { authentication: secret }
  if (dialect === 'pact') return { 'x-private-api-token': secret }
  return { authorization: dialect === 'blinger-widget' ? secret : `Bearer ${secret}` }
}

type Secrets = Record<Dialect, string>

/** A token for each dialect, acting for an operator. */
async function tokensFor(house: TestHouse, operatorId: string, expiresAt?: Date): Promise<Secrets> {
  const actor = systemActor(house.fixture.id, EVERY_PERMISSION)
  const made: [Dialect, string][] = []
  for (const dialect of DIALECTS) {
    const input = { kind: KINDS[dialect], name: 'knocking', operator: { id: operatorId }, expiresAt }
    const { secret } = await house.composed.tools.act(createToken, actor, input)
    made.push([dialect, secret])
  }
  return Object.fromEntries(made) as Secrets
}

const withTokens = (
  name: string,
  secrets: Secrets,
  permissions: ReadonlySet<Permission> | null,
): Principal => ({
  ...{ name, isKnown: permissions !== null, permissions: permissions ?? NOTHING },
  headers: (dialect) => (dialect === 'visitor' ? {} : headersOf(dialect, secrets[dialect])),
})

async function newOperator(house: TestHouse, role: Exclude<BuiltInRole, 'owner'>, name: string = role) {
  const actor = systemActor(house.fixture.id, EVERY_PERMISSION)
  const credentials = { email: `${name}@matrix.example`, password: 'a long enough password' }
  const operator = await house.composed.tools.perform(createOperator, actor, { ...credentials, role })
  return { ...credentials, id: operator.id }
}

/** Whom no door knows: without a credential, with one that has ended, or with one for another door. */
export async function strangers(house: TestHouse): Promise<Principal[]> {
  const { operators, tokens, channels } = house.fixture
  const owner = operators[0]?.id ?? ''
  const soon = new Date(house.clock.now().getTime() + 60_000)
  const expired = await tokensFor(house, owner, soon)
  const revoked = await tokensFor(house, owner)
  const disabled = await tokensFor(house, (await newOperator(house, 'admin', 'disabled')).id)
  const removed = await tokensFor(house, (await newOperator(house, 'admin', 'removed')).id)
  await house.sql(`update token set revoked_at = now() where name = 'knocking' and id in (
    select id from token where name = 'knocking' order by created_at limit 5 offset 5)`)
  await house.sql(`update operator set is_active = false where email = 'disabled@matrix.example'`)
  await house.sql(`update operator set removed_at = now() where email = 'removed@matrix.example'`)
  house.clock.advance(61_000)
  const wrongDoor: Secrets = {
    ...{ 'blinger-app': tokens.pact, 'blinger-widget': tokens.blingerApp, pact: tokens.linktor },
    ...{ linktor: tokens.native, native: tokens.blingerWidget },
  }
  const channelToken = channels.find(({ token }) => token)?.token ?? ''
  const everywhere = (secret: string) =>
    Object.fromEntries(DIALECTS.map((dialect) => [dialect, secret])) as Secrets
  const visitor = await visit(house)
  return [
    { name: 'anonymous', isKnown: false, permissions: NOTHING, headers: () => ({}) },
    withTokens('expired', expired, null),
    withTokens('revoked', revoked, null),
    withTokens('of a disabled operator', disabled, null),
    withTokens('of a removed operator', removed, null),
    withTokens('of another door', wrongDoor, null),
    withTokens('a custom app', everywhere(channelToken), null),
    withTokens('a visitor', everywhere(visitor.token), null),
    withTokens('a widget key', everywhere(webchatOf(house).widgetKey), null),
    ...['', 'null', 'undefined', '0', '[object Object]', '0e1', "' or true --"].map((secret) =>
      withTokens(`with ${JSON.stringify(secret)}`, everywhere(secret), null),
    ),
  ]
}

/** One of each role, by tokens; at the native door also by session. */
export async function roles(house: TestHouse): Promise<Principal[]> {
  const found: Principal[] = []
  for (const role of ['admin', 'supervisor', 'operator', 'viewer'] as const) {
    const { id, email, password } = await newOperator(house, role)
    // Conversations of any group are before them: this is about what they may do.
    await house.sql(`update operator set scope = 'all' where id = $1`, [id])
    const { permissions } = BUILT_IN_ROLES[role]
    found.push(withTokens(role, await tokensFor(house, id), permissions))
    const browser = openBrowser(house)
    const { status, text } = await browser.post('/auth/sign-in', { email, password })
    if (status !== 200) throw new Error(`A ${role} could not sign in: ${text}`)
    const cookie = browser.line()
    found.push({
      ...{ name: `${role}, signed in`, isKnown: true, permissions },
      headers: (dialect): Record<string, string> => (dialect === 'native' ? { cookie, origin: ORIGIN } : {}),
    })
  }
  return found
}

/** An admin before whom there is no conversation at all: not one is theirs. */
export async function blinkered(house: TestHouse): Promise<Principal> {
  const { id } = await newOperator(house, 'admin', 'blinkered')
  await house.sql(`update operator set scope = 'own' where id = $1`, [id])
  return withTokens('without access', await tokensFor(house, id), BUILT_IN_ROLES.admin.permissions)
}
