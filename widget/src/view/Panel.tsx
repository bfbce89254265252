import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { isCardDue } from '../core/card.ts'
import type { File } from '../core/protocol.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { CardForm } from './CardForm.tsx'
import { Composer } from './Composer.tsx'
import { DeskProvider, useDesk, type Desk } from './desk.ts'
import { Header } from './Header.tsx'
import { Icon } from './icons.tsx'
import { usePart } from './lazy.ts'
import { pickedFrom } from './picked.ts'
import { Spoken } from './Spoken.tsx'
import { Thread } from './Thread.tsx'

const fetchViewer = () => import('./Viewer.tsx').then(({ Viewer }) => Viewer)

export interface PanelProps {
  desk: Omit<Desk, 'show'>
  snapshot: Snapshot
  scene: { isMuted: boolean; isWhole: boolean; newAfter: number | null; focusAt: number }
  isPoweredShown: boolean
  onMute(): void
  onClose(): void
}

/** The whole of the chat. */
export function Panel(props: PanelProps) {
  const { desk, snapshot, scene } = props
  const { chat } = desk
  const [shown, setShown] = useState<string | null>(null)
  const held = useMemo(() => ({ ...desk, show: setShown }), [desk])
  const Viewer = usePart(shown !== null, fetchViewer)
  const { isDragging, ...dropping } = useDropping((files) => chat.attach(pickedFrom(files)))
  return (
    <DeskProvider value={held}>
      <div
        class="surface"
        role="dialog"
        aria-modal={scene.isWhole}
        aria-labelledby="parley-title"
        {...dropping}
      >
        <Header snapshot={snapshot} isMuted={scene.isMuted} onMute={props.onMute} onClose={props.onClose} />
        <Body {...props} />
        <Foot {...props} />
        {isDragging && <div class="drop">{desk.say('drop')}</div>}
        <Spoken messages={snapshot.messages} />
        {Viewer && shown !== null && (
          <Viewer
            pictures={picturesOf(snapshot)}
            url={shown}
            onShow={setShown}
            onClose={() => setShown(null)}
          />
        )}
      </div>
    </DeskProvider>
  )
}

/** The conversation; or what there is instead of it. */
function Body({ desk: { say }, snapshot, scene }: PanelProps) {
  const { line, phase, widget } = snapshot
  if (phase === 'refused') return <Refused />
  return (
    <>
      {line === 'lost' && (
        <div class="bar" role="status">
          <Icon name="offline" size={16} />
          {say('lost')}
        </div>
      )}
      {widget === null ? <Skeleton /> : <Thread snapshot={snapshot} newAfter={scene.newAfter} />}
    </>
  )
}

/** The focus was in the field that is not there any more: it goes to the way on. */
function Refused() {
  const { chat, say } = useDesk()
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus(), [])
  return (
    <div class="empty">
      <p role="alert">{say('refused')}</p>
      <button ref={button} type="button" class="main-button" onClick={() => chat.begin()}>
        {say('tryAgain')}
      </button>
    </div>
  )
}

/** Where one writes, or why not. */
function Foot({ desk: { say }, snapshot, scene: { focusAt }, isPoweredShown }: PanelProps) {
  const [isSkipped, setSkipped] = useState(false)
  const { widget, visitor, state, phase } = snapshot
  const isDue = !isSkipped && widget && visitor && state && isCardDue(widget, visitor, state)
  const isLocked = state?.isLocked ?? false
  return (
    <div class="foot">
      {phase === 'refused' ? null : isLocked ? (
        <p class="notice">{say('locked')}</p>
      ) : isDue ? (
        <CardForm widget={widget} visitor={visitor} focusAt={focusAt} onSkip={() => setSkipped(true)} />
      ) : (
        <Composer focusAt={focusAt} />
      )}
      {isPoweredShown && <p class="powered">{say('powered')}</p>}
    </div>
  )
}

/** In the shape of what comes, and only if it takes its time. */
function Skeleton() {
  return (
    <div class="thread skeleton" aria-hidden="true">
      <i />
      <i />
      <i />
    </div>
  )
}

function picturesOf({ messages }: Snapshot): File[] {
  return messages.flatMap(({ kind, file }) => (kind === 'image' && file ? [file] : []))
}

function useDropping(drop: (files: FileList) => void) {
  const [isDragging, setDragging] = useState(false)
  const depth = useRef(0)
  const holdsFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false
  const move = (step: number) => {
    depth.current += step
    setDragging(depth.current > 0)
  }
  // A drag that leaves the window while it is over us is over, too.
  useEffect(() => {
    const end = () => move(-depth.current)
    addEventListener('dragend', end)
    return () => removeEventListener('dragend', end)
  }, [])
  return {
    isDragging,
    onDragEnter: (event: DragEvent) => holdsFiles(event) && move(1),
    onDragLeave: (event: DragEvent) => holdsFiles(event) && move(-1),
    onDragOver: (event: DragEvent) => holdsFiles(event) && event.preventDefault(),
    onDrop: (event: DragEvent) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      move(-depth.current)
      if (event.dataTransfer?.files.length) drop(event.dataTransfer.files)
    },
  }
}
