import { readableOn } from '../core/colors.ts'
import type { Identity } from '../core/protocol.ts'
import {
  keptAs,
  type Command,
  type EventName,
  type Handle,
  type Listener,
  type Look,
  type Seat,
} from './look.ts'
import css from './loader.css?inline'

/** The server puts the channel's look in its place, once. */
declare const __PARLEY_CONFIG__: Look

interface Gate {
  (...command: Command): void
  q?: ArrayLike<unknown>[]
  isLoaded?: boolean
}

interface Site {
  Parley?: Gate
  Blinger?: { launcherWidget?: { readonly isOpen: boolean } }
  blingerBeforeRender?: unknown
  customBlingerConfig?: {
    settings?: { showPowered?: boolean }
    customLivechatFields?: Record<string, unknown>
  }
}

const LABEL: Record<string, string> = { ru: 'Открыть чат', pt: 'Abrir chat', es: 'Abrir chat' }
const SVG = 'http://www.w3.org/2000/svg'

function start(look: Look, address: string): void {
  const site = window as Window & Site
  if (site.Parley?.isLoaded) return
  const { settings, customLivechatFields } = site.customBlingerConfig ?? {}
  const listeners: [EventName, Listener][] = []
  let handle: Handle | null = null
  let loading: Promise<Handle | null> | null = null
  let identity: Identity | null = customLivechatFields ? signedFields(customLivechatFields) : null

  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'open' })
  const launcher = drawLauncher(look)
  const seat = (): Seat => ({
    look,
    base: new URL('..', address).href,
    root,
    launcher,
    identity,
    isPoweredHidden: settings?.showPowered === false,
    tell: (event, fact) => {
      for (const [name, listener] of [...listeners]) if (name === event) listener(fact)
    },
  })
  const fetchPanel = () =>
    import(/* @vite-ignore */ new URL(look.panel, address).href) as Promise<{ mount(seat: Seat): Handle }>

  /** The panel takes its seat once; what could not be fetched is tried again at the next wish. */
  function load(): Promise<Handle | null> {
    loading ??= fetchPanel()
      .then((panel) => (handle = panel.mount(seat())))
      .catch(() => (loading = null))
    return loading
  }

  async function open(): Promise<void> {
    launcher.setAttribute('aria-busy', 'true')
    const there = await load()
    launcher.removeAttribute('aria-busy')
    there?.open()
  }

  const toggle = () => (handle?.isOpen() ? handle.close() : void open())
  const COMMANDS: Record<string, (first?: unknown, second?: unknown) => void> = {
    open: () => void open(),
    close: () => handle?.close(),
    toggle,
    identify: (who) => {
      identity = who as Identity
      handle?.identify(identity)
    },
    logout: () => {
      identity = null
      if (handle || isKnown(look.key)) void load().then((there) => there?.logout())
    },
    on: (event, listener) => listeners.push([event as EventName, listener as Listener]),
    off: (event, listener) => {
      const at = listeners.findIndex(([name, heard]) => name === event && heard === listener)
      if (at >= 0) listeners.splice(at, 1)
    },
  }

  const gate: Gate = (name, ...rest) => COMMANDS[name]?.(...rest)
  gate.isLoaded = true
  const early = site.Parley?.q ?? []
  site.Parley = gate
  site.Blinger = {
    ...site.Blinger,
    launcherWidget: {
      get isOpen() {
        return handle?.isOpen() ?? false
      },
    },
  }

  launcher.addEventListener('click', toggle)
  // A wish: the panel is fetched, and not mounted before it is asked for.
  for (const intent of ['pointerenter', 'focus', 'touchstart']) {
    launcher.addEventListener(intent, () => void fetchPanel().catch(() => null), {
      once: true,
      passive: true,
    })
  }
  const place = () => host.isConnected || document.body.append(host)
  whenBody(() => {
    if (typeof site.blingerBeforeRender === 'function') site.blingerBeforeRender()
    root.append(launcher)
    place()
    // Some sites replace the whole body when they turn a page.
    new MutationObserver(() => document.body && place()).observe(document.documentElement, {
      childList: true,
    })
    for (const command of early) gate(...(Array.from(command) as Command))
    if (isKnown(look.key)) whenIdle(() => void load())
  })

  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [sheet]
}

/** Whether somebody has written here before: only then is there anything to listen for. */
function isKnown(key: string): boolean {
  try {
    return /"spoken":true/.test(localStorage.getItem(keptAs(key)) ?? '')
  } catch {
    return false
  }
}

function signedFields({ sign, ...fields }: Record<string, unknown>): Identity {
  return { fields: Object.entries(fields).map(([name, value]) => ({ name, value })), sign: String(sign) }
}

function drawLauncher({ color, position }: Look): HTMLButtonElement {
  const launcher = document.createElement('button')
  const language = (document.documentElement.lang || navigator.language).slice(0, 2)
  launcher.type = 'button'
  launcher.className = `launcher ${position}`
  launcher.setAttribute('aria-label', LABEL[language] ?? 'Open chat')
  launcher.setAttribute('aria-expanded', 'false')
  launcher.style.setProperty('--brand', color)
  launcher.style.setProperty('--on-brand', readableOn(color))
  const icon = document.createElementNS(SVG, 'svg')
  const path = document.createElementNS(SVG, 'path')
  icon.setAttribute('viewBox', '0 0 24 24')
  icon.setAttribute('aria-hidden', 'true')
  path.setAttribute('d', 'M7.9 20A9 9 0 1 0 4 16.1L2 22Z')
  icon.append(path)
  launcher.append(icon)
  return launcher
}

function whenBody(run: () => void): void {
  if (document.body) run()
  else document.addEventListener('DOMContentLoaded', run, { once: true })
}

function whenIdle(run: () => void): void {
  const idle = () => (window.requestIdleCallback ?? setTimeout)(run)
  if (document.readyState === 'complete') idle()
  else addEventListener('load', idle, { once: true })
}

const script = document.currentScript
if (script instanceof HTMLScriptElement && script.src !== '') start(__PARLEY_CONFIG__, script.src)
