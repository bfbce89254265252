import { Type } from 'typebox'

const email = Type.String({ minLength: 3, maxLength: 254 })
const password = Type.String({ minLength: 8, maxLength: 256 })
/** Asked of whoever signs in: a wrong length is a wrong password. */
const anyPassword = Type.String({ minLength: 1, maxLength: 1024 })

export const RegisterBody = Type.Object({
  email,
  password,
  name: Type.String({ minLength: 1, maxLength: 255 }),
  organizationName: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
})
export const LoginBody = Type.Object({
  email,
  password: anyPassword,
  rememberMe: Type.Optional(Type.Boolean({ description: 'The refresh token lasts 30 days instead of 7.' })),
  code: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Of the second factor, for users who have one. An extension of ours.',
    }),
  ),
})
export const RefreshBody = Type.Object({ refreshToken: Type.String({ minLength: 1, maxLength: 255 }) })
export const LogoutBody = Type.Object({
  refreshToken: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  allDevices: Type.Optional(Type.Boolean()),
})
export const ResetBody = Type.Object({ email })
export const ConfirmResetBody = Type.Object({
  token: Type.String({ minLength: 1, maxLength: 255 }),
  password,
})

const Time = Type.String({ format: 'date-time', description: 'UTC, to the second.' })
const organization = Type.Object({ id: Type.String({ description: '`org_…`' }), name: Type.String() })
const expiresIn = Type.Integer({ description: 'Seconds.' })
const tokens = { accessToken: Type.String(), refreshToken: Type.String(), expiresIn }
const bearer = Type.Literal('Bearer')
const user = (attributes: object, relationships: object) =>
  Type.Object({
    id: Type.String({ description: '`user_…`' }),
    type: Type.Literal('user'),
    attributes: Type.Object({ ...attributes }),
    relationships: Type.Object({ ...relationships }),
  })

export const Registered = Type.Object({
  data: user(
    { email: Type.String(), name: Type.String(), emailVerified: Type.Boolean(), createdAt: Time },
    { organization },
  ),
  meta: Type.Object(tokens),
})
export const LoggedIn = Type.Object({
  data: user(
    { email: Type.String(), name: Type.String(), emailVerified: Type.Boolean(), lastLoginAt: Time },
    { organization },
  ),
  meta: Type.Object({ ...tokens, tokenType: bearer }),
})
export const Refreshed = Type.Object({ data: Type.Object({ ...tokens, tokenType: bearer }) })
export const Said = Type.Object({ data: Type.Object({ message: Type.String() }) })
export const Myself = Type.Object({
  data: user(
    {
      email: Type.String(),
      name: Type.String(),
      avatar: Type.Union([Type.String(), Type.Null()]),
      emailVerified: Type.Boolean(),
      createdAt: Time,
      lastLoginAt: Time,
    },
    {
      organization: Type.Object({
        ...organization.properties,
        role: Type.String({ enum: ['admin', 'supervisor', 'agent', 'viewer'] }),
      }),
    },
  ),
})

/** Every permission the vendor documents. */
export const KEY_PERMISSIONS = [
  ...(['messages:read', 'messages:write', 'conversations:read', 'conversations:write'] as const),
  ...(['channels:read', 'channels:write', 'bots:read', 'bots:write'] as const),
  ...(['webhooks:read', 'webhooks:write', 'analytics:read', 'admin'] as const),
] as const
export type KeyPermission = (typeof KEY_PERMISSIONS)[number]

export const CreateKeyBody = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 255 }),
  permissions: Type.Array(Type.Enum([...KEY_PERMISSIONS]), { minItems: 1, maxItems: 12 }),
  expiresAt: Type.Optional(
    Type.Union([Type.String({ maxLength: 40, description: 'ISO 8601; never without it.' }), Type.Null()]),
  ),
})
const keyAttributes = {
  permissions: Type.Array(Type.String()),
  lastUsedAt: Type.Union([Time, Type.Null()]),
  expiresAt: Type.Union([Time, Type.Null()]),
  createdAt: Time,
}
const key = (attributes: object) =>
  Type.Object({
    id: Type.String({ description: '`key_…`' }),
    type: Type.Literal('api_key'),
    attributes: Type.Object({ ...attributes }),
  })
export const KeyList = Type.Object({ data: Type.Array(key({ name: Type.String(), ...keyAttributes })) })
export const CreatedKey = Type.Object({
  data: key({ name: Type.String(), key: Type.String({ description: 'Shown this once.' }), ...keyAttributes }),
})
export const KeyParams = Type.Object({ id: Type.String({ description: '`key_…`' }) })
