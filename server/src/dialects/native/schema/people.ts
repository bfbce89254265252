import type { Static } from 'typebox'
import { Type } from 'typebox'
import { SCOPES, type Scope } from '../../../domain/permissions.ts'
import { OPERATOR_ROLES, type OperatorRole } from '../../../domain/role.ts'

const strict = { additionalProperties: false }
const Email = Type.String({ minLength: 3, maxLength: 254, description: 'An e-mail address.' })
const Password = Type.String({ minLength: 1, maxLength: 1024, description: '8 to 256 characters.' })
const Name = Type.String({ minLength: 1, maxLength: 255 })
const Code = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'Six digits of an app, or a recovery code.',
})
const Link = Type.String({
  minLength: 20,
  maxLength: 255,
  description: 'What the link ends with, after `#`.',
})

export const SignInBody = Type.Object(
  {
    email: Email,
    password: Password,
    remember: Type.Optional(
      Type.Boolean({ description: 'Whether the session outlives the browser: true by default.' }),
    ),
  },
  strict,
)
export type SignInBody = Static<typeof SignInBody>
export const CodeBody = Type.Object({ code: Code }, strict)
export type CodeBody = Static<typeof CodeBody>
export const ResetRequestBody = Type.Object({ email: Email }, strict)
export type ResetRequestBody = Static<typeof ResetRequestBody>
export const ResetBody = Type.Object({ token: Link, password: Password }, strict)
export type ResetBody = Static<typeof ResetBody>
export const PasswordBody = Type.Object({ password: Password }, strict)
export type PasswordBody = Static<typeof PasswordBody>
export const ChangePasswordBody = Type.Object({ currentPassword: Password, newPassword: Password }, strict)
export type ChangePasswordBody = Static<typeof ChangePasswordBody>
export const SetupBody = Type.Object(
  { token: Link, accountName: Name, name: Name, email: Email, password: Password },
  strict,
)
export type SetupBody = Static<typeof SetupBody>
export const InvitationLinkBody = Type.Object({ token: Link }, strict)
export type InvitationLinkBody = Static<typeof InvitationLinkBody>
export const AcceptBody = Type.Object({ token: Link, name: Type.Optional(Name), password: Password }, strict)
export type AcceptBody = Static<typeof AcceptBody>

const roles = OPERATOR_ROLES.filter((role) => role !== 'owner')
const Role = Type.Unsafe<Exclude<OperatorRole, 'owner'>>({
  type: 'string',
  enum: roles,
  description: '`custom` goes with `roleId`, a role of the account’s own.',
})
const ScopeWord = Type.Unsafe<Scope>({
  type: 'string',
  enum: [...SCOPES],
  description: 'Whose conversations they see, when that is not what the role says.',
})
export const InviteBody = Type.Object(
  {
    email: Email,
    name: Type.Optional(Name),
    role: Role,
    roleId: Type.Optional(Type.String({ description: '`role_…`' })),
    scope: Type.Optional(ScopeWord),
    groupIds: Type.Optional(
      Type.Array(Type.String(), { maxItems: 100, description: '`group_…`; the default group without any.' }),
    ),
  },
  strict,
)
export type InviteBody = Static<typeof InviteBody>

const time = Type.String({ format: 'date-time' })
const text = Type.String()
const maybe = <Schema extends typeof text>(schema: Schema) => Type.Union([schema, Type.Null()])

const MembershipSchema = Type.Object({
  accountId: Type.String({ description: '`acc_…`; goes into the header `Parley-Account`.' }),
  accountNumber: Type.Integer(),
  accountName: text,
  operatorId: Type.String({ description: '`op_…`' }),
  operatorNumber: Type.Integer(),
  role: Type.Unsafe<OperatorRole>({ type: 'string', enum: [...OPERATOR_ROLES] }),
})
export const Me = Type.Object({
  id: Type.String({ description: 'The person’s own id, the same in every account.' }),
  name: text,
  email: text,
  emailVerified: Type.Boolean(),
  secondFactor: Type.Boolean(),
  sessionId: text,
  accounts: Type.Array(MembershipSchema, { description: 'Where they may work, the first joined first.' }),
})
export type MeBody = Static<typeof Me>

export const SignInAnswer = Type.Union([
  Type.Object({ secondFactor: Type.Literal('wanted', { description: 'POST /auth/second-factor next.' }) }),
  Me,
])
export type SignInAnswer = Static<typeof SignInAnswer>

export const SessionSchema = Type.Object({
  id: text,
  current: Type.Boolean(),
  address: maybe(text),
  userAgent: maybe(text),
  createdAt: time,
  expiresAt: time,
})
export type SessionBody = Static<typeof SessionSchema>
export const SessionList = Type.Object({ items: Type.Array(SessionSchema) })

export const Providers = Type.Object({
  singleSignOn: Type.Union([Type.Object({ name: text }), Type.Null()]),
})
export const SingleSignOnAnswer = Type.Object({
  url: Type.String({ description: 'Where to send the browser.' }),
})
export const SecondFactorAnswer = Type.Object({
  uri: Type.String({ description: '`otpauth://…`, for an authenticator app.' }),
  recoveryCodes: Type.Array(text, { description: 'Each works once. Shown this once.' }),
})
export const RecoveryCodes = Type.Object({ recoveryCodes: Type.Array(text) })

export const InvitationSchema = Type.Object({
  id: Type.String({ description: '`inv_…`' }),
  email: text,
  name: maybe(text),
  role: Role,
  roleId: maybe(text),
  scope: Type.Union([ScopeWord, Type.Null()]),
  groupIds: Type.Array(text),
  expiresAt: time,
  createdAt: time,
})
export type InvitationBody = Static<typeof InvitationSchema>
export const InvitationList = Type.Object({ items: Type.Array(InvitationSchema) })
export const Invited = Type.Object({
  ...InvitationSchema.properties,
  link: Type.Union([text, Type.Null()], {
    description: 'To be handed on; null when it went out by mail. Shown this once.',
  }),
})
export const InvitationShownSchema = Type.Object({
  accountName: text,
  email: text,
  name: maybe(text),
  role: Role,
  isKnown: Type.Boolean({
    description: 'Somebody with this address has a password already: they sign in, then accept.',
  }),
  expiresAt: time,
})
export const ResetLink = Type.Object({ link: text })
