import { render } from 'preact'
import { createChat, type Chat } from '../core/chat.ts'
import type { Clock, Ports } from '../core/ports.ts'
import type { Snapshot } from '../core/snapshot.ts'
import type { Desk } from '../view/desk.ts'
import { Panel } from '../view/Panel.tsx'
import { createTimes } from '../view/times.ts'
import { createSay, loadWords, localeOf, pickLanguage } from '../view/words.ts'
import { en } from '../view/words/en.ts'
import { createFrame } from './frame.ts'
import { createKeep, type BrowserKeep } from './keep.ts'
import { createLaunch } from './launch.ts'
import type { Handle, Seat } from './look.ts'
import { watchPage } from './page.ts'
import { createServer } from './server.ts'
import { createSound } from './sound.ts'
import { createStage, type Stage } from './stage.ts'
import { pageNow, showInTitle } from './title.ts'

const clock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}

const ENGLISH = createSay(en, 'en')

/** Puts the panel beside the launcher and brings it to life. Called once, by the loader. */
export function mount(seat: Seat): Handle {
  const { look, launcher, tell } = seat
  const language = pickLanguage([document.documentElement.lang, ...navigator.languages])
  const keep = createKeep(look.key)
  const sound = createSound()
  const chat = createChat(portsOf(seat, keep), {
    widgetKey: look.key,
    language,
    page: pageNow,
    heard({ id, text, author }) {
      tell('message', { id, text, author: author.name })
      if (!stage.isWatched() && !keep.isMuted()) sound.play()
    },
  })
  const stage = createStage(chat, keep, tell)
  show({ seat, chat, stage, language })
  listen(chat, stage, keep)
  if (seat.identity) chat.identify(seat.identity)
  if (keep.token() !== null) chat.begin()
  return {
    isOpen: () => stage.scene.get().isOpen,
    open: stage.open,
    close() {
      const { activeElement } = seat.root
      stage.close()
      if (activeElement) launcher.focus()
    },
    identify: chat.identify,
    logout: chat.logout,
  }
}

function portsOf({ base, look }: Seat, keep: BrowserKeep): Ports {
  return {
    clock,
    keep,
    server: createServer(base, look.key),
    random: Math.random,
    newId: newId,
  }
}

/** `randomUUID` is for secure pages only, and shops on plain http still exist. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [0, 8, 12, 16, 20].map((from, at, all) => hex.slice(from, all[at + 1])).join('-')
}

interface Show {
  seat: Seat
  chat: Chat
  stage: Stage
  language: ReturnType<typeof pickLanguage>
}

/** Draws what there is whenever it changes. */
function show({ seat, chat, stage, language }: Show): void {
  const { look, launcher, tell } = seat
  const frame = createFrame(seat, language)
  const launch = createLaunch(launcher)
  const locale = localeOf(language, [...navigator.languages])
  const times = createTimes(locale, clock.now)
  let desk: Omit<Desk, 'show'> | null = null
  let last: Snapshot = chat.screen.get()
  let wasOpen = false

  function leave(): void {
    stage.close()
    launcher.focus()
  }

  function draw(): void {
    const scene = stage.scene.get()
    launch.show({ unread: last.unread, isOpen: scene.isOpen, say: desk?.say ?? ENGLISH })
    if (scene.isOpen !== wasOpen) frame.show(scene.isOpen)
    wasOpen = scene.isOpen
    if (desk === null) return
    const isPoweredShown = last.widget?.isPoweredShown ?? look.isPoweredShown
    render(
      <Panel
        desk={desk}
        snapshot={last}
        scene={scene}
        isPoweredShown={isPoweredShown && !seat.isPoweredHidden}
        onMute={stage.mute}
        onClose={leave}
      />,
      frame.element,
    )
  }

  function changed(): void {
    const before = last
    last = chat.screen.get()
    stage.follow(before, last)
    if (last.widget && last.widget.color !== before.widget?.color) frame.paint(last.widget.color)
    if (last.phase === 'ready' && before.phase !== 'ready') {
      tell('ready', { isVerified: last.visitor?.isVerified, identityRefused: last.identityRefused })
    }
    if (last.unread !== before.unread) {
      showInTitle(last.unread)
      tell('unread', last.unread)
    }
    draw()
  }

  frame.paint(look.color)
  // On the frame: the focus may be on it, before there is anything in it or while there is nothing to write in.
  frame.element.addEventListener('keydown', ({ key, isComposing }) => {
    if (key === 'Escape' && !isComposing) leave()
  })
  chat.screen.subscribe(changed)
  stage.scene.subscribe(draw)
  void loadWords(language).then((words) => {
    desk = { chat, say: createSay(words, language), times, locale, now: clock.now }
    draw()
  })
}

/** What a browser says about networks, tabs and windows. */
function listen(chat: Chat, stage: Stage, keep: BrowserKeep): void {
  const look = () => {
    stage.look()
    showInTitle(chat.screen.get().unread)
  }
  watchPage((page) => chat.visit(page))
  keep.onElsewhere(() => chat.keptElsewhere())
  for (const event of ['focus', 'blur']) addEventListener(event, look)
  for (const event of ['online', 'offline', 'pageshow']) addEventListener(event, () => chat.wake())
  document.addEventListener('visibilitychange', () => {
    look()
    if (!document.hidden) chat.wake()
  })
}
