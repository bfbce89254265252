import type { Drafts } from './drafts.ts'
import { codeOf } from './outbox.ts'
import type { Cancel, Ports } from './ports.ts'
import type { Message } from './protocol.ts'

/** One after the other: they are to arrive in the order in which they were chosen. */
const AT_ONCE = 1

export interface UploadsOwner {
  token(): string | null
  ended(): void
}

/** Sends the files that wait. They do not hold up texts, and do not outlive the page. */
export interface Uploads {
  pump(): void
  cancel(id: string): void
  /** The network is back: what it broke off begins again. */
  resume(): void
}

export function createUploads({ server }: Ports, drafts: Drafts, owner: UploadsOwner): Uploads {
  const cancels = new Map<string, Cancel>()

  function pump(): void {
    const token = owner.token()
    if (token === null) return
    const waiting = drafts.all().filter(({ file, status }) => file !== null && status === 'queued')
    for (const { id } of waiting.slice(0, AT_ONCE - cancels.size)) void send(id, token)
  }

  async function send(id: string, token: string): Promise<void> {
    const draft = drafts.find(id)
    if (!draft?.file) return
    drafts.change(id, { status: 'sending', progress: 0, reason: null })
    const { text, file } = draft
    const onProgress = (progress: number) => drafts.change(id, { progress })
    const { reply, cancel } = server.upload({ id, text, file, token, onProgress })
    cancels.set(id, cancel)
    const { status, body } = await reply
    cancels.delete(id)
    if (drafts.find(id) === undefined) return pump()
    if (status === 200 || status === 201) drafts.settle(id, body as Message)
    else if (status === 401) {
      drafts.change(id, { status: 'queued' })
      return owner.ended()
    } else drafts.change(id, { status: 'failed', reason: status === 0 ? 'network' : codeOf(body) })
    pump()
  }

  return {
    pump,
    cancel(id) {
      drafts.remove(id)
      cancels.get(id)?.()
    },
    resume() {
      for (const { id, reason } of drafts.all()) {
        if (reason === 'network') drafts.change(id, { status: 'queued', reason: null })
      }
      pump()
    },
  }
}
