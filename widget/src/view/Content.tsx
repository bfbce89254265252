import type { File, Message } from '../core/protocol.ts'
import { AudioNote } from './AudioNote.tsx'
import { useDesk } from './desk.ts'
import { Icon } from './icons.tsx'
import { Linked } from './Linked.tsx'
import { ReviewCard } from './ReviewCard.tsx'

/** What one message consists of. */
export function Content({ message }: { message: Message }) {
  const { kind, text, file, details, review } = message
  if (kind === 'review' && review) return <ReviewCard review={review} question={text} />
  return (
    <>
      {file && <FileView kind={kind} file={file} />}
      {kind === 'location' && <Location details={details ?? {}} />}
      {text !== '' && <Text text={text} />}
      {kind === 'buttons' && <Buttons details={details ?? {}} />}
    </>
  )
}

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\ufe0f|\u200d)*){1,3}$/u

export function Text({ text }: { text: string }) {
  return (
    <div class={`bubble ${text.length < 24 && ONLY_EMOJI.test(text) ? 'only-emoji' : ''}`} dir="auto">
      <Linked text={text} />
    </div>
  )
}

function FileView({ kind, file }: { kind: Message['kind']; file: File }) {
  const { say } = useDesk()
  if (!/^https?:\/\//i.test(file.url)) return null
  if (kind === 'image') return <Picture file={file} />
  if (kind === 'audio') return <AudioNote url={file.url} />
  if (kind === 'video') {
    return (
      <video
        class="picture"
        src={file.url}
        controls
        preload="metadata"
        playsInline
        aria-label={say('video')}
      />
    )
  }
  return <FileRow file={file} />
}

const WIDEST = 240
const TALLEST = 280

/** Its place is kept while it loads, so that nothing jumps. */
function Picture({ file }: { file: File }) {
  const { say, show } = useDesk()
  const { width, height, name, url, previewUrl } = file
  const shrink = Math.min(1, WIDEST / (width ?? WIDEST), TALLEST / (height ?? 180))
  return (
    <button type="button" class="picture" aria-label={say('openPicture', { name })} onClick={() => show(url)}>
      <img
        src={previewUrl ?? url}
        alt={name}
        width={Math.round((width ?? WIDEST) * shrink)}
        height={Math.round((height ?? 180) * shrink)}
        loading="lazy"
        decoding="async"
      />
    </button>
  )
}

function FileRow({ file: { url, name, size } }: { file: File }) {
  const { times } = useDesk()
  return (
    <a class="bubble file" href={url} target="_blank" rel="noopener noreferrer nofollow" download={name}>
      <Icon name="file" />
      <span class="file-name" dir="auto">
        {name}
      </span>
      <span class="file-size">{times.size(size)}</span>
    </a>
  )
}

function Location({ details }: { details: Record<string, unknown> }) {
  const { say } = useDesk()
  const [latitude, longitude] = [Number(details.latitude), Number(details.longitude)]
  const name = typeof details.name === 'string' ? details.name : say('location')
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return null
  const href = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`
  return (
    <a class="bubble file" href={href} target="_blank" rel="noopener noreferrer nofollow">
      <Icon name="pin" />
      <span class="file-name" dir="auto">
        {name}
      </span>
    </a>
  )
}

interface Button {
  title: string
  url: string | null
}

/** A button answers with its own words, or opens a page. */
function Buttons({ details }: { details: Record<string, unknown> }) {
  const { chat } = useDesk()
  return (
    <div class="choices">
      {buttonsOf(details.buttons).map(({ title, url }) =>
        url === null ? (
          <button type="button" dir="auto" onClick={() => chat.write(title)}>
            {title}
          </button>
        ) : (
          <a href={url} dir="auto" target="_blank" rel="noopener noreferrer nofollow">
            {title}
          </a>
        ),
      )}
    </div>
  )
}

function buttonsOf(listed: unknown): Button[] {
  if (!Array.isArray(listed)) return []
  return listed.flatMap((one: { title?: unknown; url?: unknown } | null) => {
    if (typeof one?.title !== 'string') return []
    const isSafe = typeof one.url === 'string' && /^https?:\/\//i.test(one.url)
    return [{ title: one.title, url: isSafe ? String(one.url) : null }]
  })
}
