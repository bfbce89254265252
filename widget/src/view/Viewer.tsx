import { useEffect, useRef } from 'preact/hooks'
import type { File } from '../core/protocol.ts'
import { useDesk } from './desk.ts'
import { Icon, IconButton } from './icons.tsx'

/** A picture over the whole page: Esc closes it, arrows go to the one before and after. */
export function Viewer(props: {
  pictures: File[]
  url: string
  onShow: (url: string) => void
  onClose: () => void
}) {
  const { say } = useDesk()
  const { pictures, url, onShow, onClose } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const at = pictures.findIndex((picture) => picture.url === url)
  const picture = pictures[at]
  useEffect(() => dialog.current?.showModal(), [])
  if (!picture) return null
  const show = (step: number) => {
    const next = pictures[at + step]
    if (next) onShow(next.url)
  }
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={picture.name}
      onClose={onClose}
      onClick={({ target, currentTarget }) => target === currentTarget && onClose()}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'ArrowLeft') show(-1)
        if (event.key === 'ArrowRight') show(1)
      }}
    >
      <img src={picture.url} alt={picture.name} />
      <div class="viewer-bar">
        <span class="file-name" dir="auto">
          {picture.name}
        </span>
        <a
          class="icon-button"
          href={picture.url}
          download={picture.name}
          target="_blank"
          rel="noopener noreferrer nofollow"
          aria-label={say('download')}
          title={say('download')}
        >
          <Icon name="download" />
        </a>
        <IconButton icon="close" label={say('closePicture')} onClick={onClose} />
      </div>
      {at > 0 && (
        <IconButton class="before" icon="left" label={say('previousPicture')} onClick={() => show(-1)} />
      )}
      {at < pictures.length - 1 && (
        <IconButton class="after" icon="right" label={say('nextPicture')} onClick={() => show(1)} />
      )}
    </dialog>
  )
}
