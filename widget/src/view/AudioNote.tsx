import { useRef, useState } from 'preact/hooks'
import { useDesk } from './desk.ts'
import { IconButton } from './icons.tsx'

/** A voice note: play, how far, how long. */
export function AudioNote({ url }: { url: string }) {
  const { say } = useDesk()
  const audio = useRef<HTMLAudioElement>(null)
  const [isPlaying, setPlaying] = useState(false)
  const [at, setAt] = useState(0)
  const [length, setLength] = useState(0)
  const toggle = () => {
    const sound = audio.current
    if (!sound) return
    if (sound.paused) void sound.play().catch(() => setPlaying(false))
    else sound.pause()
  }
  return (
    <div class="bubble voice" role="group" aria-label={say('voice')}>
      <audio
        ref={audio}
        src={url}
        preload="metadata"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={({ currentTarget }) => setAt(currentTarget.currentTime)}
        onDurationChange={({ currentTarget: { duration } }) =>
          setLength(Number.isFinite(duration) ? duration : 0)
        }
      />
      <IconButton
        icon={isPlaying ? 'pause' : 'play'}
        label={say(isPlaying ? 'pause' : 'play')}
        onClick={toggle}
      />
      <input
        type="range"
        min={0}
        max={length || 1}
        step={0.1}
        value={at}
        aria-label={say('position')}
        aria-valuetext={minutes(at)}
        onInput={({ currentTarget }) => {
          if (audio.current) audio.current.currentTime = Number(currentTarget.value)
        }}
      />
      <span class="file-size">{minutes(isPlaying || at > 0 ? at : length)}</span>
    </div>
  )
}

function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}
