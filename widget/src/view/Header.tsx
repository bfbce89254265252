import { isTeamThere } from '../core/card.ts'
import type { Face, State, Widget } from '../core/protocol.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { Avatar } from './Avatar.tsx'
import { useDesk, type Desk } from './desk.ts'
import { IconButton } from './icons.tsx'
import { backAt } from './times.ts'

const REPLIES = { minutes: 'replyMinutes', hours: 'replyHours', day: 'replyDay' } as const

/** Who is there, and when they answer. */
export function Header(props: {
  snapshot: Snapshot
  isMuted: boolean
  onMute: () => void
  onClose: () => void
}) {
  const desk = useDesk()
  const { say } = desk
  const { widget, state } = props.snapshot
  const assignee = state?.assignee ?? null
  const faces: Face[] = assignee ? [assignee] : (widget?.operators ?? [])
  const isThere = widget !== null && state !== null && isTeamThere(widget, state)
  return (
    <div class="header">
      {faces.length > 0 && (
        <div class="faces">
          {faces.map((face) => (
            <Avatar key={face.id} face={face} size={faces.length > 1 ? 32 : 36} />
          ))}
        </div>
      )}
      <div class="who">
        <h2 id="parley-title" dir="auto">
          {assignee?.name ?? widget?.title ?? say('title')}
        </h2>
        {props.snapshot.phase !== 'refused' && (
          <p class={isThere ? 'is-there' : ''}>{widget && state && presence(widget, state, desk)}</p>
        )}
      </div>
      <IconButton
        icon={props.isMuted ? 'silent' : 'sound'}
        label={say(props.isMuted ? 'unmute' : 'mute')}
        onClick={props.onMute}
      />
      <IconButton icon="close" label={say('close')} class="close" onClick={props.onClose} />
    </div>
  )
}

function presence(widget: Widget, state: State, { say, locale, now }: Desk): string {
  const { hours, replyTime } = widget
  if (!isTeamThere(widget, state)) {
    if (hours?.opensAt) return backAt(Date.parse(hours.opensAt), now(), { say, locale })
    return say(replyTime && hours === null ? REPLIES[replyTime] : 'away')
  }
  return say(replyTime ? REPLIES[replyTime] : 'online')
}
