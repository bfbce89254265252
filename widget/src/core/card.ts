import type { Card, CardField, State, Visitor, Widget } from './protocol.ts'

/** Whether the visitor is to be asked who they are before they write. */
export function isCardDue(widget: Widget, visitor: Visitor, state: State): boolean {
  const { when, fields, required } = widget.card
  if (when === 'never' || fields.length === 0 || visitor.isVerified) return false
  if (when === 'offline' && isTeamThere(widget, state)) return false
  const wanted = required.length > 0 ? required : fields
  const isMissing = (field: CardField) => (visitor[field] ?? '') === ''
  return required.length > 0 ? wanted.some(isMissing) : wanted.every(isMissing)
}

/** With business hours they decide; without them, whether somebody is there. */
export function isTeamThere(widget: Widget, state: State): boolean {
  return widget.hours === null ? state.isTeamOnline : widget.hours.isOpen
}

/** The fields of a card that cannot be right. */
export function faultsOf(card: Card, required: CardField[]): CardField[] {
  const isWrong: Record<CardField, (value: string) => boolean> = {
    name: () => false,
    email: (value) => !/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value),
    phone: (value) => value.replace(/\D/g, '').length < 5,
  }
  return (['name', 'email', 'phone'] as const).filter((field) => {
    const value = card[field]?.trim() ?? ''
    return value === '' ? required.includes(field) : isWrong[field](value)
  })
}
