import { render } from 'preact'
import { createChat, type Chat } from '../core/chat.ts'
import { readableOn } from '../core/colors.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { Panel } from '../view/Panel.tsx'
import { createTimes } from '../view/times.ts'
import { createSay, loadWords, localeOf, pickLanguage, type Say } from '../view/words.ts'
import { en } from '../view/words/en.ts'
import { createKeep } from './keep.ts'
import { createLaunch } from './launch.ts'
import type { Handle, Seat } from './look.ts'
import { watchPage } from './page.ts'
import css from '../view/panel.css?inline'
import { createServer } from './server.ts'
import { createSound } from './sound.ts'
import { pageNow, showInTitle } from './title.ts'
import { followViewport, holdPage, isPhone } from './viewport.ts'

const RTL = /^(ar|fa|he|ur|ps|sd|ug|yi|dv|ckb)\b/i

/** Puts the panel beside the launcher and brings it to life. Called once, by the loader. */
export function mount(seat: Seat): Handle {
  const { look, root, launcher, base, tell } = seat
  const asked = [document.documentElement.lang, ...navigator.languages].filter((tag) => tag !== '')
  const language = pickLanguage(asked)
  const locale = localeOf(language, [...navigator.languages])
  const keep = createKeep(look.key)
  const sound = createSound()
  const clock = {
    now: () => Date.now(),
    after(milliseconds: number, run: () => void) {
      const timer = setTimeout(run, milliseconds)
      return () => clearTimeout(timer)
    },
  }
  const chat: Chat = createChat(
    {
      clock,
      keep,
      server: createServer(base, look.key),
      random: Math.random,
      newId: () => crypto.randomUUID(),
    },
    {
      widgetKey: look.key,
      language,
      page: pageNow,
      heard(message) {
        tell('message', { id: message.id, text: message.text, author: message.author.name })
        if (!isWatched() && !keep.isMuted()) sound.play()
      },
    },
  )

  let isOpen = false
  let say: Say = createSay(en, 'en')
  let isSpoken = false
  let focusAt = 0
  let newAfter: number | null = null
  let last: Snapshot = chat.screen.get()
  let release: (() => void)[] = []

  const panel = document.createElement('div')
  panel.className = `panel ${look.position}`
  panel.hidden = true
  panel.dir = document.documentElement.dir || (RTL.test(document.documentElement.lang) ? 'rtl' : 'ltr')
  panel.lang = language
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
  root.append(panel)
  const launch = createLaunch(launcher)
  paint(look.color)

  function paint(color: string): void {
    for (const part of [panel, launcher]) {
      part.style.setProperty('--brand', color)
      part.style.setProperty('--on-brand', readableOn(color))
    }
  }

  function isWatched(): boolean {
    return isOpen && !document.hidden && document.hasFocus()
  }

  function draw(): void {
    if (!isSpoken) return
    const { widget } = last
    render(
      <Panel
        desk={{ chat, say, times: createTimes(locale, clock.now), locale, now: clock.now }}
        snapshot={last}
        name={look.name}
        isOpen={isOpen}
        isMuted={keep.isMuted()}
        isPoweredShown={(widget?.isPoweredShown ?? look.isPoweredShown) && !seat.isPoweredHidden}
        newAfter={newAfter}
        focusAt={focusAt}
        onMute={() => {
          keep.mute(!keep.isMuted())
          draw()
        }}
        onClose={() => close(true)}
      />,
      panel,
    )
  }

  function changed(): void {
    const before = last
    last = chat.screen.get()
    if (last.widget && last.widget.color !== before.widget?.color) paint(last.widget.color)
    if (last.unread !== before.unread) {
      launch.show({ unread: last.unread, isOpen, say })
      showInTitle(last.unread)
      tell('unread', last.unread)
    }
    if (last.phase === 'ready' && before.phase !== 'ready') tell('ready')
    if (isOpen && !isWatched() && newAfter === null && last.unread > 0 && before.unread === 0)
      newAfter = readSoFar()
    if (newAfter !== null && last.drafts.length > before.drafts.length) newAfter = null
    draw()
  }

  const readSoFar = () => last.state?.readSeq ?? null

  function open(): void {
    if (isOpen) return
    isOpen = true
    if (last.phase === 'idle') chat.begin()
    newAfter = last.unread > 0 ? readSoFar() : null
    panel.hidden = false
    // On a phone the keyboard would cover what one came to read.
    if (!matchMedia('(pointer: coarse)').matches) focusAt += 1
    else panel.focus()
    release = isPhone() ? [followViewport(panel), holdPage()] : []
    launch.show({ unread: last.unread, isOpen, say })
    draw()
    look_()
    tell('open')
  }

  function close(isReturning: boolean): void {
    if (!isOpen) return
    isOpen = false
    panel.hidden = true
    newAfter = null
    for (const free of release) free()
    launch.show({ unread: last.unread, isOpen, say })
    if (isReturning) launcher.focus()
    draw()
    look_()
    tell('close')
  }

  function look_(): void {
    chat.watch(isWatched())
    showInTitle(last.unread)
  }

  chat.screen.subscribe(changed)
  void loadWords(language).then((words) => {
    say = createSay(words, language)
    isSpoken = true
    launch.show({ unread: last.unread, isOpen, say })
    draw()
  })
  watchPage((page) => chat.visit(page))
  keep.onElsewhere(() => chat.keptElsewhere())
  for (const event of ['focus', 'blur']) addEventListener(event, look_)
  document.addEventListener('visibilitychange', () => {
    look_()
    if (!document.hidden) chat.wake()
  })
  for (const event of ['online', 'offline', 'pageshow']) addEventListener(event, () => chat.wake())
  if (seat.identity) chat.identify(seat.identity)
  if (keep.token() !== null) chat.begin()

  return {
    isOpen: () => isOpen,
    open,
    close: () => close(root.activeElement !== null && root.activeElement !== launcher),
    identify: chat.identify,
    logout: chat.logout,
  }
}
