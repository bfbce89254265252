export const PRESENCE_STATES = ['online', 'away', 'offline'] as const
/** Whether an operator is there; `away`: there, and busy with something else. */
export type PresenceState = (typeof PRESENCE_STATES)[number]

/** Of several places the one where somebody is most there. */
export function mostPresent(states: Iterable<PresenceState>): PresenceState {
  const given = new Set(states)
  return PRESENCE_STATES.find((state) => given.has(state)) ?? 'offline'
}
