import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useDesk } from './desk.ts'
import { Icon, IconButton } from './icons.tsx'
import { usePart } from './lazy.ts'
import { pickedFrom } from './picked.ts'

/** As long as the server takes. */
const LONGEST = 10_000
const fetchEmoji = () => import('./EmojiPicker.tsx').then(({ EmojiPicker }) => EmojiPicker)

/** Where one writes. */
export function Composer({ focusAt }: { focusAt: number }) {
  const { chat, say } = useDesk()
  const [text, setText] = useState('')
  const [isPicking, setPicking] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const EmojiPicker = usePart(isPicking, fetchEmoji)

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
    const [from, to] = [
      field.current?.selectionStart ?? text.length,
      field.current?.selectionEnd ?? text.length,
    ]
    setText(text.slice(0, from) + emoji + text.slice(to))
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(from + emoji.length, from + emoji.length)
    })
  }

  return (
    <form
      class="composer"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isPicking) return
        event.stopPropagation()
        setPicking(false)
        field.current?.focus()
      }}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {EmojiPicker && <EmojiPicker label={say('emoji')} onPick={insert} />}
      <div class="box">
        <Field field={field} text={text} onText={setText} onSend={send} />
        <div class="tools">
          <FileButton />
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
    </form>
  )
}

interface FieldProps {
  field: RefObject<HTMLTextAreaElement | null>
  text: string
  onText(text: string): void
  onSend(): void
}

/** Grows with its words. Enter sends, Shift and Enter begin a line. */
function Field({ field, text, onText, onSend }: FieldProps) {
  const { chat, say } = useDesk()
  useLayoutEffect(() => {
    if (field.current) grow(field.current)
  }, [text])
  return (
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
        onText(currentTarget.value)
        chat.typed()
      }}
      onKeyDown={(event) => {
        // While a word is still being composed, Enter chooses it.
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
        event.preventDefault()
        onSend()
      }}
      onPaste={(event) => {
        const files = event.clipboardData?.files
        if (!files?.length) return
        event.preventDefault()
        chat.attach(pickedFrom(files))
      }}
    />
  )
}

function FileButton() {
  const { chat, say } = useDesk()
  const chooser = useRef<HTMLInputElement>(null)
  return (
    <>
      <IconButton icon="attach" label={say('attach')} onClick={() => chooser.current?.click()} />
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          if (currentTarget.files) chat.attach(pickedFrom(currentTarget.files))
          currentTarget.value = ''
        }}
      />
    </>
  )
}

function grow(field: HTMLTextAreaElement): void {
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight}px`
}
