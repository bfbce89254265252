import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { isTeamThere } from '../core/card.ts'
import { arrange } from '../core/entries.ts'
import { countUnread, lastSeq } from '../core/messages.ts'
import type { Face } from '../core/protocol.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { Avatar } from './Avatar.tsx'
import { useDesk } from './desk.ts'
import { Icon } from './icons.tsx'
import { RunView } from './RunView.tsx'

/** So near the end counts as there; so near the beginning, earlier messages are fetched. */
const NEAR_END = 48
const NEAR_START = 160
/** What the day's label takes from the top. */
const DAY_LABEL = 40

/** The conversation, from the welcome to who is typing. It stays where its reader is. */
export function Thread({ snapshot, newAfter }: { snapshot: Snapshot; newAfter: number | null }) {
  const { chat, say, times } = useDesk()
  const { messages, drafts, hasEarlier, typing, widget, state } = snapshot
  const scroller = useRef<HTMLDivElement>(null)
  const last = drafts.at(-1)?.id ?? messages.at(-1)?.id ?? ''
  const { seenSeq, follow, toEnd, onScroll } = useFollowing(scroller, {
    first: messages[0]?.id ?? '',
    lastOwn: drafts.at(-1)?.id ?? '',
    last,
    newest: lastSeq(messages),
    newAfter,
  })
  const days = arrange(messages, drafts, newAfter)
  const below = follow ? 0 : countUnread(messages, seenSeq)
  return (
    <div class="thread">
      <div
        class="scroller"
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={say('messages')}
        onScroll={() => {
          onScroll()
          if ((scroller.current?.scrollTop ?? 0) < NEAR_START) void chat.earlier()
        }}
      >
        <div class="content">
          {hasEarlier ? (
            <div class="earlier" aria-hidden="true" />
          ) : (
            widget && <Welcome text={widget.welcome ?? say('welcome')} snapshot={snapshot} />
          )}
          {days.map((day) => (
            <section key={day.key} class="day">
              <h3 class="day-label">
                <span>{times.day(day.at)}</span>
              </h3>
              {day.runs.map((run) => (
                <RunView key={run.key} run={run} teamReadSeq={state?.teamReadSeq ?? 0} />
              ))}
            </section>
          ))}
          {widget && state && !isTeamThere(widget, state) && (
            <p class="notice" dir="auto">
              {widget.offline ?? say('offline')}
            </p>
          )}
          {typing !== null && <Typing name={typing} snapshot={snapshot} />}
        </div>
      </div>
      {!follow && (
        <button type="button" class="pill" onClick={toEnd} aria-label={below > 0 ? undefined : say('latest')}>
          {below > 0 && <span>{say('pill', { n: below })}</span>}
          <Icon name="down" size={16} />
        </button>
      )}
    </div>
  )
}

function Welcome({ text, snapshot }: { text: string; snapshot: Snapshot }) {
  const { widget } = snapshot
  if (widget === null) return null
  const face = widget.operators[0] ?? { id: widget.name, name: widget.name, avatarUrl: null }
  return (
    <div class="run theirs welcome">
      <Avatar face={face} />
      <div class="said">
        <div class="bubble" dir="auto">
          {text}
        </div>
      </div>
    </div>
  )
}

function Typing({ name, snapshot }: { name: string; snapshot: Snapshot }) {
  const { say } = useDesk()
  const { messages, state } = snapshot
  const faces: (Face | null | undefined)[] = [state?.assignee, ...messages.map(({ author }) => author)]
  const face = faces.findLast((one) => one?.name === name) ?? { id: name, name, avatarUrl: null }
  return (
    <div class="run theirs" role="img" aria-label={say('typing', { name })}>
      <Avatar face={face} />
      <div class="said">
        <div class="bubble dots">
          <i />
          <i />
          <i />
        </div>
      </div>
    </div>
  )
}

/** Whoever opens the panel begins to read where they stopped. */
function toDivider(box: HTMLElement): void {
  const divider = box.querySelector<HTMLElement>('.divider')
  if (divider) box.scrollTop = Math.min(box.scrollTop, divider.offsetTop - DAY_LABEL)
}

interface Ends {
  first: string
  last: string
  lastOwn: string
  newest: number
  newAfter: number | null
}

/** Follows the end while the reader is there; keeps their place when history comes in above it. */
function useFollowing(scroller: { current: HTMLDivElement | null }, ends: Ends) {
  const [follow, setFollow] = useState(true)
  const [seenSeq, setSeenSeq] = useState(0)
  const held = useRef({ ends: { ...ends, newAfter: null as number | null }, height: 0, follow: true })

  function toEnd(): void {
    const box = scroller.current
    if (box) box.scrollTop = box.scrollHeight
  }

  useLayoutEffect(() => {
    const box = scroller.current
    const before = held.current
    if (!box) return
    const hasWritten = ends.lastOwn !== '' && ends.lastOwn !== before.ends.lastOwn
    const hasGrownAbove = ends.first !== before.ends.first && ends.last === before.ends.last
    if (hasGrownAbove && before.ends.first !== '') box.scrollTop += box.scrollHeight - before.height
    else if (before.follow || hasWritten) toEnd()
    if (ends.newAfter !== before.ends.newAfter && ends.newAfter !== null) toDivider(box)
    before.ends = ends
    before.height = box.scrollHeight
  })

  // Pictures that arrive, a keyboard that opens, a panel that is shown: whoever was at the end stays there.
  useLayoutEffect(() => {
    const box = scroller.current
    if (!box?.firstElementChild) return undefined
    const watcher = new ResizeObserver(() => {
      if (held.current.follow) toEnd()
    })
    watcher.observe(box)
    watcher.observe(box.firstElementChild)
    return () => watcher.disconnect()
  }, [])

  function onScroll(): void {
    const box = scroller.current
    if (!box || box.clientHeight === 0) return
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END
    held.current.follow = isAtEnd
    held.current.height = box.scrollHeight
    if (isAtEnd !== follow) setFollow(isAtEnd)
    if (follow && !isAtEnd) setSeenSeq(ends.newest)
  }

  return { follow, seenSeq, toEnd, onScroll }
}
