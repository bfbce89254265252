// What becomes of messages whose dispatcher died: somebody else has to find them.
import { until } from './program.ts'

type Ask = (sql: string) => Promise<Record<string, unknown>[]>

/** As if minutes had gone by: a dead dispatcher's leases run out, and what it left lying counts as overdue. */
export async function letMinutesPass(ask: Ask): Promise<void> {
  await ask(`update outbox set leased_until = now() - interval '1 second',
    created_at = created_at - interval '5 minutes', retry_at = retry_at - interval '5 minutes'`)
  await ask(`select graphile_worker.add_job('overdue.enqueue')`)
}

/** A job that failed may be waiting to be tried again: then the next sweeps find its messages. */
const MOST_SWEEPS = 3

export async function untilDispatched(ask: Ask): Promise<void> {
  let before = Infinity
  for (let sweeps = 0; ;) {
    const waiting = await countPending(ask)
    if (waiting === 0) return
    if (waiting >= before) {
      if (sweeps === MOST_SWEEPS)
        throw new Error(`${waiting} messages are not dispatched, and nobody is at it`)
      sweeps += 1
      await letMinutesPass(ask)
    }
    before = waiting
    await until('fewer messages wait', async () => (await countPending(ask)) < waiting).catch(() => undefined)
  }
}

async function countPending(ask: Ask): Promise<number> {
  const [row] = await ask(`select count(*) as waiting from outbox`)
  return Number(row?.waiting)
}
