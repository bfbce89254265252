// Compares the journal of the clients with the database: what was promised, and what is there.
import { NO_ANSWER, UNAVAILABLE } from './client.ts'
import { DOORS } from './doors.ts'
import { stateOf, type Entry, type Journal } from './journal.ts'

type Ask = (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>

/** A message as it lies in the database. */
interface Stored {
  id: string
  number: string
  seq: number
  conversation: string
  conversationNumber: string
  client: string
  text: string
}

interface Check {
  journal: Journal
  ask: Ask
  /** False when the server itself was killed: then a request may have had no answer. */
  isServerUp: boolean
}

export interface Verdict {
  /** What is wrong, in words; none when every promise was kept. */
  faults: string[]
  sent: number
  acknowledged: number
  refused: number
  /** Messages of which at least one attempt had no certain answer. */
  unknownAtFirst: number
  attempts: number
}

const MOST_FAULTS = 20

/** Every promise about sending, held against the database. Call it when nothing is being sent any more. */
export async function check({ journal, ask, isServerUp }: Check): Promise<Verdict> {
  const entries = journal.read()
  const stored = await readStored(ask, journal.mark)
  const byText = Map.groupBy(stored, ({ text }) => text)
  const known = new Set(entries.map(({ intent }) => intent.text))
  const open = isServerUp ? [UNAVAILABLE] : [UNAVAILABLE, NO_ANSWER]
  const faults = [
    ...entries.flatMap((entry) =>
      [...faultsOfAnswers(entry, open), ...faultsOfStored(entry, byText.get(entry.intent.text) ?? [])].map(
        (fault) => `${entry.intent.door} “${entry.intent.text}”: ${fault}`,
      ),
    ),
    ...stored.filter(({ text }) => !known.has(text)).map(({ text }) => `nobody sent “${text}”`),
    ...faultsOfOrder(entries, byText),
    ...(await checkTables(ask)),
  ]
  const count = (state: string) => entries.filter((entry) => stateOf(entry) === state).length
  return {
    // Many attempts at one message may have met the same fault.
    faults: [...new Set(faults)].slice(0, MOST_FAULTS),
    sent: entries.length,
    acknowledged: count('acknowledged'),
    refused: count('refused'),
    unknownAtFirst: entries.filter(({ outcomes }) => outcomes.some(({ state }) => state === 'unknown'))
      .length,
    attempts: entries.reduce((sum, { outcomes }) => sum + outcomes.length, 0),
  }
}

async function readStored(ask: Ask, mark: string): Promise<Stored[]> {
  const rows = await ask(
    `select m.id, m.number, m.seq, m.text, c.id as conversation, c.number as conversation_number, i.external_id as client
       from message m
       join conversation c on c.account_id = m.account_id and c.id = m.conversation_id
       join contact_identity i on i.account_id = c.account_id and i.id = c.identity_id
      where m.text like $1 order by m.conversation_id, m.seq`,
    [`${mark} %`],
  )
  return rows.map((row) => ({
    ...{ id: String(row.id), number: String(row.number), seq: Number(row.seq), text: String(row.text) },
    ...{ conversation: String(row.conversation), client: String(row.client) },
    conversationNumber: String(row.conversation_number),
  }))
}

/** What the server may say: 2xx, 503, and a refusal where one is due. Two answers never name two messages. */
function faultsOfAnswers({ intent, outcomes }: Entry, open: string[]): string[] {
  const acknowledged = new Set(outcomes.flatMap((each) => (each.state === 'acknowledged' ? [each.id] : [])))
  const refusals = outcomes.flatMap((each) => (each.state === 'refused' ? [each] : []))
  const unexpected = outcomes.flatMap((each) =>
    each.state === 'unknown' && !open.includes(each.why) ? [each.why] : [],
  )
  return [
    ...unexpected.map((why) => `was answered: ${why}`),
    ...(acknowledged.size > 1 ? [`was acknowledged as ${[...acknowledged].join(' and ')}`] : []),
    ...(intent.isWrong && acknowledged.size > 0 ? ['was acknowledged, and should have been refused'] : []),
    ...(intent.isWrong ? [] : refusals.map(({ status, said }) => `was refused: ${status} ${said}`)),
  ]
}

/** Acknowledged: there once, as acknowledged. Refused: absent. Unknown: resolved, or at most once where there is no key. */
function faultsOfStored(entry: Entry, rows: Stored[]): string[] {
  const { intent, outcomes } = entry
  const state = stateOf(entry)
  const faults: string[] = []
  if (state === 'acknowledged') {
    const id = outcomes.find((each) => each.state === 'acknowledged')?.id
    const name = DOORS[intent.door].acknowledges
    if (rows.length !== 1) faults.push(`acknowledged, and there ${rows.length} times`)
    else if (rows[0]?.[name] !== id) faults.push(`acknowledged as ${id}, and there as ${rows[0]?.[name]}`)
  }
  if (state === 'refused' && rows.length > 0) faults.push('refused, and there')
  if (state === 'unknown' && intent.key !== null) faults.push('its fate is still unknown')
  if (state === 'unknown' && rows.length > 1)
    faults.push(`never acknowledged, and there ${rows.length} times`)
  for (const row of rows)
    if (![row.conversation, row.conversationNumber, row.client].includes(intent.to))
      faults.push(`is in another conversation than ${intent.to}`)
  return faults
}

/** Within a conversation, what was acknowledged before another message was first sent comes before it. */
function faultsOfOrder(entries: Entry[], byText: Map<string, Stored[]>): string[] {
  const placed = entries.flatMap((entry) => {
    const row = byText.get(entry.intent.text)?.[0]
    const acknowledgedAt = entry.outcomes.find(({ state }) => state === 'acknowledged')?.at ?? Infinity
    return row ? [{ ...row, intendedAt: entry.intendedAt, acknowledgedAt }] : []
  })
  const faults: string[] = []
  for (const messages of Map.groupBy(placed, ({ conversation }) => conversation).values()) {
    let latest = -1
    for (const message of messages.sort((a, b) => a.seq - b.seq)) {
      if (message.acknowledgedAt < latest)
        faults.push(`“${message.text}” was acknowledged before another one was sent, and stands after it`)
      latest = Math.max(latest, message.intendedAt)
    }
  }
  return faults
}

const TABLES: { fault: string; sql: string }[] = [
  {
    fault: 'a conversation whose seq is not 1…n, or whose counters do not say what is there',
    sql: `select c.id from conversation c left join lateral (
            select count(*) as entries, min(m.seq) as lowest, max(m.seq) as highest, max(m.micros) as micros,
                   count(*) filter (where m.kind not in ('note', 'system')) as spoken,
                   max(m.seq) filter (where m.kind not in ('note', 'system')) as last_spoken
              from message m where m.account_id = c.account_id and m.conversation_id = c.id) m on true
           where c.last_seq <> m.entries or c.message_count <> m.spoken
              or (m.entries > 0 and (m.lowest <> 1 or m.highest <> m.entries or c.last_micros <> m.micros))
              or (m.spoken > 0 and not exists (select from message l where l.account_id = c.account_id
                    and l.conversation_id = c.id and l.id = c.last_message_id and l.seq = m.last_spoken))`,
  },
  {
    fault: 'a message that is not later than the one before it',
    sql: `select id from (select id, micros, lag(micros) over (partition by account_id, conversation_id order by seq) as before
            from message) m where micros <= before`,
  },
  {
    fault: 'a message without its one event',
    sql: `select m.id from message m left join event e on e.account_id = m.account_id
             and e.conversation_id = m.conversation_id and e.data ->> 'messageId' = m.id::text
             and (e.data ->> 'seq')::int = m.seq
             and e.type = case when m.kind = 'note' then 'message.noted'
                               when m.direction = 'inbound' then 'message.received' else 'message.queued' end
           group by m.account_id, m.id having count(e.id) <> 1`,
  },
  {
    fault: 'an event of a message that is not there',
    sql: `select e.id from event e where e.data ? 'messageId' and not exists (
            select from message m where m.account_id = e.account_id and m.id = (e.data ->> 'messageId')::uuid)`,
  },
  {
    fault: 'an event that stands before one of an earlier message',
    sql: `select id from (select id, (data ->> 'seq')::int as seq, lag((data ->> 'seq')::int)
              over (partition by account_id, conversation_id order by id) as before
            from event where type in ('message.queued', 'message.received', 'message.noted')) e where seq <> before + 1`,
  },
  {
    fault: 'a message that is pending and not in the outbox, or there and not pending',
    sql: `select coalesce(m.id, o.message_id) as id from (select * from message where status = 'pending') m
            full join outbox o on o.account_id = m.account_id and o.message_id = m.id and o.seq = m.seq
           where m.id is null or o.message_id is null`,
  },
]

/** What must hold of the whole database, whoever wrote. */
export async function checkTables(ask: Ask): Promise<string[]> {
  const faults: string[] = []
  for (const { fault, sql } of TABLES) {
    const rows = await ask(sql)
    if (rows.length > 0) faults.push(`${rows.length} times ${fault}, first ${String(rows[0]?.id)}`)
  }
  return faults
}
