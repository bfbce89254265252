import { useEffect, useRef } from 'preact/hooks'

/** The ones that are used; a phone has all the others on its keyboard. */
const EMOJI = `
  😀 😃 😄 😁 😅 😂 🙂 😉 😊 😍 😘 😜 🤔 😐 🙄 😏
  😴 😎 🤓 😕 😟 😮 😳 🥺 😢 😭 😱 😡 🥳 🤗 🙈 👋
  👍 👎 👌 ✌️ 🤞 👏 🙌 🙏 💪 👀 ❤️ 💔 💯 ✨ 🔥 🎉
  🎁 🌹 ☀️ ⭐ ⚡ ☕ 🍕 🍰 🍺 🏠 🚗 ✈️ ⏰ 📅 📎 📦
  📷 📞 💬 💡 💳 💰 🔑 🔒 ✅ ❌ ❓ ❗ ⚠️
`
  .trim()
  .split(/\s+/)
const COLUMNS = 8

/** One stop for Tab; arrows move inside. */
export function EmojiPicker(props: { label: string; onPick: (emoji: string) => void }) {
  const grid = useRef<HTMLDivElement>(null)
  useEffect(() => grid.current?.querySelector('button')?.focus(), [])
  const onKeyDown = (event: KeyboardEvent) => {
    const { target, currentTarget, key } = event
    const forward = getComputedStyle(currentTarget as Element).direction === 'rtl' ? -1 : 1
    const steps: Record<string, number> = {
      ArrowRight: forward,
      ArrowLeft: -forward,
      ArrowDown: COLUMNS,
      ArrowUp: -COLUMNS,
    }
    const step = steps[key]
    if (step === undefined) return
    event.preventDefault()
    const buttons = [...(grid.current?.querySelectorAll('button') ?? [])]
    buttons[buttons.indexOf(target as HTMLButtonElement) + step]?.focus()
  }
  return (
    <div ref={grid} class="emoji" role="group" aria-label={props.label} onKeyDown={onKeyDown}>
      {EMOJI.map((emoji, at) => (
        <button type="button" tabIndex={at === 0 ? 0 : -1} onClick={() => props.onPick(emoji)}>
          {emoji}
        </button>
      ))}
    </div>
  )
}
