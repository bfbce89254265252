import { Client } from 'pg'
import { type Named, TEXT } from './doors.ts'

export interface DirectRows {
  databaseUrl: string
  accountId: string
  channelId: string
  operatorId: string
  conversations: Named[]
}

const MESSAGE = `insert into message (account_id, id, conversation_id, channel_id, seq, kind, direction, author_kind, author_id, text, status,
  dispatch_number, is_echo, is_echo_outgoing, is_history, send_to_crm, metadata, micros, occurred_at, created_at, updated_at)
  values ($1, gen_random_uuid(), $2, $3, $4::integer, 'text', 'outbound', 'operator', $5, $6, 'sent',
  nextval('dispatch_number'), false, false, false, true, '{}', $4::integer, now(), now(), now())`

/** Places far above what the server numbers, so that both can write into the same conversations. */
let seq = 1_000_000

/** One message row a commit, by as many direct clients of the database: what the same disk and tables give without a server. */
export async function rowsPerSecond(
  rows: DirectRows,
  settings: { clients: number; seconds: number },
): Promise<number> {
  const clients = await Promise.all(
    Array.from({ length: settings.clients }, async () => {
      const client = new Client({ connectionString: rows.databaseUrl })
      await client.connect()
      return client
    }),
  )
  let count = 0
  const startedAt = performance.now()
  const endsAt = startedAt + settings.seconds * 1000
  const insertUntilTheEnd = async (client: Client) => {
    while (performance.now() < endsAt) {
      const to = rows.conversations[(count++ * 7919) % rows.conversations.length]
      const values = [rows.accountId, to?.id, rows.channelId, seq++, rows.operatorId, TEXT]
      await client.query({ name: 'message', text: MESSAGE, values })
    }
    await client.end()
  }
  await Promise.all(clients.map(insertUntilTheEnd))
  return count / ((performance.now() - startedAt) / 1000)
}
