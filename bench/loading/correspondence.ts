import { chance } from './seeded.ts'

/** Who and where, by position; conversations name them by it. */
export interface Furniture {
  channelIds: string[]
  groupIds: string[]
  operatorIds: string[]
}

const YEAR_MS = 365 * 86_400_000
const DAY_MS = 86_400_000
/** Positions of conversations fit below it, times in seconds above it. */
const POSITIONS = 2 ** 21

/** Everything said in so many conversations over the year before `now`, and what it left each of them as. */
export interface Correspondence {
  count: number
  /** Milliseconds. */
  createdAt(conversation: number): number
  stateOf(conversation: number): LoadedState
  /** Each message's conversation, its place there from 1 and its moment, in order of time. */
  messages(): Iterable<Spoken>
}

export interface Spoken {
  conversation: number
  seq: number
  at: number
  isInbound: boolean
}

export interface LoadedState {
  status: 'open' | 'pending' | 'snoozed' | 'closed'
  operator: number | null
  channel: number
  group: number
  priority: 'low' | 'normal' | 'high' | 'urgent'
  messageCount: number
  unreadCount: number
  isWaiting: boolean
  lastMessageAt: number
  updatedAt: number
}

/** On average five messages a conversation: 1 to 9, so that two neighbours have ten. */
const messagesOf = (conversation: number) => {
  const share = Math.floor(9 * chance(conversation >> 1, 3))
  return conversation % 2 === 0 ? 1 + share : 9 - share
}

/** The customer begins, mostly, and then it goes back and forth. */
export const isInbound = (conversation: number, seq: number) =>
  chance(conversation, seq, 5) < (seq === 1 ? 0.95 : 0.5)

export function correspond(count: number, furniture: Furniture, now: Date): Correspondence {
  const end = Math.floor(now.getTime() / 1000) * 1000
  const start = end - YEAR_MS
  const createdAt = (conversation: number) =>
    start + Math.floor((YEAR_MS * (conversation + chance(conversation, 2))) / count)
  const lastAt = new Float64Array(count)
  const order = timeOrder(count, { createdAt, start, end }, lastAt)

  return {
    count,
    createdAt,
    stateOf: (conversation) => stateOf(conversation, furniture, { lastAt: lastAt[conversation] ?? 0, end }),
    *messages() {
      const said = new Uint16Array(count)
      for (const packed of order) {
        const conversation = packed % POSITIONS
        const seq = (said[conversation] ?? 0) + 1
        said[conversation] = seq
        const at = start + Math.floor(packed / POSITIONS) * 1000
        yield { conversation, seq, at, isInbound: isInbound(conversation, seq) }
      }
    },
  }
}

/** Moments and conversations of all messages packed into numbers and sorted; fills in each conversation's last moment. */
function timeOrder(
  count: number,
  span: { createdAt(conversation: number): number; start: number; end: number },
  lastAt: Float64Array,
): Float64Array {
  const order: number[] = []
  for (let conversation = 0; conversation < count; conversation += 1) {
    let at = span.createdAt(conversation)
    for (let seq = 1; seq <= messagesOf(conversation); seq += 1) {
      if (seq > 1) at = Math.min(span.end - 1000, at + pauseAfter(conversation, seq, span.end - at))
      const seconds = Math.floor((at - span.start) / 1000)
      order.push(seconds * POSITIONS + conversation)
      lastAt[conversation] = span.start + seconds * 1000
    }
  }
  return Float64Array.from(order).sort()
}

/** Minutes within a talk; one pause in five lasts until the customer comes back, any time until now. */
function pauseAfter(conversation: number, seq: number, left: number): number {
  const length = chance(conversation, seq, 7)
  return chance(conversation, seq, 6) < 0.8 ? 30_000 + 600_000 * length : left * length
}

/** A skewed choice: the first of many far more often than the last. */
const skewed = (length: number, share: number) => Math.floor(length * share * share)

function stateOf(
  conversation: number,
  furniture: Furniture,
  { lastAt, end }: { lastAt: number; end: number },
): LoadedState {
  const messageCount = messagesOf(conversation)
  const isRecent = end - lastAt < 3 * DAY_MS
  const open = chance(conversation, 11) < (isRecent ? 0.8 : 0.4)
  const share = chance(conversation, 12)
  const status = !open ? 'closed' : share < 0.7 ? 'open' : share < 0.85 ? 'pending' : 'snoozed'
  const isWaiting = open && isInbound(conversation, messageCount)
  const isTaken = chance(conversation, 13) < (open ? 0.65 : 0.85)
  const rank = chance(conversation, 16)
  return {
    status,
    operator: isTaken ? skewed(furniture.operatorIds.length, chance(conversation, 14)) : null,
    channel: skewed(furniture.channelIds.length, chance(conversation, 15)),
    group: skewed(furniture.groupIds.length, chance(conversation, 17)),
    priority: rank < 0.9 ? 'normal' : rank < 0.95 ? 'low' : rank < 0.99 ? 'high' : 'urgent',
    messageCount,
    unreadCount:
      isWaiting && chance(conversation, 18) < 0.85 ? 1 + Math.floor(3 * chance(conversation, 20)) : 0,
    isWaiting,
    lastMessageAt: lastAt,
    updatedAt: Math.min(end, lastAt + Math.floor(3_600_000 * chance(conversation, 19))),
  }
}
