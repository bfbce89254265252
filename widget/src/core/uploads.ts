import type { Drafts } from './drafts.ts'
import { codeOf } from './outbox.ts'
import type { Cancel, Ports } from './ports.ts'
import type { Message } from './protocol.ts'

export interface UploadsOwner {
  token(): string | null
  ended(): void
}

/** Sends the files that wait, one after the other, so that they arrive as they were chosen. They do not hold up texts, and do not outlive the page. */
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
    const next = drafts.all().find(({ file, status }) => file !== null && status === 'queued')
    if (next && cancels.size === 0) void send(next.id, token)
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
