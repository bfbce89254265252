import { createGate, signedFields, type Door, type Site } from './gate.ts'
import { drawLauncher } from './launcher.ts'
import css from './loader.css?inline'
import { keptAs, type Command, type Handle, type Look, type Seat } from './look.ts'

/** The server puts the channel's look in its place, once. */
declare const __PARLEY_CONFIG__: Look

function start(look: Look, address: string): void {
  const site = window as Window & Site
  if (site.Parley?.isLoaded) return
  const { settings, customLivechatFields } = site.customBlingerConfig ?? {}
  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'open' })
  const launcher = drawLauncher(look)
  const fetchPanel = () =>
    import(/* @vite-ignore */ new URL(look.panel, address).href) as Promise<{ mount(seat: Seat): Handle }>
  let loading: Promise<Handle | null> | null = null

  const door: Door = {
    handle: null,
    identity: customLivechatFields ? signedFields(customLivechatFields) : null,
    listeners: [],
    isKnown,
    open: () => void open(),
    /** The panel takes its seat once; what could not be fetched is tried again at the next wish. */
    load() {
      loading ??= fetchPanel()
        .then((panel) => (door.handle = panel.mount(seat())))
        .catch(() => (loading = null))
      return loading
    },
  }
  const seat = (): Seat => ({
    look,
    base: new URL('..', address).href,
    root,
    launcher,
    identity: door.identity,
    isPoweredHidden: settings?.showPowered === false,
    tell: (event, fact) => {
      for (const [name, listener] of [...door.listeners]) if (name === event) listener(fact)
    },
  })

  async function open(): Promise<void> {
    launcher.setAttribute('aria-busy', 'true')
    const handle = await door.load()
    launcher.removeAttribute('aria-busy')
    handle?.open()
  }

  const early = site.Parley?.q ?? []
  const gate = (site.Parley = createGate(look, door))
  const launcherWidget = {
    get isOpen() {
      return door.handle?.isOpen() ?? false
    },
  }
  site.Blinger = { ...site.Blinger, launcherWidget }
  launcher.addEventListener('click', () => gate('toggle'))
  // A wish: the panel is fetched, and not mounted before it is asked for.
  const prepare = () => void fetchPanel().catch(() => null)
  for (const intent of ['pointerenter', 'focus', 'touchstart']) {
    launcher.addEventListener(intent, prepare, { once: true, passive: true })
  }
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets = [sheet]
  root.append(launcher)
  whenBody(() => {
    if (typeof site.blingerBeforeRender === 'function') site.blingerBeforeRender()
    stay(host)
    for (const command of early) gate(...(Array.from(command) as Command))
    if (isKnown(look)) whenIdle(() => void door.load())
  })
}

/** Some sites replace the whole body when they turn a page. */
function stay(host: HTMLElement): void {
  const place = () => {
    if (!host.isConnected) document.body?.append(host)
  }
  place()
  new MutationObserver(place).observe(document.documentElement, { childList: true })
}

/** Whether somebody has written here before: only then is there anything to listen for. */
function isKnown({ key }: Look): boolean {
  try {
    return /"spoken":true/.test(localStorage.getItem(keptAs(key)) ?? '')
  } catch {
    return false
  }
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
