import type { Actor } from '../../domain/actor.ts'
import type { Append, Appended } from '../messages/append.ts'
import type { Addresses } from './addresses.ts'
import type { DispatchLedger } from './dispatch-ledger.ts'
import type { Files } from './files.ts'
import type { Ids } from './ids.ts'
import type { LiveFeed } from './live-feed.ts'
import type { Mail } from './mail.ts'
import type { Memberships } from './memberships.ts'
import type { MessageLedger } from './message-ledger.ts'
import type { Passwords } from './passwords.ts'
import type { Reader } from './reader.ts'
import type { SignIn } from './sign-in.ts'
import type { Signals } from './signals.ts'
import type { Transaction } from './transaction.ts'
import type { VisitorProofs } from './visitors.ts'
import type { WebhookBook, WebhookTools } from './webhooks.ts'

/** Changes something, inside one transaction. */
export type UseCase<Input, Output> = (tx: Transaction, actor: Actor, input: Input) => Promise<Output>

/** Reads something. */
export type Query<Input, Output> = (reader: Reader, actor: Actor, input: Input) => Promise<Output>

/** Does what cannot be done inside a transaction (fetches, hashes, stores files) around the use cases it calls. */
export type Procedure<Input, Output> = (tools: Tools, actor: Actor, input: Input) => Promise<Output>

/** What a door is handed: it opens transactions, hands out readers, and joins messages into batches. */
export interface House {
  act<Input, Output>(useCase: UseCase<Input, Output>, actor: Actor, input: Input): Promise<Output>
  ask<Input, Output>(query: Query<Input, Output>, actor: Actor, input: Input): Promise<Output>
  perform<Input, Output>(procedure: Procedure<Input, Output>, actor: Actor, input: Input): Promise<Output>
  /** Appends one message, committed when this resolves; calls that arrive during a commit share the next one. */
  append(actor: Actor, append: Append): Promise<Appended>
}

export interface Tools extends House {
  files: Files
  /** Null without a server for mail. */
  mail: Mail | null
  signIn: SignIn
  memberships: Memberships
  passwords: Passwords
  ids: Ids
  liveFeed: LiveFeed
  signals: Signals
  addresses: Addresses
  visitorProofs: VisitorProofs
  webhooks: WebhookTools
}

/** What a batch works on: rows of many conversations and accounts. */
export interface Ledgers {
  messages: MessageLedger
  dispatches: DispatchLedger
  webhooks: WebhookBook
}

/** Runs a batch in one transaction of its own. */
export type RunBatch = <Output>(work: (ledgers: Ledgers) => Promise<Output>) => Promise<Output>
