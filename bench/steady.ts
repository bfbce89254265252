// Sends at a steady rate from a thread of its own: what else the bench does must not be taken for the server's time.
import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { setTimeout as delay } from 'node:timers/promises'
import type { WireRequest } from './load.ts'

const TICK_MS = 20
const MOST_WAITING = 2000

interface Steady {
  port: number
  /** Requests a second. */
  rate: number
  /** Sent in turn. */
  requests: WireRequest[]
}

/** Begins to send; what it returns stops, and says how long each answered one took, in milliseconds. */
export function sendSteadily(steady: Steady): () => Promise<number[]> {
  const worker = new Worker(import.meta.filename, { workerData: steady })
  return async () => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    worker.postMessage('stop')
    const [latencies] = (await once(worker, 'message')) as [number[]]
    await worker.terminate()
    return latencies
  }
}

async function run({ port, rate, requests }: Steady): Promise<void> {
  const latencies: number[] = []
  const waiting = new Set<Promise<void>>()
  const ear = { isOver: false }
  parentPort?.once('message', () => (ear.isOver = true))
  const one = async (index: number) => {
    const { method, path, headers, body } = requests[index % requests.length] ?? requests[0]!
    const begun = performance.now()
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      ...(body && { body }),
    }).catch(() => null)
    if (!answer?.ok) return
    await answer.arrayBuffer()
    latencies.push(performance.now() - begun)
  }
  const began = performance.now()
  for (let sent = 0; !ear.isOver; await delay(TICK_MS)) {
    const due = ((performance.now() - began) * rate) / 1000
    for (; sent < due && waiting.size < MOST_WAITING; sent += 1) {
      const sending = one(sent).finally(() => waiting.delete(sending))
      waiting.add(sending)
    }
  }
  await Promise.all(waiting)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  parentPort?.postMessage(latencies)
}

if (!isMainThread) await run(workerData as Steady)
