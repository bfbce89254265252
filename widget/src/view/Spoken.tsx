import { useEffect, useRef, useState } from 'preact/hooks'
import { lastSeq } from '../core/messages.ts'
import type { Message } from '../core/protocol.ts'
import { useDesk } from './desk.ts'

/** Says aloud, to whoever listens to the page, what the team writes; what was there before is not read out. */
export function Spoken({ messages }: { messages: Message[] }) {
  const { say } = useDesk()
  const from = useRef<number | null>(null)
  const [said, setSaid] = useState<Message[]>([])
  useEffect(() => {
    const last = lastSeq(messages)
    const known = from.current ?? last
    from.current = Math.max(known, last)
    const news = messages.filter(({ seq, author }) => seq > known && author.kind !== 'visitor')
    if (news.length > 0) setSaid([...said, ...news].slice(-5))
  }, [messages])
  return (
    <div class="unseen" role="log" aria-live="polite" aria-label={say('newMessages')}>
      {said.map(({ id, author, text, file }) => (
        <p key={id}>{`${author.name ?? ''}: ${text || (file?.name ?? '')}`}</p>
      ))}
    </div>
  )
}
