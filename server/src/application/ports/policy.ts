import type { Permission } from '../../domain/permissions.ts'

/**
 * What a route asks of whoever calls it: a permission in the account, a channel's own token, a visitor's, a person who is signed in (whatever
 * they may do), or nothing, for a reason that is given. Declared in each route's `config`; the law tests hold routes to it.
 */
export type Policy =
  { permission: Permission } | { channel: true } | { visitor: true } | { person: true } | { public: string }

/** The `config` of a route that asks for a permission. */
export const needs = (permission: Permission): { policy: Policy } => ({ policy: { permission } })
