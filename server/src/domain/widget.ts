/** The languages that the widget speaks. */
export const WIDGET_LANGUAGES = ['en', 'ru', 'pt-BR', 'es'] as const
export type WidgetLanguage = (typeof WIDGET_LANGUAGES)[number]

export const CARD_FIELDS = ['name', 'email', 'phone'] as const
export type CardField = (typeof CARD_FIELDS)[number]

/** When a visitor is asked who they are: never, before the first message, or only while the team is away. */
export const CARD_MOMENTS = ['never', 'before', 'offline'] as const
export type CardMoment = (typeof CARD_MOMENTS)[number]

/** How long answers usually take, as the account says. */
export const REPLY_TIMES = ['minutes', 'hours', 'day'] as const
export type ReplyTime = (typeof REPLY_TIMES)[number]

/** What the widget says; null leaves it to the widget's own words. */
export interface WidgetTexts {
  title: string | null
  welcome: string | null
  offline: string | null
}

/** Hours of one day of the week, `HH:MM`; Monday is 1. `to` may be `24:00`. */
export interface OpenHours {
  day: number
  from: string
  to: string
}

/** A web chat as its account has set it up. */
export interface WidgetSettings {
  /** Pages that may use the channel: origins, any port written `*`; none for any page. */
  allowedOrigins: string[]
  /** `#rrggbb`. */
  color: string
  position: 'right' | 'left'
  isPoweredShown: boolean
  texts: WidgetTexts & { byLanguage: Partial<Record<WidgetLanguage, WidgetTexts>> }
  card: { when: CardMoment; fields: CardField[]; required: CardField[] }
  replyTime: ReplyTime | null
  /** Null: the team is there when somebody is. */
  hours: { timeZone: string; days: OpenHours[] } | null
  /** Nobody but visitors with a verified identity is let in. */
  isIdentityRequired: boolean
}

const NO_TEXTS: WidgetTexts = { title: null, welcome: null, offline: null }

export const DEFAULT_WIDGET: WidgetSettings = {
  allowedOrigins: [],
  color: '#2f5bea',
  position: 'right',
  isPoweredShown: true,
  texts: { ...NO_TEXTS, byLanguage: {} },
  card: { when: 'never', fields: ['name', 'email'], required: [] },
  replyTime: null,
  hours: null,
  isIdentityRequired: false,
}

/** What is stored, which may know less than there is by now, with defaults for the rest. */
export function withDefaults(stored: Partial<WidgetSettings> | null): WidgetSettings {
  return { ...DEFAULT_WIDGET, ...stored }
}

/** The texts in a visitor's language, as far as the channel has them in it. */
export function textsIn({ texts }: WidgetSettings, language: string | null): WidgetTexts {
  const { byLanguage, ...general } = texts
  const own = byLanguage[widgetLanguage(language) ?? 'en'] ?? NO_TEXTS
  return {
    title: own.title ?? general.title,
    welcome: own.welcome ?? general.welcome,
    offline: own.offline ?? general.offline,
  }
}

/** The widget's language for a BCP 47 tag: all Portuguese is Brazilian here. Null for one it does not speak. */
export function widgetLanguage(tag: string | null): WidgetLanguage | null {
  const primary = tag?.toLowerCase().split('-')[0]
  if (primary === 'pt') return 'pt-BR'
  return WIDGET_LANGUAGES.find((language) => language === primary) ?? null
}

/** Whether a page of that origin may use the channel. Null is a client that names none: no page of another site, since browsers name it. */
export function mayUse(
  { allowedOrigins }: Pick<WidgetSettings, 'allowedOrigins'>,
  origin: string | null,
): boolean {
  if (allowedOrigins.length === 0 || origin === null) return true
  return allowedOrigins.some((allowed) =>
    allowed.endsWith(':*') ? hasAnyPort(origin, allowed.slice(0, -2)) : origin === allowed,
  )
}

const hasAnyPort = (origin: string, host: string) =>
  origin === host || (origin.startsWith(`${host}:`) && /^\d{1,5}$/.test(origin.slice(host.length + 1)))
