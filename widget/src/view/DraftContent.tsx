import { useEffect, useRef } from 'preact/hooks'
import type { Draft } from '../core/snapshot.ts'
import { Text } from './Content.tsx'
import { useDesk } from './desk.ts'
import { Icon, IconButton } from './icons.tsx'

/** What is on its way: the words, or the file with how far it has come. */
export function DraftContent({ draft }: { draft: Draft }) {
  const { chat, say, times } = useDesk()
  const { id, file, text, status, progress } = draft
  if (file === null) return <Text text={text} />
  const isPicture = /^image\/(png|jpeg|gif|webp|avif)$/.test(file.mimeType)
  return (
    <div class={`upload ${isPicture ? 'is-picture' : ''}`}>
      {isPicture && <Preview content={file.content as Blob} />}
      <div class="bubble file">
        {!isPicture && <Icon name="file" />}
        <span class="file-name" dir="auto">
          {file.name}
        </span>
        <span class="file-size">{times.size(file.size)}</span>
        {status !== 'failed' && (
          <IconButton icon="close" size={14} label={say('cancel')} onClick={() => chat.cancel(id)} />
        )}
      </div>
      {status !== 'failed' && (
        <progress max={1} value={progress} aria-label={`${say('sending')}: ${file.name}`} />
      )}
    </div>
  )
}

const WIDEST = 240
const TALLEST = 280

/** Drawn, not linked: a page's policy may forbid `blob:` addresses. */
function Preview({ content }: { content: Blob }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    let isGone = false
    const draw = async () => {
      const picture = await createImageBitmap(content)
      const shrink = Math.min(1, WIDEST / picture.width, TALLEST / picture.height)
      const paper = canvas.current
      if (!paper || isGone) return picture.close()
      const sharp = Math.min(window.devicePixelRatio || 1, 2)
      paper.width = picture.width * shrink * sharp
      paper.height = picture.height * shrink * sharp
      paper.style.width = `${picture.width * shrink}px`
      paper.getContext('2d')?.drawImage(picture, 0, 0, paper.width, paper.height)
      picture.close()
    }
    draw().catch(() => {})
    return () => {
      isGone = true
    }
  }, [content])
  return <canvas ref={canvas} class="picture" width="1" height="1" aria-hidden="true" />
}
