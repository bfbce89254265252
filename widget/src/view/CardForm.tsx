import { useEffect, useRef, useState } from 'preact/hooks'
import { faultsOf } from '../core/card.ts'
import type { Card, CardField, Visitor, Widget } from '../core/protocol.ts'
import { useDesk } from './desk.ts'
import type { WordKey } from './words/en.ts'

const KINDS = { name: 'text', email: 'email', phone: 'tel' } as const
const FILLS = { name: 'name', email: 'email', phone: 'tel' } as const
const WRONG: Record<CardField, WordKey> = { name: 'wrongName', email: 'wrongEmail', phone: 'wrongPhone' }

/** Who are you? Asked instead of the composer, until it is answered or, where nothing is required, put off. */
export function CardForm(props: { widget: Widget; visitor: Visitor; focusAt: number; onSkip: () => void }) {
  const { chat, say } = useDesk()
  const { when, fields, required } = props.widget.card
  const [card, setCard] = useState<Card>(() => valuesOf(props.visitor, fields))
  const [faults, setFaults] = useState<CardField[]>([])
  const [state, setState] = useState<'open' | 'saving' | 'failed'>('open')
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (props.focusAt > 0) form.current?.querySelector('input')?.focus()
  }, [props.focusAt])

  const save = async () => {
    const wrong = faultsOf(card, required).filter((field) => fields.includes(field))
    setFaults(wrong)
    if (wrong.length > 0) return form.current?.querySelector<HTMLInputElement>(`[name=${wrong[0]}]`)?.focus()
    const filled = Object.entries(card).filter(([, value]) => value.trim() !== '')
    if (filled.length === 0) return props.onSkip()
    setState('saving')
    const isSaved = await chat.saveCard(
      Object.fromEntries(filled.map(([field, value]) => [field, value.trim()])),
    )
    setState(isSaved ? 'open' : 'failed')
    if (isSaved) props.onSkip()
  }

  return (
    <form
      ref={form}
      class="card-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <p class="card-title">{say(when === 'offline' ? 'cardOffline' : 'cardBefore')}</p>
      {fields.map((field) => (
        <label key={field}>
          <span class="label">
            {say(field)}
            {!required.includes(field) && <small> ({say('optional')})</small>}
          </span>
          <input
            name={field}
            type={KINDS[field]}
            list={undefined}
            autocomplete={FILLS[field]}
            dir="auto"
            maxLength={200}
            required={required.includes(field)}
            aria-invalid={faults.includes(field)}
            value={card[field] ?? ''}
            onInput={({ currentTarget }) => {
              setCard({ ...card, [field]: currentTarget.value })
              setFaults(faults.filter((fault) => fault !== field))
            }}
          />
          {faults.includes(field) && (
            <span class="wrong" role="alert">
              {say(WRONG[field])}
            </span>
          )}
        </label>
      ))}
      {state === 'failed' && (
        <p class="wrong" role="alert">
          {say('cardFailed')}
        </p>
      )}
      <div class="card-actions">
        {required.length === 0 && (
          <button type="button" class="quiet-button" onClick={props.onSkip}>
            {say('cardSkip')}
          </button>
        )}
        <button type="submit" class="main-button" disabled={state === 'saving'}>
          {say(when === 'offline' ? 'cardSave' : 'cardStart')}
        </button>
      </div>
    </form>
  )
}

function valuesOf(visitor: Visitor, fields: CardField[]): Card {
  return Object.fromEntries(fields.map((field) => [field, visitor[field] ?? '']))
}
