import type { Place } from '../../domain/event-log.ts'

/** An event that was read: so many tries of it are not made yet. */
export interface Step {
  readonly place: Place
  open: number
}

/** How far a log was told, when what was read is tried in another order. */
export interface Trail {
  /** Everything up to here was tried. */
  place(): Place
  /** How many events were read beyond it. */
  length(): number
  add(place: Place, open: number): Step
  /** One try of it was made. */
  tick(step: Step): void
}

export function createTrail(start: Place): Trail {
  let steps: Step[] = []
  let first = 0
  let place = start

  function moveOn(): void {
    for (let step = steps[first]; step?.open === 0; step = steps[first]) {
      place = step.place
      first += 1
    }
    if (first * 2 > steps.length) {
      steps = steps.slice(first)
      first = 0
    }
  }

  return {
    place: () => place,
    length: () => steps.length - first,
    add: (at, open) => {
      const step = { place: at, open }
      steps.push(step)
      moveOn()
      return step
    },
    tick: (step) => {
      step.open -= 1
      moveOn()
    },
  }
}
