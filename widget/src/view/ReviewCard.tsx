import { useState } from 'preact/hooks'
import type { Review } from '../core/protocol.ts'
import { useDesk } from './desk.ts'
import { Icon } from './icons.tsx'

const MARKS = [1, 2, 3, 4, 5]

/** A request for a rating. A mark is kept at once; with its words it is final. */
export function ReviewCard({ review, question }: { review: Review; question: string }) {
  const { chat, say } = useDesk()
  const [text, setText] = useState(review.text)
  const [isFailed, setFailed] = useState(false)
  const { id, mark, isConfirmed } = review
  const rate = async (answer: { mark: number; isConfirmed: boolean }) => {
    setFailed(!(await chat.rate(id, { text, ...answer })))
  }
  return (
    <div class="card review" role="group" aria-label={say('rate')}>
      <p class="card-title" dir="auto">
        {isConfirmed ? say('rated') : question || say('rate')}
      </p>
      <Stars mark={mark} onRate={isConfirmed ? null : (mark) => void rate({ mark, isConfirmed: false })} />
      {isConfirmed && review.text !== '' && (
        <p class="card-words" dir="auto">
          {review.text}
        </p>
      )}
      {!isConfirmed && mark > 0 && (
        <>
          <textarea
            rows={2}
            maxLength={2000}
            dir="auto"
            placeholder={say('rateText')}
            aria-label={say('rateText')}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
          <button type="button" class="main-button" onClick={() => void rate({ mark, isConfirmed: true })}>
            {say('rateSend')}
          </button>
        </>
      )}
      {isFailed && (
        <p class="wrong" role="alert">
          {say('cardFailed')}
        </p>
      )}
    </div>
  )
}

function Stars({ mark, onRate }: { mark: number; onRate: ((mark: number) => void) | null }) {
  const { say } = useDesk()
  if (onRate === null) {
    return (
      <div class="stars" role="img" aria-label={say('mark', { n: mark })}>
        {MARKS.map((n) => (
          <span class={n <= mark ? 'is-on' : ''}>
            <Icon name="star" size={24} />
          </span>
        ))}
      </div>
    )
  }
  return (
    <div class="stars">
      {MARKS.map((n) => (
        <button
          type="button"
          class={n <= mark ? 'is-on' : ''}
          aria-label={say('mark', { n })}
          aria-pressed={n === mark}
          onClick={() => onRate(n)}
        >
          <Icon name="star" size={24} />
        </button>
      ))}
    </div>
  )
}
