import { waitAfter } from './backoff.ts'
import type { Drafts } from './drafts.ts'
import type { Cancel, Ports } from './ports.ts'
import type { ClientFrame, Message } from './protocol.ts'

/** Not this message's fault: it is worth sending again as it is. */
const PASSING = new Set(['rate_limited', 'overloaded'])
/** A sending that was not answered for so long is asked about again. */
const UNANSWERED = 15_000

export interface OutboxOwner {
  token(): string | null
  isLive(): boolean
  send(frame: ClientFrame): boolean
  /** The line took a sending and says nothing. */
  unanswered(): void
  ended(): void
}

/** Sends the texts that wait, in order: over the line while it is open, else one by one over HTTP. Each is sent under its own id until answered. */
export interface Outbox {
  pump(): void
  /** Answers of the line. */
  accepted(id: string, message: Message): void
  refused(id: string, code: string): void
  /** What the line had taken and not answered has to be sent again. */
  lineLost(): void
}

export function createOutbox(ports: Ports, drafts: Drafts, owner: OutboxOwner): Outbox {
  const { clock, server, random } = ports
  let isPosting = false
  let failures = 0
  let cancelWait: Cancel | null = null
  let cancelPatience: Cancel = () => {}

  const waiting = () => drafts.all().filter(({ file, status }) => file === null && status === 'queued')
  const underWay = () => drafts.all().some(({ file, status }) => file === null && status === 'sending')

  function pump(): void {
    cancelWait?.()
    cancelWait = null
    const queue = waiting()
    const [first] = queue
    if (first === undefined || isPosting) return
    if (owner.isLive()) {
      for (const { id, text } of queue) {
        drafts.change(id, { status: 'sending' })
        if (!owner.send({ type: 'send', id, text })) drafts.change(id, { status: 'queued' })
      }
      beginPatience()
    } else if (owner.token() !== null) void post(first.id, first.text)
  }

  function beginPatience(): void {
    cancelPatience()
    cancelPatience = clock.after(UNANSWERED, () => {
      if (underWay() && !isPosting) owner.unanswered()
    })
  }

  async function post(id: string, text: string): Promise<void> {
    isPosting = true
    drafts.change(id, { status: 'sending' })
    const request = {
      method: 'POST',
      path: '/messages',
      token: owner.token() ?? '',
      body: { id, text },
    } as const
    const { status, body } = await server.ask(request).reply
    isPosting = false
    if (status === 200 || status === 201) {
      failures = 0
      drafts.settle(id, body as Message)
      pump()
    } else if (status === 401) {
      drafts.change(id, { status: 'queued' })
      owner.ended()
    } else if (status === 0 || status === 429 || status >= 500) later(id)
    else {
      drafts.change(id, { status: 'failed', reason: codeOf(body) })
      pump()
    }
  }

  function later(id: string): void {
    failures += 1
    drafts.change(id, { status: 'queued' })
    cancelWait?.()
    cancelWait = clock.after(waitAfter(failures, random), pump)
  }

  return {
    pump,
    accepted(id, message) {
      failures = 0
      drafts.settle(id, message)
      if (underWay()) beginPatience()
      else cancelPatience()
    },
    refused(id, code) {
      if (PASSING.has(code)) later(id)
      else drafts.change(id, { status: 'failed', reason: code })
    },
    lineLost() {
      cancelPatience()
      if (isPosting) return
      for (const { id, file, status } of drafts.all()) {
        if (file === null && status === 'sending') drafts.change(id, { status: 'queued' })
      }
      pump()
    },
  }
}

export function codeOf(body: unknown): string {
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : null
  return typeof code === 'string' ? code : 'unknown'
}
