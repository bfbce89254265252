import { useMemo } from 'preact/hooks'
import type { Entry, Run } from '../core/entries.ts'
import type { Message } from '../core/protocol.ts'
import type { Draft } from '../core/snapshot.ts'
import { Avatar } from './Avatar.tsx'
import { Content } from './Content.tsx'
import { useDesk } from './desk.ts'
import { DraftContent } from './DraftContent.tsx'
import { Icon, type IconName } from './icons.tsx'
import type { WordKey } from './words/en.ts'

/** What one author said in a row: one face, one time. */
export function RunView({ run, teamReadSeq }: { run: Run; teamReadSeq: number }) {
  const { say } = useDesk()
  const { isOwn, author, entries, isFirstNew } = run
  const last = entries.at(-1)
  return (
    <>
      {isFirstNew && (
        <div class="divider">
          <span>{say('newMessages')}</span>
        </div>
      )}
      <div class={`run ${isOwn ? 'own' : 'theirs'}`}>
        {!isOwn && author && <Avatar face={author} />}
        <div class="said">
          {!isOwn && author?.name && (
            <div class="author" dir="auto">
              {author.name}
            </div>
          )}
          {entries.map((entry) => (
            <EntryView key={entry.key} entry={entry} isOwn={isOwn} />
          ))}
          {last && <Mark entry={last} isOwn={isOwn} teamReadSeq={teamReadSeq} />}
        </div>
      </div>
    </>
  )
}

function EntryView({ entry: { at, message, draft }, isOwn }: { entry: Entry; isOwn: boolean }) {
  const { say, times } = useDesk()
  // A message that did not change is not looked through again.
  const content = useMemo(() => message && <Content message={message} />, [message])
  return (
    <div class="entry" title={times.exact(at)}>
      {isOwn && <span class="unseen">{say('you')}: </span>}
      {content}
      {draft && <DraftContent draft={draft} />}
      {draft?.status === 'failed' && <Failure draft={draft} />}
    </div>
  )
}

const FAILURES: Record<string, WordKey> = { file_too_large: 'failedTooLarge', invalid: 'failedType' }

function Failure({ draft: { id, file, reason } }: { draft: Draft }) {
  const { chat, say } = useDesk()
  const why = file === null ? 'failed' : (FAILURES[reason ?? ''] ?? 'failed')
  return (
    <div class="failure" role="alert">
      <Icon name="alert" size={14} />
      <span>{say(why)}</span>
      {why === 'failed' && (
        <button type="button" onClick={() => chat.retry(id)}>
          {say('tryAgain')}
        </button>
      )}
      <button type="button" onClick={() => chat.cancel(id)}>
        {say('remove')}
      </button>
    </div>
  )
}

function Mark({ entry, isOwn, teamReadSeq }: { entry: Entry; isOwn: boolean; teamReadSeq: number }) {
  const { say, times } = useDesk()
  const { at, message, draft } = entry
  if (draft?.status === 'failed' || message?.kind === 'review') return null
  const [icon, word] = markOf(message, teamReadSeq)
  return (
    <div class="mark">
      <time dir="auto" dateTime={new Date(at).toISOString()}>
        {times.clock(at)}
      </time>
      {isOwn && (
        <span class={`tick ${word}`} role="img" aria-label={say(word)} title={say(word)}>
          <Icon name={icon} size={14} />
        </span>
      )}
    </div>
  )
}

function markOf(message: Message | null, teamReadSeq: number): [IconName, 'sending' | 'sent' | 'read'] {
  if (message === null) return ['clock', 'sending']
  return message.seq <= teamReadSeq || message.status === 'read' ? ['ticks', 'read'] : ['tick', 'sent']
}
