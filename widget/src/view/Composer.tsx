import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useDesk } from './desk.ts'
import { Icon, IconButton } from './icons.tsx'
import { usePart } from './lazy.ts'
import { pickedFrom } from './picked.ts'

/** Within one frame of the line, whatever the script. */
const LONGEST = 10_000
const fetchEmoji = () => import('./EmojiPicker.tsx').then(({ EmojiPicker }) => EmojiPicker)

/** Where one writes. */
export function Composer({ focusAt }: { focusAt: number }) {
  const { chat, say } = useDesk()
  const [text, setText] = useState('')
  const [isPicking, setPicking] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const chooser = useRef<HTMLInputElement>(null)
  const EmojiPicker = usePart(isPicking, fetchEmoji)

  useLayoutEffect(() => {
    if (field.current) grow(field.current)
  }, [text])
  useEffect(() => {
    if (focusAt > 0) field.current?.focus()
  }, [focusAt])

  const send = () => {
    chat.write(text)
    setText('')
    setPicking(false)
    field.current?.focus()
  }
  const insert = (emoji: string) => {
    const { selectionStart, selectionEnd } = field.current ?? {
      selectionStart: text.length,
      selectionEnd: text.length,
    }
    setText(text.slice(0, selectionStart) + emoji + text.slice(selectionEnd))
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(selectionStart + emoji.length, selectionStart + emoji.length)
    })
  }
  const attach = (files: FileList | null | undefined) => {
    if (files?.length) chat.attach(pickedFrom(files))
    return (files?.length ?? 0) > 0
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {EmojiPicker && <EmojiPicker label={say('emoji')} onPick={insert} onClose={() => setPicking(false)} />}
      <div class="box">
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          maxLength={LONGEST}
          placeholder={say('write')}
          aria-label={say('write')}
          enterkeyhint="send"
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value)
            chat.typed()
          }}
          onKeyDown={(event) => {
            // While a word is still being composed, Enter chooses it.
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
            event.preventDefault()
            send()
          }}
          onPaste={(event) => {
            if (attach(event.clipboardData?.files)) event.preventDefault()
          }}
        />
        <div class="tools">
          <IconButton icon="attach" label={say('attach')} onClick={() => chooser.current?.click()} />
          <IconButton
            icon="smile"
            label={say('emoji')}
            isPressed={isPicking}
            onClick={() => setPicking(!isPicking)}
          />
          <button
            type="submit"
            class="send"
            aria-label={say('send')}
            title={say('send')}
            disabled={text.trim() === ''}
          >
            <Icon name="send" size={18} />
          </button>
        </div>
      </div>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          attach(currentTarget.files)
          currentTarget.value = ''
        }}
      />
    </form>
  )
}

function grow(field: HTMLTextAreaElement): void {
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight}px`
}
