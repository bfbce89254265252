import { refuse } from '../../domain/errors.ts'
import { isTimeZone } from '../../domain/open-hours.ts'
import type { OpenHours, WidgetSettings } from '../../domain/widget.ts'
import { unstorablePath } from '../../platform/text.ts'
import type { GivenWidget } from './schema/widget.ts'

const COLOR = /^#[0-9a-f]{6}$/
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/
const ANY_PORT = ':*'

/** Refuses `invalid` for an origin, color, time or time zone that is none. */
export function acceptWidget(given: GivenWidget): Partial<WidgetSettings> {
  const bad = unstorablePath(given)
  if (bad !== null) fault(bad, 'has characters that cannot be stored')
  const { allowedOrigins, color, hours, card } = given
  if (hours) mustBeHours(hours)
  if (card && !card.required.every((field) => card.fields.includes(field)))
    fault('card.required', 'names what is not among the fields')
  return {
    ...(given as Partial<WidgetSettings>),
    ...(allowedOrigins && { allowedOrigins: [...new Set(allowedOrigins.map(acceptOrigin))] }),
    ...(color !== undefined && { color: acceptColor(color) }),
  }
}

/** As a browser writes it in `Origin`. */
function acceptOrigin(text: string): string {
  const host = text.endsWith(ANY_PORT) ? text.slice(0, -ANY_PORT.length) : text
  const url = URL.parse(host)
  const isOrigin =
    url && /^https?:$/.test(url.protocol) && `${url.origin}/` === `${host.toLowerCase().replace(/\/$/, '')}/`
  if (!isOrigin || (host !== text && url.port !== ''))
    return fault('allowedOrigins', 'has what is no origin, such as https://shop.example')
  return url.origin + (host === text ? '' : ANY_PORT)
}

function acceptColor(text: string): string {
  const color = text.toLowerCase()
  return COLOR.test(color) ? color : fault('color', 'is no color such as #2f5bea')
}

function mustBeHours({ timeZone, days }: { timeZone: string; days: OpenHours[] }): void {
  if (!isTimeZone(timeZone)) fault('hours.timeZone', 'is no time zone such as Europe/Oslo')
  for (const { from, to } of days)
    if (!TIME.test(from) || !(TIME.test(to) || to === '24:00') || from >= to)
      fault('hours.days', 'has times that are not HH:MM, or that end before they begin')
}

function fault(field: string, what: string): never {
  return refuse('invalid', { field: `widget.${field}`, reason: `widget.${field} ${what}.` })
}
